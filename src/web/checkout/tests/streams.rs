//! What the page hears while it is open.

use axum::body::BodyDataStream;
use futures_util::{FutureExt, StreamExt};

use std::net::IpAddr;

use super::*;
use crate::web::limits::ClientAddress;

/// The next event's data; `None` at the end of the stream.
async fn next_event(stream: &mut BodyDataStream) -> Option<serde_json::Value> {
    let bytes = stream.next().await?.unwrap();
    let event = String::from_utf8(bytes.to_vec()).unwrap();
    let data = event
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .unwrap();
    Some(serde_json::from_str(data).unwrap())
}

#[tokio::test]
async fn status_and_events_tell_no_more_than_the_page_shows() {
    let site = Site::showing(sample::with(sample::usdt_on_bsc(), Status::Confirming, "50", 3));
    let reply = site.get("/status").await;
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/json");
    assert_hardened(reply.headers());
    let status = text(reply).await;
    let json: serde_json::Value = serde_json::from_str(&status).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "confirmations",
            "confirmations_required",
            "expires_at",
            "is_final",
            "received",
            "remaining",
            "stage",
            "status",
            "txid"
        ]
    );
    let mut events = site.get("/events").await.into_body().into_data_stream();
    assert_eq!(next_event(&mut events).await, Some(json));
}

#[tokio::test]
async fn every_change_is_told_once_until_the_payment_is_final() {
    let site = Site::showing(sample::usdt_on_bsc());
    let reply = site.get("/events").await;
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_hardened(reply.headers());
    let mut events = reply.into_body().into_data_stream();
    assert_eq!(next_event(&mut events).await.unwrap()["stage"], "waiting");
    // A change that shows nothing new is not told.
    site.change(|view| view.payment.order.metadata = "{}".to_owned());
    assert_eq!(next_event(&mut events).now_or_never(), None);
    site.change(|view| *view = sample::with(view.clone(), Status::Pending, "20", 1));
    let part_paid = next_event(&mut events).await.unwrap();
    assert_eq!(part_paid["stage"], "part-paid");
    assert_eq!(part_paid["remaining"], "30.000000");
    site.change(|view| *view = sample::with(view.clone(), Status::Confirming, "50", 3));
    assert_eq!(next_event(&mut events).await.unwrap()["confirmations"], 3);
    site.change(|view| *view = sample::with(view.clone(), Status::Paid, "50", 15));
    let paid = next_event(&mut events).await.unwrap();
    assert_eq!(
        (&paid["stage"], &paid["is_final"]),
        (&"paid".into(), &true.into())
    );
    assert_eq!(next_event(&mut events).await, None);
}

#[tokio::test]
async fn a_stream_that_lagged_reads_again() {
    let site = Site::showing(sample::usdt_on_bsc());
    let mut events = site.get("/events").await.into_body().into_data_stream();
    next_event(&mut events).await.unwrap();
    site.change(|view| *view = sample::with(view.clone(), Status::Cancelled, "0", 0));
    for other in 100..120 {
        site.payments.changes.send(PaymentId::new(other)).unwrap();
    }
    assert_eq!(next_event(&mut events).await.unwrap()["stage"], "cancelled");
}

#[tokio::test]
async fn confirmations_and_the_end_of_the_window_are_told_without_a_change() {
    let site = Site::showing(sample::usdt_on_bsc());
    let mut events = site.get("/events").await.into_body().into_data_stream();
    next_event(&mut events).await.unwrap();
    site.clock.set(sample::after_expiry());
    let (event, ()) = tokio::join!(next_event(&mut events), async {
        tokio::task::yield_now().await;
        site.clock.advance(Duration::from_secs(10));
    });
    assert_eq!(event.unwrap()["stage"], "closing");
}

#[tokio::test]
async fn a_stop_ends_the_streams() {
    let site = Site::showing(sample::usdt_on_bsc());
    let mut events = site.get("/events").await.into_body().into_data_stream();
    next_event(&mut events).await.unwrap();
    site.stop.cancel();
    assert_eq!(next_event(&mut events).await, None);
}

#[tokio::test]
async fn the_open_streams_of_a_payment_are_bounded_and_a_closed_one_makes_room() {
    let site = Site::showing(sample::usdt_on_bsc());
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(site.get("/events").await);
    }
    assert!(open.iter().all(|reply| reply.status() == StatusCode::OK));
    assert_eq!(
        site.get("/events").await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    open.pop();
    assert_eq!(site.get("/events").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn one_visitor_gets_a_part_of_the_streams_and_those_of_a_proxy_all() {
    let streams = super::super::events::OpenStreams::default();
    let client = |text: &str| ClientAddress::from(text.parse::<IpAddr>().unwrap());
    let many = |from: ClientAddress| -> Vec<_> {
        let payments = (1..=1000).map(PaymentId::new);
        payments
            .map_while(|payment| streams.enter(payment, from))
            .collect()
    };
    let one = many(client("203.0.113.7"));
    assert_eq!(one.len(), 32);
    let other = many(client("2001:db8::1"));
    assert_eq!(
        (other.len(), many(client("2001:db8::2")).len()),
        (32, 0),
        "one network of IPv6 is one visitor"
    );
    let near = many(client("10.0.0.1"));
    assert_eq!(near.len(), 512 - 64);
    drop((one, near));
    assert_eq!(many(client("203.0.113.7")).len(), 32, "closed ones make room");
}
