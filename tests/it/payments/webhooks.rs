//! Webhooks of real payments: retried under the delivery id they had, given up where the page says so, replayed.

use super::bench::{delivery_of, event_of};
use super::{Bench, Invoice, Reading, Setup};
use crate::harness::receiver::{Behaviour, Received};

/// A payment that is one block short of being confirmed, everything before having been told.
async fn nearly_confirmed(bench: &Bench) -> Invoice {
    let invoice = bench.ask().await;
    bench.pay(&invoice.address, invoice.units).await;
    bench.anvil.mine(1).await;
    bench.wait_for_amount(&invoice.number, "50.000000").await;
    bench.drain().await;
    invoice
}

fn confirmed(bench: &Bench, invoice: &Invoice) -> Vec<Received> {
    let mut notices = bench.notices(&invoice.number);
    notices.retain(|notice| event_of(notice) == "payment.confirmed");
    notices
}

#[tokio::test]
async fn a_receiver_that_was_down_gets_the_same_delivery_once_it_is_up() {
    let bench = Bench::start(Setup::new(Reading::Logs)).await;
    let invoice = nearly_confirmed(&bench).await;
    bench.receiver.next([Behaviour::Close]);
    bench.anvil.mine(1).await;
    bench.receiver.wait_for(4).await;
    bench.drain().await;
    let confirmed = confirmed(&bench, &invoice);
    let [cut, received] = &confirmed[..] else {
        panic!("{confirmed:#?}")
    };
    assert_eq!(delivery_of(cut), delivery_of(received));
    assert_eq!(cut.body, received.body);
    let delivery = find_delivery(&bench, &invoice);
    assert_eq!(
        (&delivery["state"], &delivery["attempts"]),
        (&"delivered".into(), &2.into())
    );
    bench.close().await;
}

#[tokio::test]
async fn a_refusal_is_given_up_at_once_and_a_replay_is_a_delivery_of_its_own() {
    let bench = Bench::start(Setup::new(Reading::Receipts)).await;
    let invoice = nearly_confirmed(&bench).await;
    bench.receiver.next([Behaviour::Status(401)]);
    bench.anvil.mine(1).await;
    bench.receiver.wait_for(3).await;
    bench.drain().await;
    let delivery = find_delivery(&bench, &invoice);
    assert_eq!(
        (&delivery["state"], &delivery["attempts"]),
        (&"failed".into(), &1.into())
    );
    assert_eq!(delivery["latest"]["status"], 401);

    let id = delivery["delivery_id"].to_string();
    let replayed = bench.daemon.cli_json(&["webhook", "replay", &id]);
    bench.receiver.wait_for(4).await;
    bench.drain().await;
    let confirmed = confirmed(&bench, &invoice);
    let [refused, again] = &confirmed[..] else {
        panic!("{confirmed:#?}")
    };
    assert_eq!(delivery_of(refused), id);
    assert_eq!(
        delivery_of(again),
        replayed["deliveries"][0]["delivery_id"].to_string()
    );
    assert_ne!(delivery_of(refused), delivery_of(again));
    assert_eq!(refused.body, again.body);
    bench.close().await;
}

#[tokio::test]
async fn every_endpoint_gets_every_event_once_whatever_the_others_do() {
    let bench = Bench::start(Setup::new(Reading::Logs)).await;
    let other = crate::harness::receiver::Receiver::start().await;
    let url = other.url("/standard");
    let endpoint = bench.daemon.add_webhook(super::bench::STORE, &url, "standard");
    bench.receiver.always(Behaviour::Status(404));
    let invoice = bench.ask().await;
    bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.drain().await;
    let received = other.received();
    let mut kinds: Vec<String> = received
        .iter()
        .map(|one| one.json()["type"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), received.len(), "{received:#?}");
    assert!(kinds.contains(&"payment.confirmed".to_owned()), "{kinds:?}");
    for one in &received {
        crate::harness::signature::check_standard(one, &endpoint.secret, one.at_unix_s()).unwrap();
    }
    assert_eq!(
        confirmed(&bench, &invoice).len(),
        1,
        "refused, and not sent again"
    );
    bench.close().await;
}

fn find_delivery(bench: &Bench, invoice: &Invoice) -> serde_json::Value {
    let shown = bench.show(&invoice.number);
    let deliveries = shown["deliveries"].as_array().unwrap();
    let found = deliveries.iter().find(|one| one["event"] == "payment.confirmed");
    found.expect("a delivery").clone()
}
