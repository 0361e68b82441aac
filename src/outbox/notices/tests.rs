//! Notices on their way: a letter to a server that speaks SMTP, posts as each service wants them, what fails and is tried again.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use url::Url;

use super::mail::Smtp;
use super::*;
use crate::ambient::{SimulatedClock, SystemRandom};
use crate::domain::ids::{ChannelId, NoticeId};
use crate::domain::notice::{ChannelKind, MailSecurity, Topic};
use crate::net::resolve::{Lookup, LookupError};
use crate::outbox::format::Post;
use crate::outbox::transport::{Reply, SendError};
use crate::store::Options;

const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

struct Here;

impl Lookup for Here {
    fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        Box::pin(std::future::ready(Ok(vec![Ipv4Addr::LOCALHOST.into()])))
    }
}

struct Plain;

impl Words for Plain {
    fn of(&self, notice: &Notice, _: Option<&str>) -> Said {
        Said {
            title: format!("Bezahlt: {} ✓", notice.fact("amount")),
            text: "Zeile eins\n.Zeile zwei".to_owned(),
        }
    }
}

/// Answers every post with the next of these statuses, and keeps what came.
#[derive(Default)]
struct Service {
    statuses: Mutex<Vec<u16>>,
    posts: Mutex<Vec<(Url, Post)>>,
}

impl Transport for Service {
    fn send(&self, url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
        self.posts.lock().unwrap().push((url, post));
        let status = self.statuses.lock().unwrap().pop().unwrap_or(200);
        Box::pin(std::future::ready(Ok(Reply {
            status,
            retry_after: None,
            body: Box::pin(std::future::ready(b"chat not found".to_vec())),
        })))
    }
}

/// One conversation as RFC 5321 has it; gives the lines that the client said.
async fn one_letter(listener: TcpListener) -> Vec<String> {
    let (stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.into_split();
    let (mut lines, mut said, mut is_data) = (BufReader::new(read).lines(), Vec::new(), false);
    write.write_all(b"220 mail.example\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let reply = match line.get(..4).unwrap_or_default() {
            _ if is_data && line != "." => "",
            "DATA" => "354 go on\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        is_data = reply.is_empty() || reply.starts_with("354");
        said.push(line);
        if !reply.is_empty() {
            write.write_all(reply.as_bytes()).await.unwrap();
        }
    }
    said
}

fn notice(topic: Topic) -> Notice {
    Notice {
        id: NoticeId::new(7),
        channel: ChannelId::new(3),
        topic,
        subject: "PAY-2027-000001".to_owned(),
        facts: vec![("amount".to_owned(), "12.5 USDT".to_owned())],
        state: NoticeState::Pending,
        attempts: 0,
        error: None,
        made_at: NOW,
    }
}

fn channel(kind: ChannelKind) -> Channel {
    Channel {
        id: ChannelId::new(0),
        kind,
        name: "mine".to_owned(),
        topics: vec![Topic::Paid],
        shop: None,
        quiet: None,
        language: None,
        created_at: NOW,
        disabled_at: None,
    }
}

struct Stage {
    notifier: Notifier,
    service: Arc<Service>,
    clock: Arc<SimulatedClock>,
    _directory: tempfile::TempDir,
}

fn stage() -> Stage {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let (service, clock) = (
        Arc::new(Service::default()),
        Arc::new(SimulatedClock::starting_at(NOW)),
    );
    let guard = Guard { allow_private: true };
    let notifier = Notifier {
        database,
        clock: clock.clone(),
        posts: service.clone(),
        letters: Arc::new(Smtp::new(Arc::new(Here), guard)),
        guard,
        words: Arc::new(Plain),
    };
    Stage {
        notifier,
        service,
        clock,
        _directory: directory,
    }
}

#[tokio::test]
async fn a_letter_reaches_its_server_with_title_and_text_in_any_script() {
    let stage = stage();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = tokio::spawn(one_letter(listener));
    let to = Destination::Email {
        host: "mail.example".to_owned(),
        port,
        security: MailSecurity::Plain,
        user: String::new(),
        password: String::new(),
        from: "payd <payd@shop.example>".to_owned(),
        to: "me@shop.example".to_owned(),
    };
    let (own, paid) = (channel(ChannelKind::Email), notice(Topic::Paid));
    stage.notifier.send(&own, to, &paid).await.unwrap();
    let said = received.await.unwrap();
    for line in [
        "MAIL FROM:<payd@shop.example>",
        "RCPT TO:<me@shop.example>",
        "To: me@shop.example",
    ] {
        assert!(said.iter().any(|own| own.starts_with(line)), "{line}: {said:?}");
    }
    let subject = said.iter().find(|line| line.starts_with("Subject: ")).unwrap();
    assert!(subject.contains("=?utf-8?"), "{subject}");
    assert!(
        said.iter().any(|line| line == "..Zeile zwei"),
        "a dot is doubled: {said:?}"
    );
}

/// Says what would be a header of its own, and what would end the letter and begin another.
struct Evil;

impl Words for Evil {
    fn of(&self, _: &Notice, _: Option<&str>) -> Said {
        Said {
            title: "Paid\r\nBcc: eve@example.com\r\n\r\nbody \u{1b}[31m\u{202e}".to_owned(),
            text: "one\r\n.\r\nMAIL FROM:<eve@example.com>\r\n.\nDATA".to_owned(),
        }
    }
}

#[tokio::test]
async fn no_text_of_a_letter_makes_a_header_or_a_command() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let destination = Destination::Email {
        host: "mail.example".to_owned(),
        port: listener.local_addr().unwrap().port(),
        security: MailSecurity::Plain,
        user: String::new(),
        password: String::new(),
        from: "payd@example.com".to_owned(),
        to: "me@example.com".to_owned(),
    };
    let serving = tokio::spawn(one_letter(listener));
    let mut stage = stage();
    stage.notifier.words = Arc::new(Evil);
    let channel = channel(ChannelKind::Email);
    stage
        .notifier
        .send(&channel, destination, &notice(Topic::Paid))
        .await
        .unwrap();
    let lines = serving.await.unwrap();
    let begin = lines.iter().position(|line| line == "DATA").unwrap();
    assert_eq!(lines[..begin].len(), 3, "{lines:#?}");
    let letter = &lines[begin + 1..];
    let end = letter.iter().position(|line| line == ".").unwrap();
    assert_eq!(letter[end + 1..], ["QUIT"], "{lines:#?}");
    let empty = letter.iter().position(String::is_empty).unwrap();
    let (head, body) = letter[..end].split_at(empty);
    assert_eq!(
        body[1..],
        ["one", "..", "MAIL FROM:<eve@example.com>", "..", "DATA"]
    );
    let words = head.iter().flat_map(|line| line.split("=?utf-8?b?").skip(1));
    let title = words.map(|word| STANDARD.decode(word.split("?=").next().unwrap()).unwrap());
    let title = String::from_utf8(title.collect::<Vec<_>>().concat()).unwrap();
    assert_eq!(title, "\u{fffd}[31m\u{fffd}");
    let subject = "Subject: Paid Bcc: eve@example.com body ";
    assert!(head.iter().any(|line| line.starts_with(subject)), "{lines:#?}");
    assert!(!head.iter().any(|line| line.starts_with("Bcc")), "{lines:#?}");
}

#[tokio::test]
async fn a_password_goes_to_another_machine_over_tls_only_and_no_letter_to_where_none_may_go() {
    struct Far(IpAddr);
    impl Lookup for Far {
        fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            Box::pin(std::future::ready(Ok(vec![self.0])))
        }
    }
    for (address, said) in [
        ("192.168.1.7", "over TLS only"),
        ("169.254.169.254", "no address that is allowed"),
    ] {
        let far = Arc::new(Far(address.parse().unwrap()));
        let mut stage = stage();
        stage.notifier.letters = Arc::new(Smtp::new(far, Guard { allow_private: true }));
        let to = Destination::Email {
            host: "mail.example".to_owned(),
            port: 25,
            security: MailSecurity::Plain,
            user: "me".to_owned(),
            password: "s3cr3t".to_owned(),
            from: "a@b.example".to_owned(),
            to: "c@d.example".to_owned(),
        };
        let (own, paid) = (channel(ChannelKind::Email), notice(Topic::Paid));
        let refused = stage.notifier.send(&own, to, &paid).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(said) && !refused.contains("s3cr3t"), "{refused}");
    }
}

#[tokio::test]
async fn each_service_gets_the_post_that_it_wants() {
    let stage = stage();
    let key = STANDARD.encode([7; 32]);
    let (telegram, ntfy, webhook) = (
        Destination::Telegram {
            server: "https://api.telegram.org".to_owned(),
            token: "12:ab".to_owned(),
            chat: "-5".to_owned(),
        },
        Destination::Ntfy {
            server: "https://ntfy.sh".to_owned(),
            topic: "shop".to_owned(),
            token: "tk".to_owned(),
        },
        Destination::Webhook {
            url: "https://home.example/hook".to_owned(),
            secret: format!("whsec_{key}"),
        },
    );
    for destination in [telegram, ntfy, webhook] {
        let own = channel(destination.kind());
        stage
            .notifier
            .send(&own, destination, &notice(Topic::Reorged))
            .await
            .unwrap();
    }
    let posts = stage.service.posts.lock().unwrap();
    let body = |index: usize| serde_json::from_slice::<serde_json::Value>(&posts[index].1.body).unwrap();
    assert_eq!(
        posts[0].0.as_str(),
        "https://api.telegram.org/bot12:ab/sendMessage"
    );
    assert_eq!(body(0)["chat_id"], "-5");
    assert!(
        body(0)["text"]
            .as_str()
            .unwrap()
            .starts_with("Bezahlt: 12.5 USDT ✓\n\n")
    );
    assert_eq!(posts[1].0.as_str(), "https://ntfy.sh/");
    assert_eq!(
        (&body(1)["topic"], &body(1)["priority"]),
        (&"shop".into(), &5.into())
    );
    assert!(
        posts[1]
            .1
            .headers
            .contains(&("authorization", "Bearer tk".to_owned()))
    );
    assert_eq!(body(2)["facts"]["amount"], "12.5 USDT");
    let header = |name: &str| {
        let mut headers = posts[2].1.headers.iter();
        headers.find(|(own, _)| *own == name).unwrap().1.clone()
    };
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&[7; 32]).unwrap();
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&posts[2].1.body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(header("webhook-signature"), format!("v1,{signature}"));
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_later_and_given_up_in_the_end_a_test_at_once() {
    let stage = stage();
    let destination = Destination::Telegram {
        server: "https://api.telegram.org".to_owned(),
        token: "12:ab".to_owned(),
        chat: "-5".to_owned(),
    };
    let made = stage.notifier.database.write(move |txn| {
        let id = notices::insert_channel(txn, &channel(ChannelKind::Telegram), &destination, &SystemRandom)?;
        let facts = [("amount".to_owned(), "1 USDT".to_owned())];
        notices::insert(txn, id, (Topic::Paid, "PAY-1"), &facts, NOW, NOW)?;
        notices::insert(txn, id, (Topic::Test, "test"), &[], NOW, NOW)?;
        Ok::<_, StoreError>(id)
    });
    let id = made.await.unwrap();
    *stage.service.statuses.lock().unwrap() = vec![400; 99];
    stage.notifier.send_due().await.unwrap();
    let latest = || {
        let read = stage
            .notifier
            .database
            .read(move |txn| notices::latest(txn, id, 9));
        async { read.await.unwrap() }
    };
    let rows = latest().await;
    assert_eq!((rows[0].topic, rows[0].state), (Topic::Test, NoticeState::Failed));
    assert_eq!((rows[1].state, rows[1].attempts), (NoticeState::Pending, 1));
    assert_eq!(rows[0].error.as_deref(), Some("HTTP 400: chat not found"));
    stage.notifier.send_due().await.unwrap();
    assert_eq!(latest().await[1].attempts, 1, "not before its time");
    for wait in WAITS {
        stage.clock.advance(wait);
        stage.notifier.send_due().await.unwrap();
    }
    let last = latest().await.remove(1);
    assert_eq!((last.state, last.attempts), (NoticeState::Failed, 6));
}
