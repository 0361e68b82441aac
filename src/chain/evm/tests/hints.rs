//! Nodes that tell of new blocks by themselves, well and badly.

use std::collections::VecDeque;
use std::sync::Mutex;

use tokio::sync::mpsc;

use super::*;
use crate::net::websocket::{Socket, SocketError, Sockets};

/// What one connection does, in turn.
enum Step {
    Refuse,
    Connect(mpsc::UnboundedReceiver<String>),
}

/// A net on which every attempt to connect is told of, with the host, and answered by the next step.
struct Script {
    steps: Mutex<VecDeque<Step>>,
    opened: mpsc::UnboundedSender<String>,
}

struct Line {
    texts: mpsc::UnboundedReceiver<String>,
}

impl Sockets for Script {
    fn open<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Socket>, SocketError>> {
        self.opened.send(endpoint.host().to_owned()).unwrap();
        let step = self.steps.lock().unwrap().pop_front();
        Box::pin(async move {
            match step {
                Some(Step::Connect(texts)) => Ok(Box::new(Line { texts }) as Box<dyn Socket>),
                Some(Step::Refuse) => Err(SocketError("refused".to_owned())),
                None => std::future::pending().await,
            }
        })
    }
}

impl Socket for Line {
    fn send(&mut self, text: String) -> BoxFuture<'_, Result<(), SocketError>> {
        let asked: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(asked["method"], "eth_subscribe");
        assert_eq!(asked["params"], serde_json::json!(["newHeads"]));
        Box::pin(async { Ok(()) })
    }

    fn next(&mut self) -> BoxFuture<'_, Result<String, SocketError>> {
        Box::pin(async {
            let text = self.texts.recv().await;
            text.ok_or_else(|| SocketError("closed".to_owned()))
        })
    }
}

const SUBSCRIBED: &str = r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#;
const NEW_HEAD: &str =
    r#"{"jsonrpc":"2.0","method":"eth_subscription","params":{"result":{"number":"0x6"}}}"#;
const REFUSED: &str = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#;

struct Listening {
    source: Arc<EvmSource>,
    clock: Arc<SimulatedClock>,
    opened: mpsc::UnboundedReceiver<String>,
}

/// A source whose two nodes have WebSockets that do `steps`.
fn listening(steps: Vec<Step>) -> Listening {
    let mut settings = settings(ReadMode::Logs);
    for number in 0..2 {
        settings.providers.push(ProviderSettings {
            url: format!("https://node{number}.example/SECRET-KEY"),
            ws: Some(format!("wss://ws{number}.example/SECRET-KEY")),
            ..ProviderSettings::default()
        });
    }
    let clock = Arc::new(SimulatedClock::starting_at(NOW));
    let (send, opened) = mpsc::unbounded_channel();
    let script = Script {
        steps: Mutex::new(steps.into()),
        opened: send,
    };
    let source = EvmSource::new(
        settings,
        Arc::new(Net::default()),
        clock.clone(),
        Arc::new(Loaded),
    )
    .unwrap();
    Listening {
        source: Arc::new(source.woken_over(Arc::new(script))),
        clock,
        opened,
    }
}

impl Listening {
    /// Lets everything run that can, without letting time pass.
    async fn settle(&self) {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    /// Whether a hint is there.
    async fn is_hinted(&self) -> bool {
        let mut hint = self.source.hint();
        for _ in 0..50 {
            if (&mut hint).now_or_never().is_some() {
                return true;
            }
            tokio::task::yield_now().await;
        }
        false
    }

    async fn pass(&self, span: Duration) {
        self.settle().await;
        self.clock.advance(span);
        self.settle().await;
    }
}

fn connect() -> (mpsc::UnboundedSender<String>, Step) {
    let (send, texts) = mpsc::unbounded_channel();
    (send, Step::Connect(texts))
}

#[tokio::test]
async fn a_new_head_is_a_hint_and_an_answer_to_the_subscription_is_none() {
    let (node, step) = connect();
    let mut rig = listening(vec![step]);
    assert!(!rig.is_hinted().await);
    assert_eq!(rig.opened.recv().await.unwrap(), "ws0.example");
    node.send(SUBSCRIBED.to_owned()).unwrap();
    assert!(!rig.is_hinted().await);
    for _ in 0..3 {
        rig.pass(Duration::from_millis(100)).await;
        node.send(NEW_HEAD.to_owned()).unwrap();
        assert!(rig.is_hinted().await);
        assert!(!rig.is_hinted().await, "one block is one hint");
    }
}

#[tokio::test]
async fn a_hint_that_came_while_nobody_waited_is_kept_and_many_are_one() {
    let (node, step) = connect();
    let rig = listening(vec![step]);
    assert!(!rig.is_hinted().await);
    for _ in 0..5 {
        node.send(NEW_HEAD.to_owned()).unwrap();
        rig.pass(Duration::from_millis(100)).await;
    }
    assert!(rig.is_hinted().await);
    assert!(!rig.is_hinted().await);
}

#[tokio::test]
async fn a_flood_is_read_at_ten_messages_a_second() {
    let (node, step) = connect();
    let rig = listening(vec![step]);
    for _ in 0..1000 {
        node.send(NEW_HEAD.to_owned()).unwrap();
    }
    assert!(rig.is_hinted().await);
    assert!(!rig.is_hinted().await);
    let mut hints = 0;
    for _ in 0..100 {
        rig.pass(Duration::from_millis(10)).await;
        hints += u32::from(rig.is_hinted().await);
    }
    assert_eq!(hints, 10);
}

#[tokio::test]
async fn whoever_fails_is_left_for_the_next_and_for_longer_and_longer() {
    let (node, step) = connect();
    node.send(REFUSED.to_owned()).unwrap();
    let (garbage, second) = connect();
    garbage.send("<html>".to_owned()).unwrap();
    let mut rig = listening(vec![Step::Refuse, step, second, Step::Refuse]);
    assert!(!rig.is_hinted().await);
    let mut waited_s = Vec::new();
    for host in ["ws0", "ws1", "ws0", "ws1", "ws0"] {
        let mut passed_s = 0;
        let opened = loop {
            rig.settle().await;
            match rig.opened.try_recv() {
                Ok(opened) => break opened,
                Err(_) => {
                    rig.pass(Duration::from_secs(1)).await;
                    passed_s += 1;
                }
            }
        };
        assert_eq!(opened, format!("{host}.example"));
        waited_s.push(passed_s);
    }
    assert_eq!(waited_s, [0, 2, 4, 8, 16]);
}

#[tokio::test]
async fn a_connection_that_falls_silent_and_one_that_never_comes_are_given_up() {
    let (_silent, step) = connect();
    let mut rig = listening(vec![step]);
    assert!(!rig.is_hinted().await);
    assert_eq!(rig.opened.recv().await.unwrap(), "ws0.example");
    rig.pass(Duration::from_secs(60)).await;
    rig.pass(Duration::from_secs(2)).await;
    assert_eq!(rig.opened.try_recv().unwrap(), "ws1.example");
    // That one hangs while it is being opened.
    rig.pass(Duration::from_secs(15)).await;
    rig.pass(Duration::from_secs(4)).await;
    assert_eq!(rig.opened.try_recv().unwrap(), "ws0.example");
}

#[tokio::test]
async fn nobody_is_listened_to_before_a_hint_is_waited_for_nor_after_the_source_is_gone() {
    let (node, step) = connect();
    let rig = listening(vec![step]);
    rig.settle().await;
    assert!(rig.opened.is_empty());
    assert!(!rig.is_hinted().await);
    let Listening { source, .. } = rig;
    drop(source);
    node.closed().await;
}

#[test]
fn a_socket_address_is_one_and_a_wrong_one_is_told_without_its_key() {
    let settings = EvmSettings {
        providers: vec![ProviderSettings {
            url: "https://node0.example".to_owned(),
            ws: Some("https://node0.example/SECRET".to_owned()),
            ..ProviderSettings::default()
        }],
        ..settings(ReadMode::Logs)
    };
    assert!(!format!("{settings:?}").contains("SECRET"));
    let clock = Arc::new(SimulatedClock::starting_at(NOW));
    let refused = EvmSource::new(settings, Arc::new(Net::default()), clock, Arc::new(Loaded)).err();
    assert_eq!(refused, Some(EvmSettingsError::Socket(1, "bsc".to_owned())));
    assert!(!refused.unwrap().to_string().contains("SECRET"));
}

#[tokio::test]
async fn a_person_is_told_which_websockets_tell_of_new_blocks() {
    let ((good, first), (bad, second)) = (connect(), connect());
    good.send(SUBSCRIBED.to_owned()).unwrap();
    bad.send(REFUSED.to_owned()).unwrap();
    let rig = listening(vec![first, second]);
    let reports = rig.source.probe().await;
    assert!(
        reports[0].features.contains(&("websocket", "yes".to_owned())),
        "{reports:?}"
    );
    let told = reports[1].remarks.join(" ");
    assert!(
        told.contains("refuses to tell") && told.contains("`ws`"),
        "{reports:?}"
    );
    assert!(!format!("{reports:?}").contains("SECRET"), "{reports:?}");
}
