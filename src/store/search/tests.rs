//! The list over a real file: what is found, page by page, and from which index.

use super::*;
use crate::ambient::SystemRandom;
use crate::domain::ids::{PaymentToken, PaymentUuid};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::payment::{Ask, Order};
use crate::domain::price::Price;
use crate::domain::shop::{Dialect, Rules};
use crate::domain::wallet::Way;
use crate::store::payments::NewPayment;
use crate::store::{Database, Options, shops};

const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);
const HOUR_MS: i64 = 60 * 60 * 1000;

fn network() -> NetworkId {
    NetworkId::parse("bsc").unwrap()
}

fn usdt() -> Currency {
    Currency::parse("usdt").unwrap()
}

fn dollars(minor: u64) -> FiatAmount {
    FiatAmount {
        currency: Fiat::Usd,
        minor,
    }
}

/// The `number`th payment, made an hour after the one before it.
fn new(shop: ShopId, number: u8) -> NewPayment {
    let made = UnixMillis::new(NOW.get() + i64::from(number) * HOUR_MS);
    NewPayment {
        shop,
        token: PaymentToken::from_random([number; 32]),
        uuid: PaymentUuid::from_random([number; 16]),
        code: PaymentCode::new(u64::from(number)).unwrap(),
        mode: Mode::Live,
        origin: Origin::Api,
        key: None,
        price: Price::Fiat(dollars(u64::from(number) * 100)),
        usd_cents: None,
        ask: Some(Ask {
            network: network(),
            currency: usdt(),
            address: format!("0x{number}").into(),
            way: Way::Pool,
            quoted: BaseUnits::new(5),
            due: BaseUnits::new(5),
            required: BaseUnits::new(5),
            confirmations: 1,
            rate: "1".parse().unwrap(),
            rate_source: "fixed".to_owned(),
        }),
        order: Order {
            external_id: format!("order-{number}"),
            customer_email: "ann@example.com".to_owned(),
            metadata: "{}".to_owned(),
            ..Order::default()
        },
        status: crate::domain::status::Status::Pending,
        created_at: made,
        expires_at: made,
    }
}

/// Runs `check` over a database with two shops.
fn with_shops(check: impl FnOnce(&Txn<'_>, ShopId, ShopId) + Send + 'static) {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.unwrap().block_on(database.write(move |txn| {
        let shop = |name| shops::insert(txn, name, Dialect::Payhook, None, &Rules::default(), NOW);
        check(txn, shop("own")?, shop("other")?);
        Ok::<_, StoreError>(())
    }));
    done.unwrap();
}

fn insert(txn: &Txn<'_>, payment: NewPayment) -> PaymentId {
    payments::insert(txn, payment).unwrap().id
}

fn rows(page: &Page) -> Vec<i64> {
    page.payments.iter().map(|payment| payment.id.get()).collect()
}

#[test]
fn pages_go_to_older_payments_and_back_again() {
    with_shops(|txn, own, other| {
        for number in 1..=5 {
            insert(txn, new(own, number));
        }
        insert(txn, new(other, 6));
        let wanted = Wanted::all(own);
        let at = |turn| page(txn, &wanted, None, turn, 2).unwrap();
        let first = at(Turn::Newest);
        assert_eq!(rows(&first), [5, 4]);
        let second = at(Turn::Before(first.goes_on_at.unwrap()));
        assert_eq!(rows(&second), [3, 2]);
        let third = at(Turn::Before(second.goes_on_at.unwrap()));
        assert_eq!((rows(&third), third.goes_on_at), (vec![1], None));
        let back = at(Turn::After(PaymentId::new(1)));
        assert_eq!(
            (rows(&back), back.goes_on_at),
            (vec![3, 2], Some(PaymentId::new(3)))
        );
        assert_eq!(at(Turn::After(PaymentId::new(3))).goes_on_at, None);
    });
}

#[test]
fn every_filter_keeps_what_fits_and_together_they_keep_what_fits_all() {
    with_shops(|txn, own, _| {
        insert(txn, new(own, 1));
        let test = NewPayment {
            mode: Mode::Test,
            ..new(own, 2)
        };
        insert(txn, test);
        let gift = NewPayment {
            origin: Origin::Donation,
            ..new(own, 3)
        };
        insert(txn, gift);
        insert(txn, new(own, 4));
        txn.run_sql("UPDATE payments SET status = 'expired' WHERE id = 4")
            .unwrap();
        let choosing = NewPayment {
            ask: None,
            status: Status::Selecting,
            ..new(own, 5)
        };
        insert(txn, choosing);
        let all = || Wanted::all(own);
        let hours = |count: i64| Some(UnixMillis::new(NOW.get() + count * HOUR_MS));
        let cases: [(Wanted, &[i64]); 11] = [
            (all(), &[5, 4, 3, 2, 1]),
            (
                Wanted {
                    statuses: vec![Status::Expired, Status::Selecting],
                    ..all()
                },
                &[5, 4],
            ),
            (
                Wanted {
                    mode: Some(Mode::Test),
                    ..all()
                },
                &[2],
            ),
            (
                Wanted {
                    origin: Some(Origin::Donation),
                    ..all()
                },
                &[3],
            ),
            (
                Wanted {
                    origin: Some(Origin::Api),
                    ..all()
                },
                &[5, 4, 2, 1],
            ),
            (
                Wanted {
                    asset: Some((network(), usdt())),
                    ..all()
                },
                &[4, 3, 2, 1],
            ),
            (
                Wanted {
                    from: hours(2),
                    before: hours(4),
                    ..all()
                },
                &[3, 2],
            ),
            (
                Wanted {
                    from: hours(500),
                    ..all()
                },
                &[],
            ),
            (
                Wanted {
                    price_min: Some(dollars(200)),
                    price_max: Some(dollars(300)),
                    ..all()
                },
                &[3, 2],
            ),
            (
                Wanted {
                    statuses: vec![Status::Pending],
                    mode: Some(Mode::Live),
                    asset: Some((network(), usdt())),
                    ..all()
                },
                &[3, 1],
            ),
            (
                Wanted {
                    statuses: vec![Status::Expired],
                    origin: Some(Origin::Donation),
                    ..all()
                },
                &[],
            ),
        ];
        for (wanted, expected) in cases {
            let found = page(txn, &wanted, None, Turn::Newest, 10).unwrap();
            assert_eq!(rows(&found), expected, "{wanted:?}");
            assert_eq!(found.goes_on_at, None, "{wanted:?}");
        }
    });
}

#[test]
fn a_search_finds_by_number_order_email_uuid_code_transaction_and_address_in_its_own_shop_only() {
    with_shops(|txn, own, other| {
        let mut written = payments::insert(txn, new(own, 1)).unwrap();
        insert(txn, new(own, 12));
        insert(txn, new(other, 2));
        txn.run_sql(
            "INSERT INTO transfers (network, txid, position, currency, address, amount, height, block_hash, block_ms,
                 payment_id, judgement, recorded_ms, store_id)
             VALUES ('bsc', '0xabc', 0, 'usdt', '0x1', '5', 1, 'h', 1, 1, 'counted', 1, 1)",
        )
        .unwrap();
        written.order.external_id.clear();
        let texts = |text: &str| Clues {
            texts: vec![text.to_owned()],
            ..Clues::default()
        };
        let cases: [(Clues, &[i64]); 11] = [
            (
                Clues {
                    number: Some(written.number.clone()),
                    ..Clues::default()
                },
                &[1],
            ),
            (
                Clues {
                    uuid: Some(written.uuid.clone()),
                    ..Clues::default()
                },
                &[1],
            ),
            (
                Clues {
                    code: PaymentCode::new(12),
                    ..Clues::default()
                },
                &[2],
            ),
            (
                Clues {
                    code: PaymentCode::new(2),
                    ..Clues::default()
                },
                &[],
            ),
            (texts("order-1"), &[2, 1]),
            (texts("order-12"), &[2]),
            (texts("order-2"), &[]),
            (texts("ann@example.com"), &[2, 1]),
            (texts("nobody@example.com"), &[]),
            (
                Clues {
                    txids: vec!["0xabc".to_owned()],
                    ..Clues::default()
                },
                &[1],
            ),
            (
                Clues {
                    addresses: vec![(network(), "0x12".to_owned())],
                    ..Clues::default()
                },
                &[2],
            ),
        ];
        for (clues, expected) in cases {
            let (found, is_more) = find(txn, own, &clues).unwrap();
            let found: Vec<i64> = found.iter().map(|id| id.get()).collect();
            assert_eq!((&*found, is_more), (expected, false), "{clues:?}");
        }
        let (among, _) = find(txn, own, &texts("order-1")).unwrap();
        let found = page(txn, &Wanted::all(own), Some(&among), Turn::Newest, 1).unwrap();
        assert_eq!(
            (rows(&found), found.goes_on_at),
            (vec![2], Some(PaymentId::new(2)))
        );
        let nothing = page(txn, &Wanted::all(own), Some(&[]), Turn::Newest, 1).unwrap();
        assert_eq!(nothing, Page::default());
    });
}

#[test]
fn a_page_that_finds_little_ends_and_says_where_it_goes_on() {
    with_shops(|txn, own, _| {
        insert(txn, new(own, 1));
        txn.run_sql(
            "INSERT INTO payments (store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor,
                 external_id, customer_email, description, redirect_url, fail_url, metadata, created_ms, expires_ms)
             WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2550)
             SELECT 1, 'N' || i, 'T' || i, 'U' || i, i, 'live', 'api', 'selecting', 'USD', 5, '', '', '', '', '', '{}', 1, 1
             FROM n",
        )
        .unwrap();
        let wanted = Wanted {
            price_min: Some(dollars(100)),
            ..Wanted::all(own)
        };
        let first = page(txn, &wanted, None, Turn::Newest, 50).unwrap();
        assert_eq!(
            (rows(&first), first.goes_on_at),
            (vec![], Some(PaymentId::new(51)))
        );
        let second = page(txn, &wanted, None, Turn::Before(first.goes_on_at.unwrap()), 50).unwrap();
        assert_eq!((rows(&second), second.goes_on_at), (vec![1], None));
    });
}

fn plan(txn: &Txn<'_>, sql: &str) -> String {
    let mut statement = txn
        .connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push(row.get::<_, String>("detail").unwrap());
    }
    plan.join("; ")
}

#[test]
fn the_list_is_walked_by_an_index_whatever_is_asked() {
    with_shops(|txn, own, _| {
        let all = || Wanted::all(own);
        let cases = [
            (all(), "payments_of_store_by_mode", true),
            (
                Wanted {
                    statuses: vec![Status::Paid],
                    ..all()
                },
                "payments_of_store_by_status",
                true,
            ),
            (
                Wanted {
                    statuses: vec![Status::Paid, Status::Expired],
                    mode: Some(Mode::Live),
                    ..all()
                },
                "payments_of_store_by_status",
                true,
            ),
            (
                Wanted {
                    mode: Some(Mode::Test),
                    ..all()
                },
                "payments_of_store_by_mode",
                true,
            ),
            (
                Wanted {
                    asset: Some((network(), usdt())),
                    mode: Some(Mode::Live),
                    ..all()
                },
                "payments_of_store_by_currency",
                true,
            ),
            (
                Wanted {
                    origin: Some(Origin::Widget),
                    ..all()
                },
                "payments_of_store_by_origin",
                true,
            ),
            (
                Wanted {
                    statuses: vec![Status::Paid],
                    origin: Some(Origin::Api),
                    from: Some(UnixMillis::new(1)),
                    before: Some(UnixMillis::new(i64::MAX)),
                    price_min: Some(dollars(1)),
                    price_max: Some(dollars(9)),
                    ..all()
                },
                "payments_of_store_by_mode",
                true,
            ),
            (
                Wanted {
                    statuses: vec![Status::Pending],
                    asset: Some((network(), usdt())),
                    ..all()
                },
                "payments_of_store_by_status",
                false,
            ),
            (
                Wanted {
                    statuses: vec![Status::Paid],
                    asset: Some((network(), usdt())),
                    mode: Some(Mode::Live),
                    price_min: Some(dollars(1)),
                    ..all()
                },
                "payments_of_store_by_currency",
                false,
            ),
        ];
        insert(txn, new(own, 1));
        for (wanted, index, is_covered) in cases {
            for turn in [
                Turn::Newest,
                Turn::Before(PaymentId::new(9)),
                Turn::After(PaymentId::new(0)),
            ] {
                let walk = Walk::new(txn, &wanted, turn, 50).unwrap().unwrap();
                let plan = plan(txn, &walk.sql);
                let by = format!("INDEX {index} (");
                assert!(
                    plan.contains(&by) && !plan.contains("SCAN") && !plan.contains("TEMP"),
                    "{wanted:?}: {plan}"
                );
                assert_eq!(plan.contains("COVERING"), is_covered, "{wanted:?}: {plan}");
                let looked_at_max = if is_covered { ENTRIES_MAX } else { ROWS_MAX };
                assert!(walk.looked_at_max <= looked_at_max, "{wanted:?}");
            }
        }
        for (sql, index) in [
            (
                OF_EMAIL,
                "payments_by_email (store_id=? AND customer_email=? AND id",
            ),
            (OF_ORDER, "payments_by_external_id (store_id=? AND external_id=?)"),
            (
                OF_ORDERS,
                "payments_by_external_id (store_id=? AND external_id>? AND external_id<?)",
            ),
            (OF_TXID, "transfers_once (network=? AND txid=?)"),
            (OF_ORPHANED, "transfers_orphaned (network=? AND txid=?)"),
            (OF_WAITING, "unconfirmed_once (network=? AND txid=?)"),
            (OF_ADDRESS, "payments_of_address (network=? AND address=?"),
            (OF_ADDRESS, "payments_live_address (network=? AND address=?"),
            (
                FIRST_SINCE,
                "payments_of_store_by_time (store_id=? AND created_ms>?)",
            ),
            (
                LAST_UNTIL,
                "payments_of_store_by_time (store_id=? AND created_ms<?)",
            ),
        ] {
            let plan = plan(txn, sql);
            let index = index.trim_end_matches(" AND id");
            assert!(
                plan.contains(index.trim_end_matches(')')) && !plan.contains("TEMP B-TREE"),
                "{sql}: {plan}"
            );
        }
    });
}
