//! The outbox's way out, lent to the office: test posts, and requests to look at.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::domain::asset::Registry;
use crate::domain::event::EventKind;
use crate::domain::ids::DeliveryId;
use crate::domain::shop::{Endpoint, Format};
use crate::domain::time::UnixMillis;
use crate::engine::office::posts::{Answer, Fired, Posts, PostsError, Request};
use crate::outbox::attempt::Sender;
use crate::outbox::delivery::{Outcome, Target};
use crate::outbox::format::{Sending, Verdict};
use crate::outbox::guard::check_url;
use crate::outbox::ledger::{LoadError, parcel_to_show, signing_secret};
use crate::store::Database;

/// The way out.
pub struct OutboxPosts {
    /// Sends as the outbox does.
    pub sender: Sender,
    /// Where endpoints and deliveries are.
    pub database: Database,
    /// What amounts are told with.
    pub registry: Arc<Registry>,
}

impl OutboxPosts {
    async fn target(&self, endpoint: Endpoint) -> Result<Target, PostsError> {
        let of = endpoint.clone();
        let secret = self
            .database
            .read(move |txn| signing_secret(txn, &of, None))
            .await?;
        Ok(Target {
            endpoint: endpoint.id,
            url: endpoint.url,
            format: endpoint.format,
            secret: secret.ok_or(PostsError::NothingSigns)?,
        })
    }

    async fn fire(&self, endpoint: Endpoint) -> Result<Fired, PostsError> {
        let target = self.target(endpoint).await?;
        let timeout = self.sender.formats.get(target.format).timeout();
        let begun = self.sender.clock.now();
        let report = self.sender.test_fire(&target).await;
        let is_over = self.sender.clock.now().since(begun) >= timeout;
        Ok(Fired {
            is_received: report.verdict == Verdict::Received,
            answer: match report.outcome {
                Outcome::Replied { status, reply } => Answer::Replied {
                    status,
                    text: String::from_utf8_lossy(&reply).into_owned(),
                },
                Outcome::Failed(_) if is_over => Answer::TooSlow,
                Outcome::Failed(why) => Answer::Failed(why),
            },
            latency: report.latency,
            timeout,
        })
    }

    async fn made_again(&self, id: DeliveryId, at: Vec<UnixMillis>) -> Result<Vec<Request>, PostsError> {
        let registry = Arc::clone(&self.registry);
        let loaded = self
            .database
            .read(move |txn| parcel_to_show(txn, &registry, id))
            .await;
        let parcel = match loaded {
            Ok(Some(parcel)) => parcel,
            Ok(None) => return Ok(Vec::new()),
            Err(LoadError::Store(error)) => return Err(error.into()),
            Err(LoadError::Incomplete(what)) => return Err(PostsError::Incomplete(what)),
        };
        let format = self.sender.formats.get(parcel.target.format);
        let posts = at.into_iter().map(|now| {
            let sending = Sending {
                delivery: id,
                secret: &parcel.target.secret,
                now,
            };
            let post = format.post(&parcel.notice, &sending);
            post.map_err(|error| PostsError::Incomplete(error.to_string()))
        });
        posts
            .map(|post| {
                let post = post?;
                let named = |(name, value): (&str, String)| (name.to_owned(), value);
                Ok(Request {
                    headers: post.headers.into_iter().map(named).collect(),
                    body: post.body,
                })
            })
            .collect()
    }
}

impl Posts for OutboxPosts {
    fn check_url(&self, url: &str) -> Result<(), String> {
        let checked = check_url(url, self.sender.guard.allow_private);
        checked.map(drop).map_err(|refused| refused.to_string())
    }

    fn default_events(&self, format: Format) -> &'static [EventKind] {
        self.sender.formats.get(format).default_events()
    }

    fn test_fire(&self, endpoint: Endpoint) -> BoxFuture<'_, Result<Fired, PostsError>> {
        Box::pin(self.fire(endpoint))
    }

    fn requests(
        &self,
        delivery: DeliveryId,
        at: Vec<UnixMillis>,
    ) -> BoxFuture<'_, Result<Vec<Request>, PostsError>> {
        Box::pin(self.made_again(delivery, at))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::sync::oneshot;

    use super::*;
    use crate::ambient::{SimulatedClock, SystemRandom};
    use crate::domain::shop::{Dialect, Shop};
    use crate::engine::office::Office;
    use crate::engine::office::endpoints::EndpointOrder;
    use crate::engine::stage::Stage;
    use crate::outbox::guard::Guard;
    use crate::outbox::transport::HttpTransport;
    use crate::store::{StoreError, audit_log, shops};

    /// An office that sends by the real way out.
    struct Room {
        stage: Stage,
        office: Office,
        clock: Arc<SimulatedClock>,
    }

    impl Room {
        fn new() -> Self {
            let (stage, guard) = (Stage::new(), Guard { allow_private: true });
            let clock = Arc::clone(&stage.clock);
            let posts = OutboxPosts {
                sender: Sender {
                    clock: Arc::clone(&stage.clock) as _,
                    random: Arc::new(SystemRandom),
                    transport: Arc::new(HttpTransport::new(guard).unwrap()),
                    formats: crate::web::api::formats("https://pay.example"),
                    guard,
                },
                database: stage.engine.database.clone(),
                registry: Arc::clone(&stage.engine.registry),
            };
            let office = Office::new(Arc::clone(&stage.engine)).posting_by(Arc::new(posts));
            Self { stage, office, clock }
        }

        async fn shop(&self) -> Shop {
            let all = self.stage.engine.database.read(shops::all).await;
            let all: Result<Vec<Shop>, StoreError> = all;
            all.unwrap().remove(0)
        }

        /// What comes of a test at a new endpoint of a shop.
        async fn fired_at(&self, url: &str, format: Format) -> Fired {
            let shop = self.shop().await;
            let order = EndpointOrder {
                url: url.to_owned(),
                format: Some(format),
                ..EndpointOrder::default()
            };
            let by = || self.office.by("user:ann");
            let made = self.office.add_endpoint(by(), &shop, order).await.unwrap();
            self.office
                .test_fire(by(), shop.id, made.endpoint.id)
                .await
                .unwrap()
        }
    }

    /// A receiver that keeps the first request and answers it with `answer`, or never when that is empty.
    async fn receiver(answer: &'static str) -> (String, oneshot::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=hidden", listener.local_addr().unwrap());
        let (told, request) = oneshot::channel();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut text, mut part) = (String::new(), [0; 4096]);
            while !text.ends_with('}') {
                let count = stream.read(&mut part).await.unwrap();
                text.push_str(std::str::from_utf8(&part[..count]).unwrap());
            }
            told.send(text).unwrap();
            if answer.is_empty() {
                std::future::pending::<()>().await;
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        (url, request)
    }

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    #[tokio::test]
    async fn a_test_of_no_format_can_be_taken_for_money() {
        let room = Room::new();
        room.stage.shop(Dialect::Payhook).await;
        for format in Format::ALL.iter().copied() {
            let (url, request) = receiver(OK).await;
            let fired = room.fired_at(&url, format).await;
            assert!(fired.is_received, "{format}: {fired:?}");
            let request = request.await.unwrap();
            let body = request.split_once("\r\n\r\n").unwrap().1;
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            let kind = if format == Format::Standard {
                "type"
            } else {
                "event"
            };
            assert_eq!(body[kind], "webhook.test", "{format}: {body}");
            let data = if format == Format::Standard {
                &body["data"]
            } else {
                &body
            };
            assert_eq!(data["test"], true, "{format}: {body}");
            // What shops look for in each format before they deliver something.
            for field in [
                "status",
                "payment_id",
                "payment_number",
                "order_id",
                "external_order_id",
                "amount",
                "txid",
                "tx_hash",
                "paid_at",
                "paid_amount",
            ] {
                assert!(data.get(field).is_none(), "{format}: {body}");
            }
            assert!(matches!(
                data.get("invoice_id"),
                None | Some(serde_json::Value::String(_))
            ));
            assert_eq!(
                data["invoice_id"].as_str().unwrap_or_default(),
                "",
                "{format}: {body}"
            );
        }
        // None of it waits, and nothing was kept but that it was done.
        let log = room
            .stage
            .engine
            .database
            .read(|txn| audit_log::page(txn, crate::domain::ids::AuditId::new(i64::MAX), 100));
        let log: Result<Vec<_>, StoreError> = log.await;
        let log = log.unwrap();
        let tests = log.iter().filter(|entry| entry.action == "webhook.test");
        assert_eq!(tests.count(), Format::ALL.len());
        assert!(!format!("{log:?}").contains("hidden"), "{log:?}");
    }

    #[tokio::test]
    async fn what_an_endpoint_answers_is_told_and_a_redirect_is_not_followed() {
        let room = Room::new();
        room.stage.shop(Dialect::Payhook).await;
        let broken = "HTTP/1.1 500 Oops\r\ncontent-length: 25\r\n\r\n<script>alert(1)</script>";
        let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
        for (answer, status, said) in [(broken, 500, "<script>alert(1)</script>"), (elsewhere, 302, "")] {
            let (url, _request) = receiver(answer).await;
            let fired = room.fired_at(&url, Format::Payhook).await;
            let replied = Answer::Replied {
                status,
                text: said.to_owned(),
            };
            assert_eq!((fired.is_received, fired.answer), (false, replied));
        }
    }

    #[tokio::test]
    async fn an_endpoint_that_hangs_is_waited_for_as_long_as_its_format_says() {
        let room = Room::new();
        room.stage.shop(Dialect::Payhook).await;
        let (url, request) = receiver("").await;
        let (fired, ()) = tokio::join!(room.fired_at(&url, Format::Payhook), async {
            request.await.unwrap();
            room.clock.advance(Duration::from_secs(10));
        });
        assert_eq!((fired.is_received, fired.answer), (false, Answer::TooSlow));
        assert_eq!(fired.timeout, Duration::from_secs(10));
    }

    #[tokio::test]
    async fn nothing_is_sent_to_link_local_addresses_and_nobody_there_is_told_so() {
        let room = Room::new();
        room.stage.shop(Dialect::Payhook).await;
        let shop = room.shop().await;
        let order = EndpointOrder {
            url: "http://169.254.169.254/latest".to_owned(),
            ..EndpointOrder::default()
        };
        let refused = room
            .office
            .add_endpoint(room.office.by("user:ann"), &shop, order)
            .await;
        assert!(refused.err().unwrap().to_string().contains("link-local"));
        // One that came in another way is refused when it is fired at.
        let (url, _request) = receiver(OK).await;
        room.fired_at(&url, Format::Payhook).await;
        room.stage
            .write(|txn| txn.run_sql("UPDATE endpoints SET url = 'http://169.254.169.254/'"))
            .await;
        let id = crate::domain::ids::EndpointId::new(1);
        let fired = room
            .office
            .test_fire(room.office.by("user:ann"), shop.id, id)
            .await;
        let Answer::Failed(why) = fired.unwrap().answer else {
            panic!("it was sent")
        };
        assert!(why.contains("link-local"), "{why}");
        let free = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let fired = room.fired_at(&format!("http://{free}/"), Format::Payhook).await;
        assert!(matches!(fired.answer, Answer::Failed(_)) && !fired.is_received);
    }
}
