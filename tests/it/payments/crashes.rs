//! The daemon ended at any moment: nothing is lost, nothing is credited twice, and an event keeps its delivery.

use std::collections::BTreeSet;
use std::time::Duration;

use super::bench::{delivery_of, event_of};
use super::{Bench, Invoice, Reading, Setup, in_both_readings};
use crate::harness::http;
use crate::harness::receiver::Behaviour;

in_both_readings! {
    money_that_comes_while_payd_is_down_is_found_however_many_blocks_later,
    however_often_payd_is_killed_every_payment_is_confirmed_exactly_once,
    a_stop_in_the_middle_of_traffic_loses_nothing,
}

async fn money_that_comes_while_payd_is_down_is_found_however_many_blocks_later(reading: Reading) {
    let mut bench = Bench::start(Setup::new(reading)).await;
    let (early, late) = (bench.ask().await, bench.ask().await);
    bench.drain().await;
    bench.daemon.kill();
    bench.anvil.mine(150).await;
    let early_by = bench.pay(&early.address, early.units).await;
    bench.anvil.mine(150).await;
    let late_by = bench.pay(&late.address, late.units).await;
    bench.anvil.mine(50).await;

    bench.daemon.restart().await;
    bench.settle().await;
    bench.check_paid(&early, &early_by, "50.000000").await;
    bench.check_paid(&late, &late_by, "50.000000").await;
    bench.close().await;
}

async fn however_often_payd_is_killed_every_payment_is_confirmed_exactly_once(reading: Reading) {
    const KILLS: usize = 14;
    let mut bench = Bench::start(Setup::new(reading).addresses(2 * KILLS)).await;
    let mut chance = Chance(0x5EED);
    let mut invoices: Vec<Invoice> = Vec::new();
    for round in 0..KILLS {
        let (whole, parts) = (bench.ask().await, bench.ask().await);
        bench
            .anvil
            .transfer(&bench.usdt, &whole.address, whole.units)
            .await;
        bench
            .anvil
            .transfer(&bench.usdt, &parts.address, parts.units / 2)
            .await;
        bench.anvil.mine(1 + chance.below(3)).await;
        if round % 5 == 1 {
            bench.receiver.next([Behaviour::Close]);
        }
        // The moment is what is tested; nothing is waited for.
        tokio::time::sleep(Duration::from_millis(chance.below(250))).await;
        bench.daemon.kill();
        let rest = parts.units - parts.units / 2;
        bench.anvil.transfer(&bench.usdt, &parts.address, rest).await;
        bench.anvil.mine(1 + chance.below(3)).await;
        if chance.below(3) == 0 {
            // Once more, while it is starting.
            bench.daemon.launch();
            tokio::time::sleep(Duration::from_millis(chance.below(120))).await;
            bench.daemon.kill();
        }
        invoices.extend([whole, parts]);
        bench.daemon.restart().await;
    }
    bench.settle().await;
    bench.drain().await;
    for invoice in &invoices {
        let shown = bench.show(&invoice.number);
        assert_eq!(
            (&shown["status"], &shown["received"]),
            (&"paid".into(), &"50.000000".into()),
            "{shown}"
        );
        assert_eq!(bench.ledger().events(&invoice.number, "payment.confirmed"), 1);
        let mut confirmed = bench.notices(&invoice.number);
        confirmed.retain(|notice| event_of(notice) == "payment.confirmed");
        let deliveries: BTreeSet<String> = confirmed.iter().map(delivery_of).collect();
        assert_eq!(deliveries.len(), 1, "{confirmed:#?}");
    }
    bench.close().await;
}

async fn a_stop_in_the_middle_of_traffic_loses_nothing(reading: Reading) {
    const SHOPPERS: usize = 6;
    let mut bench = Bench::start(Setup::new(reading).addresses(60)).await;
    let first = bench.ask().await;
    bench.pay(&first.address, first.units).await;
    let shoppers = (0..SHOPPERS).map(|_| tokio::spawn(shop_until_refused(&bench)));
    let shoppers: Vec<_> = shoppers.collect();
    // Webhooks of the first payments are under way.
    bench.receiver.wait_for(5).await;
    bench.anvil.mine(2).await;
    let ended = bench.daemon.stop().await;
    assert!(ended.success(), "{ended}");
    let mut promised = Vec::new();
    for shopper in shoppers {
        promised.extend(shopper.await.unwrap());
    }
    assert!(promised.len() >= 4, "{promised:?}");

    bench.daemon.restart().await;
    for number in &promised {
        assert_eq!(bench.get(number).await["status"], "pending");
    }
    bench.settle().await;
    bench.wait_for_status(&first.number, "confirmed").await;
    bench.drain().await;
    for number in promised.iter().chain([&first.number]) {
        assert_eq!(bench.ledger().events(number, "payment.created"), 1);
        let mut created = bench.notices(number);
        created.retain(|notice| event_of(notice) == "payment.created");
        assert!(!created.is_empty(), "{number}");
    }
    bench.close().await;
}

/// Makes payments one after the other until the daemon is gone; gives the numbers that were answered with 201.
fn shop_until_refused(bench: &Bench) -> impl Future<Output = Vec<String>> + use<> {
    let (url, key) = (bench.daemon.url("/api/v1/payments/"), bench.key.api_key.clone());
    let body = format!(
        r#"{{"amount_usd_cents": 900, "network": "{}", "currency": "usdt"}}"#,
        bench.network()
    );
    async move {
        let http = http::client();
        let mut numbers = Vec::new();
        for _ in 0..9 {
            let asked = http
                .post(&url)
                .header("x-api-key", &key)
                .header("content-type", "application/json");
            let Ok(reply) = asked.body(body.clone()).send().await else {
                break;
            };
            if reply.status() != 201 {
                break;
            }
            let Ok(reply) = reply.bytes().await else { break };
            let reply: serde_json::Value = serde_json::from_slice(&reply).unwrap();
            numbers.push(reply["payment_number"].as_str().unwrap().to_owned());
        }
        numbers
    }
}

/// Reproducible chance (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}
