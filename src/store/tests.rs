//! The store on a real file: groups of commits, guards in the schema, key and schema checks.

mod groups;
pub(in crate::store) mod histories;
mod indexes;
mod versions;
mod ways;

use super::*;
use crate::ambient::SystemRandom;
use crate::domain::asset::Currency;
use crate::domain::event::EventKind;
use crate::domain::ids::{AddressId, PaymentCode, PaymentId, PaymentToken, PaymentUuid, ShopId};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::{Ask, Order, Origin, Payment};
use crate::domain::price::Price;
use crate::domain::shop::{Dialect, Format, Rules};
use crate::domain::status::{self, Status};
use crate::domain::time::UnixMillis;

mod rates;

const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

struct Fixture {
    directory: tempfile::TempDir,
    database: Database,
}

fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    Fixture { directory, database }
}

fn network() -> NetworkId {
    NetworkId::parse("bsc").unwrap()
}

fn new_payment(shop: ShopId, address: &str, token: u8) -> payments::NewPayment {
    payments::NewPayment {
        shop,
        token: PaymentToken::from_random([token; 32]),
        uuid: PaymentUuid::from_random([token; 16]),
        code: PaymentCode::new(u64::from(token)).unwrap(),
        mode: Mode::Live,
        origin: Origin::Api,
        key: None,
        price: Price::Fiat(FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        }),
        usd_cents: Some(5000),
        ask: Some(Ask {
            network: network(),
            currency: Currency::parse("usdt").unwrap(),
            address: address.into(),
            way: crate::domain::wallet::Way::Pool,
            quoted: BaseUnits::new(u128::MAX),
            due: BaseUnits::new(u128::MAX),
            required: BaseUnits::new(1),
            confirmations: 15,
            rate: "1.0001".parse().unwrap(),
            rate_source: "fixed".to_owned(),
        }),
        order: Order {
            metadata: "{}".to_owned(),
            ..Order::default()
        },
        status: Status::Pending,
        created_at: NOW,
        expires_at: NOW,
    }
}

fn shop(txn: &Txn<'_>) -> ShopId {
    shops::insert(txn, "demo", Dialect::Payhook, None, &Rules::default(), NOW).unwrap()
}

#[tokio::test]
async fn a_payment_reads_back_as_it_was_written() {
    let fixture = fixture();
    let written: Payment = fixture
        .database
        .write(|txn| payments::insert(txn, new_payment(shop(txn), "0xA", 1)))
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    assert_eq!(written.number.as_str(), "PAY-2027-000001");
    let number = written.number.clone();
    let read = fixture
        .database
        .read(move |txn| payments::by_number(txn, &number))
        .await
        .unwrap();
    assert_eq!(read, Some(written));
}

#[tokio::test]
async fn two_live_payments_never_share_an_address() {
    let fixture = fixture();
    let second: Result<Payment, StoreError> = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            payments::insert(txn, new_payment(shop, "0xA", 1))?;
            payments::insert(txn, new_payment(shop, "0xA", 2))
        })
        .await;
    assert!(matches!(second, Err(StoreError::Sqlite(_))));
}

#[tokio::test]
async fn what_a_failed_write_did_is_undone_and_its_neighbours_stay() {
    let fixture = fixture();
    let kept = fixture
        .database
        .write(|txn| shops::insert(txn, "kept", Dialect::Soko, None, &Rules::default(), NOW));
    let failed = fixture.database.write(|txn| {
        shops::insert(txn, "undone", Dialect::Soko, None, &Rules::default(), NOW)?;
        Err::<(), _>(StoreError::Busy)
    });
    let panicked = fixture.database.write(|txn| {
        shops::insert(txn, "undone too", Dialect::Soko, None, &Rules::default(), NOW)?;
        if txn.connection.is_busy() || !txn.connection.is_autocommit() {
            panic!("a write that panics");
        }
        Ok::<(), StoreError>(())
    });
    let (kept, failed, panicked) = tokio::join!(kept, failed, panicked);
    assert!(kept.is_ok() && failed.is_err() && panicked.is_err());
    let names: Vec<String> = fixture
        .database
        .read(shops::all)
        .await
        .unwrap()
        .into_iter()
        .map(|shop| shop.name)
        .collect();
    assert_eq!(names, ["kept"]);
}

/// Brings a payment to `status` along legal edges, which the trigger has to let pass.
fn brought_to(status: Status, path: &mut Vec<Status>) -> bool {
    let now = *path.last().unwrap();
    if now == status {
        return true;
    }
    for (_, then) in status::EDGES.iter().filter(|(from, _)| *from == now) {
        if !path.contains(then) {
            path.push(*then);
            if brought_to(status, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}

#[tokio::test]
async fn the_database_refuses_exactly_the_changes_of_status_that_the_rules_refuse() {
    let fixture = fixture();
    let mut token = 0;
    for from in [
        Status::Pending,
        Status::Confirming,
        Status::Underpaid,
        Status::Paid,
        Status::Expired,
        Status::Cancelled,
    ] {
        for to in Status::ALL.iter().copied().filter(|to| *to != from) {
            token += 1;
            let mut path = vec![Status::Pending];
            assert!(brought_to(from, &mut path));
            let changed: Result<(), StoreError> = fixture
                .database
                .write(move |txn| {
                    let shop = shops::by_name(txn, "demo")?.map_or_else(|| shop(txn), |shop| shop.id);
                    let mut payment = payments::insert(txn, new_payment(shop, &format!("0x{token}"), token))?;
                    payment.confirmed_at = Some(NOW);
                    for status in path {
                        payment.status = status;
                        payments::update(txn, &payment).unwrap();
                    }
                    payment.status = to;
                    payments::update(txn, &payment)
                })
                .await;
            assert_eq!(
                changed.is_ok(),
                status::EDGES.contains(&(from, to)),
                "{from} to {to}"
            );
        }
    }
}

#[tokio::test]
async fn an_event_makes_one_delivery_for_each_endpoint_that_wants_it() {
    let fixture = fixture();
    let deliveries = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            let new = endpoints::NewEndpoint {
                shop,
                url: "http://127.0.0.1/",
                format: Format::Payhook,
                key: None,
                events: &[EventKind::Confirmed],
                secret: "s",
            };
            let wants = endpoints::insert(txn, &new, NOW, &SystemRandom)?;
            endpoints::insert(
                txn,
                &endpoints::NewEndpoint {
                    events: &[EventKind::Expired],
                    ..new.clone()
                },
                NOW,
                &SystemRandom,
            )?;
            let off = endpoints::insert(txn, &new, NOW, &SystemRandom)?;
            endpoints::disable(txn, off, NOW)?;
            let payment = payments::insert(txn, new_payment(shop, "0xA", 1))?;
            let event = events::record(txn, &payment, EventKind::Confirmed, "0x1", 15, NOW)?.id;
            assert!(
                deliveries::insert(txn, event, wants, None, NOW).is_err(),
                "the same event a second time"
            );
            let of_payment = deliveries::of_payment(txn, payment.id)?;
            assert_eq!(
                of_payment
                    .iter()
                    .map(|delivery| delivery.endpoint)
                    .collect::<Vec<_>>(),
                [wants]
            );
            deliveries::due(txn, wants, NOW, 10)
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    assert_eq!(deliveries.len(), 1);
}

#[tokio::test]
async fn an_address_that_was_swapped_in_the_database_is_noticed() {
    let fixture = fixture();
    let address = crate::domain::address::Address::from_evm_account([7; 20]);
    let free = fixture
        .database
        .write(move |txn| {
            let shop = shop(txn);
            addresses::insert(txn, shop, &network(), &address, NOW)?;
            assert!(
                addresses::longest_free(txn, shop, &network(), NOW, 1, |_| true)?
                    .iter()
                    .all(|row| row.is_authentic)
            );
            txn.connection.execute(
                "UPDATE addresses SET address = '0x000000000000000000000000000000000000dEaD'",
                [],
            )?;
            addresses::longest_free(txn, shop, &network(), NOW, 1, |_| true)
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    assert_eq!(
        free.iter().map(|row| row.is_authentic).collect::<Vec<_>>(),
        [false]
    );
    let watched = fixture
        .database
        .read(|txn| addresses::of_network(txn, &network(), AddressId::new(0), 10))
        .await;
    assert_eq!(watched.unwrap().len(), 1);
}

#[tokio::test]
async fn a_database_under_another_key_or_from_a_newer_payd_is_refused() {
    let Fixture { directory, database } = fixture();
    database.close().await;
    let options = Options::in_directory(directory.path());
    let other = tempfile::tempdir().unwrap();
    let elsewhere = Database::open(&Options::in_directory(other.path()), &SystemRandom).unwrap();
    elsewhere.close().await;

    let swapped = Options {
        key_file: other.path().join("payd.key"),
        ..options.clone()
    };
    assert!(matches!(
        Database::open(&swapped, &SystemRandom),
        Err(StoreError::WrongKey { .. })
    ));
    let lost = Options {
        key_file: directory.path().join("gone"),
        ..options.clone()
    };
    assert!(matches!(
        Database::open(&lost, &SystemRandom),
        Err(StoreError::KeyFile { .. })
    ));

    let connection = connect(&options, OpenFlags::default()).unwrap();
    connection
        .execute(
            "UPDATE refinery_schema_history SET version = 999 WHERE version = 2",
            [],
        )
        .unwrap();
    assert!(matches!(
        Database::open(&options, &SystemRandom),
        Err(StoreError::NewerSchema { found: 999, .. })
    ));
}

#[tokio::test]
async fn closing_waits_for_what_was_written_and_a_backup_holds_it() {
    let Fixture { directory, database } = fixture();
    for index in 0..50 {
        let database = database.clone();
        let name = format!("shop {index}");
        database
            .write(move |txn| shops::insert(txn, &name, Dialect::Soko, None, &Rules::default(), NOW))
            .await
            .unwrap();
    }
    database.close().await;
    let options = Options::in_directory(directory.path());
    let copies = schema::back_up_to(&options, &directory.path().join("copy")).unwrap();
    assert_eq!(copies.len(), 2);
    let copy = Options::in_directory(&directory.path().join("copy"));
    assert!(
        schema::back_up_to(&options, &directory.path().join("copy")).is_err(),
        "never over an older backup"
    );
    let copy = Database::open(&copy, &SystemRandom).unwrap();
    assert_eq!(copy.read(shops::all).await.unwrap().len(), 50);
}

#[tokio::test]
async fn payments_are_listed_by_page_newest_first() {
    let fixture = fixture();
    let pages = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            for token in 1..=5 {
                let mode = if token == 4 { Mode::Test } else { Mode::Live };
                let new = new_payment(shop, &format!("0x{token}"), token);
                payments::insert(txn, payments::NewPayment { mode, ..new })?;
            }
            let first = payments::page(txn, Some(shop), None, PaymentId::new(i64::MAX), 2)?;
            let of_all = payments::page(txn, None, Some(Status::Pending), PaymentId::new(i64::MAX), 2)?;
            assert_eq!(of_all, first);
            let second = payments::page(
                txn,
                Some(shop),
                Some(Status::Pending),
                first.last().unwrap().id,
                2,
            )?;
            Ok::<_, StoreError>(
                [first, second].map(|page| page.iter().map(|payment| payment.id.get()).collect::<Vec<_>>()),
            )
        })
        .await
        .unwrap();
    assert_eq!(pages, [vec![5, 4], vec![3, 2]]);
}

#[tokio::test]
async fn a_sum_that_is_too_large_holds_up_no_payment() {
    let fixture = fixture();
    let sums: Result<_, StoreError> = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            for (address, token) in [("0xA", 1), ("0xB", 2)] {
                let mut payment = payments::insert(txn, new_payment(shop, address, token))?;
                payment.progress.seen = BaseUnits::new(u128::MAX);
                payments::update(txn, &payment)?;
            }
            received::of_shop(txn, shop)
        })
        .await;
    assert_eq!(sums.unwrap()[0].seen, BaseUnits::new(u128::MAX));
}
