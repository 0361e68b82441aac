//! Pages and totals against the payments themselves.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::ambient::SystemRandom;
use crate::store::tests::histories::{moment, next_status, two_shops};
use crate::store::{Database, Options, figures};

/// A payment that is made, or one that goes on to what follows its status, with so much received.
#[derive(Debug, Clone)]
enum Step {
    Made {
        shop: usize,
        is_test: bool,
        at: i64,
        asset: Option<usize>,
    },
    Goes {
        payment: usize,
        edge: usize,
        seen: &'static str,
    },
    Seen {
        payment: usize,
        seen: &'static str,
    },
}

const ASSETS: [(&str, &str); 3] = [("bsc", "usdt"), ("bsc", "native"), ("tron", "usdt")];

/// Due is 50.
const SEEN: [&str; 5] = ["0", "9", "50", "51", "100"];

fn step() -> impl Strategy<Value = Step> {
    let seen = || prop::sample::select(SEEN.to_vec());
    prop_oneof![
        3 => (0..2_usize, any::<bool>(), moment(), prop::option::weighted(0.9, 0..ASSETS.len()))
            .prop_map(|(shop, is_test, at, asset)| Step::Made { shop, is_test, at, asset }),
        5 => (any::<usize>(), any::<usize>(), seen())
            .prop_map(|(payment, edge, seen)| Step::Goes { payment, edge, seen }),
        1 => (any::<usize>(), seen()).prop_map(|(payment, seen)| Step::Seen { payment, seen }),
    ]
}

fn filter() -> impl Strategy<Value = (usize, Filter)> {
    let statuses = prop::sample::subsequence(Status::ALL.to_vec(), 0..4);
    (
        (0..2_usize, any::<bool>()),
        statuses,
        prop::option::of(any::<bool>()),
        prop::option::of(0..ASSETS.len()),
        prop::option::of(moment()),
        prop::option::of(moment()),
    )
        .prop_map(|((shop, is_test), statuses, is_overpaid, asset, from, before)| {
            let filter = Filter {
                shop: ShopId::new(1),
                mode: if is_test { Mode::Test } else { Mode::Live },
                statuses,
                is_overpaid,
                asset: asset.map(|place| {
                    let (network, currency) = ASSETS[place];
                    (
                        NetworkId::parse(network).unwrap(),
                        Currency::parse(currency).unwrap(),
                    )
                }),
                from: from.map(UnixMillis::new),
                before: before.map(UnixMillis::new),
            };
            (shop, filter)
        })
}

fn make(txn: &Txn<'_>, shop: ShopId, serial: i64, is_test: bool, at: i64, asset: Option<usize>) -> i64 {
    let unique = format!("{:032x}{:032x}", shop.get(), serial);
    let uuid = format!("{:08x}-0000-4000-8000-{serial:012x}", shop.get());
    let (network, currency) = asset.map(|place| ASSETS[place]).unzip();
    let chosen = asset.map(|_| "50");
    let sql = "INSERT INTO payments (store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor,
            network, currency, address, way, quoted, due, required, confirmations, rate, rate_source, external_id,
            customer_email, description, redirect_url, fail_url, metadata, created_ms, expires_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'api', 'selecting', 'USD', 5, ?7, ?8, CASE WHEN ?9 = '50' THEN ?3 END,
            CASE WHEN ?9 = '50' THEN 'pool' END, ?9, ?9, ?9, CASE WHEN ?9 = '50' THEN 3 END, CASE WHEN ?9 = '50' THEN '1' END,
            CASE WHEN ?9 = '50' THEN 'x' END, '', '', '', '', '', '{}', ?10, ?10)";
    let values = params![
        shop.get(),
        format!("PAY-{:04}-{serial:06}", shop.get()),
        unique,
        uuid,
        shop.get() * 1_000_000 + serial,
        if is_test { "test" } else { "live" },
        network,
        currency,
        chosen,
        at,
    ];
    txn.connection.execute(sql, values).unwrap();
    txn.connection.last_insert_rowid()
}

fn go(txn: &Txn<'_>, id: i64, edge: usize, seen: &str) {
    let sql = "SELECT status, network IS NOT NULL FROM payments WHERE id = ?1";
    let read = txn
        .connection
        .query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)));
    let (now, is_chosen): (String, bool) = read.unwrap();
    let may_be = |to| is_chosen || matches!(to, Status::Expired | Status::Cancelled);
    let Some(to) = next_status(&now, edge, may_be) else {
        return;
    };
    if !is_chosen && now != "selecting" {
        return;
    }
    let sql = "UPDATE payments SET status = ?2, seen = ?3, asked_ms = COALESCE(asked_ms, created_ms), confirmed_ms = 1
               WHERE id = ?1";
    txn.connection.execute(sql, params![id, to.word(), seen]).unwrap();
}

/// The numbers of all payments that a filter is about, newest first, by looking at every one.
fn wanted(txn: &Txn<'_>, filter: &Filter) -> Vec<i64> {
    let sql = "SELECT id, status, seen, network, currency, created_ms FROM payments WHERE store_id = ?1 AND mode = ?2
               ORDER BY created_ms DESC, id DESC";
    let mut statement = txn.connection.prepare(sql).unwrap();
    let mut rows = statement
        .query(params![filter.shop.get(), filter.mode.word()])
        .unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let status: Status = row.get::<_, String>("status").unwrap().parse().unwrap();
        let seen: i64 = row.get::<_, String>("seen").unwrap().parse().unwrap();
        let (network, currency): (Option<String>, Option<String>) =
            (row.get("network").unwrap(), row.get("currency").unwrap());
        let at: i64 = row.get("created_ms").unwrap();
        let is_over = seen > 50;
        let is_wanted = (filter.statuses.is_empty() || filter.statuses.contains(&status))
            && filter
                .is_overpaid
                .is_none_or(|wanted| status != Status::Paid || is_over == wanted)
            && filter.asset.as_ref().is_none_or(|(wanted, of)| {
                network.as_deref() == Some(wanted.as_str()) && currency.as_deref() == Some(of.as_str())
            })
            && filter.from.is_none_or(|from| at >= from.get())
            && filter.before.is_none_or(|before| at < before.get());
        if is_wanted {
            found.push(row.get("id").unwrap());
        }
    }
    found
}

fn closed(txn: &Txn<'_>) -> Vec<String> {
    let sql = "SELECT store_id, mode, status, network, currency, day, count, overpaid FROM day_closed WHERE count <> 0
               ORDER BY 1, 2, 3, 4, 5, 6";
    let mut statement = txn.connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let texts = (0..8).map(|place| row.get::<_, Value>(place).map(|value| format!("{value:?}")));
        texts.collect::<Result<Vec<_>, _>>().map(|texts| texts.join(" "))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn every_page_of_any_filter_after_any_history_is_what_the_payments_say() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let checked = database.write(|txn| {
        let mut runner = TestRunner::new(Config {
            cases: 48,
            failure_persistence: None,
            ..Config::default()
        });
        let serial = std::cell::Cell::new(0);
        let histories = (
            prop::collection::vec(step(), 1..60),
            prop::collection::vec((filter(), 0..5_u64, 1..5_u32), 1..12),
        );
        runner
            .run(&histories, |(steps, lists)| {
                serial.set(serial.get() + 1);
                let shops = two_shops(txn, serial.get());
                let mut payments = Vec::new();
                for step in &steps {
                    match *step {
                        Step::Made {
                            shop,
                            is_test,
                            at,
                            asset,
                        } => {
                            payments.push(make(txn, shops[shop], payments.len() as i64, is_test, at, asset));
                        }
                        Step::Goes { payment, edge, seen } if !payments.is_empty() => {
                            go(txn, payments[payment % payments.len()], edge, seen);
                        }
                        Step::Seen { payment, seen } if !payments.is_empty() => {
                            let id = payments[payment % payments.len()];
                            let sql = "UPDATE payments SET seen = ?2 WHERE id = ?1 AND network IS NOT NULL";
                            txn.connection.execute(sql, params![id, seen]).unwrap();
                        }
                        Step::Goes { .. } | Step::Seen { .. } => {}
                    }
                }
                // Those counts have tests of their own.
                figures::recount(txn).unwrap();
                for ((shop, filter), skipped, limit) in lists {
                    let filter = Filter {
                        shop: shops[shop],
                        ..filter
                    };
                    let all = wanted(txn, &filter);
                    let found = page(txn, &filter, skipped, limit).unwrap();
                    let part = all.iter().skip(skipped as usize).take(limit as usize);
                    let ids: Vec<i64> = found.payments.iter().map(|payment| payment.id.get()).collect();
                    assert_eq!(ids, part.copied().collect::<Vec<_>>(), "{filter:?}");
                    assert_eq!(found.total, all.len() as u64, "{filter:?}");
                }
                Ok(())
            })
            .unwrap();
        let counted = closed(txn);
        assert!(counted.len() > 100);
        recount(txn).unwrap();
        assert_eq!(counted, closed(txn));
        Ok::<_, StoreError>(())
    });
    checked.await.unwrap();
}

#[test]
fn the_migration_counts_as_a_recount_does() {
    let migration = include_str!("../../../migrations/V5__measured.sql");
    assert!(migration.contains(RECOUNT_SQL));
}

#[tokio::test]
async fn a_day_is_walked_in_an_index_and_sorted_by_it() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let read = database.read(|txn| {
        let all = Filter::all(ShopId::new(1), Mode::Live);
        let narrow = Filter {
            statuses: vec![Status::Paid, Status::Expired],
            is_overpaid: Some(false),
            asset: Some((
                NetworkId::parse("tron").unwrap(),
                Currency::parse("usdt").unwrap(),
            )),
            from: Some(UnixMillis::new(1)),
            ..all.clone()
        };
        for (filter, is_told_covering) in [(all, true), (narrow, false)] {
            let (sql, _) = of_day_sql(&filter);
            let mut statement = txn.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let nulls = vec![None::<i64>; statement.parameter_count()];
            let plan: String = statement.query_row(params_from_iter(nulls), |row| row.get("detail"))?;
            assert!(
                plan.contains("payments_of_store_by_time (store_id=? AND created_ms>? AND created_ms<?)"),
                "{plan}"
            );
            // A generated column is never told of as covered; it is read from the index all the same.
            assert_eq!(plan.contains("COVERING"), is_told_covering, "{plan}");
            page(txn, &filter, 0, 1)?;
        }
        Ok::<_, StoreError>(())
    });
    read.await.unwrap();
}
