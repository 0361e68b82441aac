//! The webhook receiver.

use std::time::Duration;

use crate::harness::http;
use crate::harness::receiver::{Behaviour, Receiver};

#[tokio::test]
async fn the_receiver_keeps_what_it_was_sent_to_the_byte() {
    let receiver = Receiver::start().await;
    let body = "{\"a\": 1,\r\n \"b\":\"\u{fc}\"}";
    let sent = http::client()
        .post(receiver.url("/hook?x=1"))
        .header("X-Test", "yes")
        .body(body)
        .send();
    assert_eq!(sent.await.unwrap().status(), 200);
    let received = receiver.wait_for(1).await;
    assert_eq!(
        (received[0].method.as_str(), received[0].path.as_str()),
        ("POST", "/hook?x=1")
    );
    assert_eq!(received[0].body, body.as_bytes());
    assert_eq!(received[0].header("x-test"), Some("yes"));
}

#[tokio::test]
async fn the_receiver_behaves_as_it_is_told() {
    let receiver = Receiver::start().await;
    let client = http::client();
    let order = || client.post(receiver.url("/")).body("x");
    let post = || order().send();
    let in_vain = || order().timeout(http::IMPATIENCE).send();
    receiver.next([
        Behaviour::Status(500),
        Behaviour::Redirect("http://127.0.0.1:9/".to_owned()),
    ]);
    receiver.next([Behaviour::Close, Behaviour::Hang, Behaviour::Unfinished]);
    receiver.next([Behaviour::Slow(Duration::from_millis(1))]);

    assert_eq!(post().await.unwrap().status(), 500);
    let redirect = post().await.unwrap();
    assert_eq!(
        (redirect.status().as_u16(), &redirect.headers()["location"]),
        (302, &"http://127.0.0.1:9/".parse().unwrap())
    );
    let closed = post().await.unwrap_err();
    assert!(!closed.is_timeout(), "{closed:?}");
    assert!(in_vain().await.unwrap_err().is_timeout());
    assert!(in_vain().await.unwrap().bytes().await.unwrap_err().is_timeout());
    assert_eq!(post().await.unwrap().text().await.unwrap(), "slow");
    assert_eq!(post().await.unwrap().status(), 200);
    assert_eq!(receiver.wait_for(7).await.len(), 7);
}
