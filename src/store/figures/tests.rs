//! The running totals against the payments themselves.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rusqlite::params;

use super::*;
use crate::ambient::SystemRandom;
use crate::store::tests::histories::{moment, next_status, two_shops};
use crate::store::{Database, Options};

type Counts = BTreeMap<(i64, String, i64, String), i64>;
type Sums = BTreeMap<(i64, String, i64, String, String, String), [i64; 4]>;

fn stored(txn: &Txn<'_>) -> (Counts, Sums) {
    let mut counts = Counts::new();
    let mut statement = txn
        .connection
        .prepare("SELECT * FROM day_counts WHERE count <> 0")
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let key = (
            row.get("store_id").unwrap(),
            row.get("mode").unwrap(),
            row.get("day").unwrap(),
            row.get("status").unwrap(),
        );
        counts.insert(key, row.get("count").unwrap());
    }
    let mut sums = Sums::new();
    let mut statement = txn.connection.prepare("SELECT * FROM day_sales").unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let key = (
            row.get("store_id").unwrap(),
            row.get("mode").unwrap(),
            row.get("day").unwrap(),
            row.get("network").unwrap(),
            row.get("currency").unwrap(),
            row.get("price_currency").unwrap(),
        );
        let figures = ["count", "price_minor", "valued", "usd_cents"].map(|name| row.get(name).unwrap());
        sums.insert(key, figures);
    }
    (counts, sums)
}

/// What the totals have to be, by adding up every payment.
fn counted(txn: &Txn<'_>) -> (Counts, Sums) {
    let (mut counts, mut sums) = (Counts::new(), Sums::new());
    let sql = "SELECT store_id, mode, status, network, currency, price_currency, price_minor, usd_cents, created_ms,
               confirmed_ms FROM payments";
    let mut statement = txn.connection.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let text = |name| row.get::<_, Option<String>>(name).unwrap().unwrap_or_default();
        let number = |name| row.get::<_, Option<i64>>(name).unwrap();
        let shop: i64 = row.get("store_id").unwrap();
        let day = number("created_ms").unwrap().div_euclid(86_400_000);
        *counts
            .entry((shop, text("mode"), day, text("status")))
            .or_default() += 1;
        if text("status") == "paid" {
            let day = number("confirmed_ms").unwrap().div_euclid(86_400_000);
            let key = (
                shop,
                text("mode"),
                day,
                text("network"),
                text("currency"),
                text("price_currency"),
            );
            let sum = sums.entry(key).or_default();
            let add = [
                1,
                number("price_minor").unwrap_or(0),
                i64::from(number("usd_cents").is_some()),
                number("usd_cents").unwrap_or(0),
            ];
            for (sum, add) in sum.iter_mut().zip(add) {
                *sum = sum.saturating_add(add);
            }
        }
    }
    (counts, sums)
}

/// Fails unless the running totals are what the payments say.
pub fn are_right(txn: &Txn<'_>) {
    assert_eq!(stored(txn), counted(txn));
}

/// A payment that is made, or one that goes on.
#[derive(Debug, Clone)]
enum Step {
    Made {
        shop: usize,
        is_test: bool,
        at: i64,
        /// Minor units of a price in this currency, or an amount of an asset.
        price: Option<(&'static str, i64)>,
        usd_cents: Option<i64>,
    },
    /// The payment of this place takes an edge of those that lead on from where it is.
    Goes { payment: usize, edge: usize, at: i64 },
    /// Something else about it is written, as a reorganisation below the final depth does: its status stays.
    Written { payment: usize },
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..100_000_i64,
        1 => Just(1 << 20),
        1 => ((1_i64 << 20) - 3)..(1_i64 << 40),
        1 => Just(i64::MAX),
        1 => Just(i64::MAX - 1),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let price = prop_oneof![
        3 => (prop::sample::select(vec!["EUR", "USD", "JPY"]), amount()).prop_map(Some),
        1 => Just(None),
    ];
    let made = (
        0..2_usize,
        any::<bool>(),
        moment(),
        price,
        prop::option::of(amount()),
    );
    prop_oneof![
        2 => made.prop_map(|(shop, is_test, at, price, usd_cents)| Step::Made { shop, is_test, at, price, usd_cents }),
        5 => (any::<usize>(), any::<usize>(), moment())
            .prop_map(|(payment, edge, at)| Step::Goes { payment, edge, at }),
        1 => any::<usize>().prop_map(|payment| Step::Written { payment }),
    ]
}

fn make(txn: &Txn<'_>, shop: ShopId, serial: usize, step: &Step) -> i64 {
    let Step::Made {
        is_test,
        at,
        price,
        usd_cents,
        ..
    } = step
    else {
        unreachable!()
    };
    let (network, mode) = if *is_test {
        ("test-bsc", "test")
    } else {
        ("bsc", "live")
    };
    let of_asset = price.is_none();
    let sql = "INSERT INTO payments (store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor,
            price_network, price_asset, price_amount, usd_cents, network, currency, address, way, quoted, due, required,
            confirmations, rate, rate_source, external_id, customer_email, description, redirect_url, fail_url, metadata,
            created_ms, expires_ms)
        VALUES (?1, ?2, ?2, ?2, ?3, ?4, 'api', 'selecting', ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'usdt', ?2, 'pool', '5', '5', '5',
            3, '1', 'x', '', '', '', '', '', '{}', ?12, ?12)";
    let values = params![
        shop.get(),
        format!("N{}-{serial}", shop.get()),
        shop.get() * 1000 + serial as i64,
        mode,
        price.map(|(fiat, _)| fiat),
        price.map(|(_, minor)| minor),
        of_asset.then_some("bsc"),
        of_asset.then_some("usdt"),
        of_asset.then_some("5"),
        usd_cents,
        network,
        at,
    ];
    txn.connection.execute(sql, values).unwrap();
    let id = txn.connection.last_insert_rowid();
    count_new(txn, shop, mode, UnixMillis::new(*at), "selecting").unwrap();
    id
}

fn go(txn: &Txn<'_>, id: i64, edge: usize, at: i64) {
    let now: String = txn
        .connection
        .query_row("SELECT status FROM payments WHERE id = ?1", [id], |row| {
            row.get(0)
        })
        .unwrap();
    let Some(to) = next_status(&now, edge, |_| true) else {
        return;
    };
    let sql = "UPDATE payments SET status = ?2, asked_ms = COALESCE(asked_ms, created_ms),
               confirmed_ms = CASE ?2 WHEN 'paid' THEN ?3 ELSE confirmed_ms END WHERE id = ?1";
    txn.connection.execute(sql, params![id, to.word(), at]).unwrap();
}

#[tokio::test]
async fn the_totals_are_what_the_payments_say_after_any_history_and_so_is_what_the_migration_adds_up() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let checked = database.write(|txn| {
        let mut runner = TestRunner::new(Config {
            cases: 64,
            failure_persistence: None,
            ..Config::default()
        });
        let serial = std::cell::Cell::new(0);
        runner
            .run(&prop::collection::vec(step(), 1..60), |steps| {
                serial.set(serial.get() + 1);
                let shops = two_shops(txn, serial.get());
                let mut payments = Vec::new();
                for step in &steps {
                    match step {
                        Step::Made { shop, .. } => {
                            payments.push(make(txn, shops[*shop], payments.len(), step));
                        }
                        Step::Goes { payment, edge, at } if !payments.is_empty() => {
                            go(txn, payments[payment % payments.len()], *edge, *at);
                        }
                        Step::Written { payment } if !payments.is_empty() => {
                            let id = payments[payment % payments.len()];
                            let sql = "UPDATE payments SET status = status, seen = '1', confirmed_ms = confirmed_ms WHERE id = ?1";
                            txn.connection.execute(sql, [id]).unwrap();
                        }
                        Step::Goes { .. } | Step::Written { .. } => {}
                    }
                }
                are_right(txn);
                Ok(())
            })
            .unwrap();
        recount(txn).unwrap();
        are_right(txn);
        Ok::<_, StoreError>(())
    });
    checked.await.unwrap();
}

#[test]
fn the_migration_adds_up_as_a_recount_does() {
    let migration = include_str!("../../../migrations/V4__dashboard.sql");
    assert!(migration.contains(RECOUNT_SQL));
}

#[tokio::test]
async fn the_figures_of_a_page_are_read_from_indexes_and_sort_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::in_directory(directory.path());
    let database = Database::open(&options, &SystemRandom).unwrap();
    let (shop, bsc) = (ShopId::new(1), NetworkId::parse("bsc").unwrap());
    let now = UnixMillis::new(1);
    // What an index by name is missing for fails here.
    let read = database.read(move |txn| {
        newest(txn, shop, Mode::Live, 1)?;
        asked_at(txn, &bsc, "0x1", 1)?;
        pool_left(txn, shop, &bsc, now)?;
        endpoint_trouble(txn, EndpointId::new(1), now, now)?;
        held(txn, shop, 9)?;
        Ok::<_, StoreError>(())
    });
    read.await.unwrap();
    database.close().await;
    let connection = rusqlite::Connection::open(&options.path).unwrap();
    for (sql, index) in [
        (
            "SELECT * FROM payments WHERE store_id = 1 AND external_id = 'a' AND external_id <> '' ORDER BY id DESC LIMIT 3",
            "payments_by_external_id",
        ),
        (
            "SELECT MAX(id) FROM deliveries WHERE endpoint_id = 1 AND state = 'failed'",
            "deliveries_of_endpoint_by_state",
        ),
        (
            "SELECT created_ms FROM deliveries WHERE endpoint_id = 1 AND state = 'pending' ORDER BY id LIMIT 1",
            "deliveries_of_endpoint_by_state",
        ),
        (
            "SELECT day FROM day_sales WHERE store_id = 1 AND mode = 'live' AND day BETWEEN 1 AND 2
             ORDER BY day, network, currency, price_currency",
            "PRIMARY KEY",
        ),
    ] {
        let plan: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap()
            .query_map([], |row| row.get("detail"))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let plan = plan.join("; ");
        assert!(plan.contains(index) && !plan.contains("TEMP"), "{plan}");
    }
}
