//! Databases of earlier schemas, brought up to date with all that they hold.

use super::*;
use crate::ambient::SystemRandom;
use crate::domain::ids::{EndpointId, PaymentId, ShopId, TransferId};
use crate::domain::payment::Origin;
use crate::domain::shop::Format;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::store::{Database, deliveries, endpoints, inbox, payments, received, transfers};

#[tokio::test]
async fn a_database_of_the_first_schema_is_copied_and_brought_up_to_date_with_all_that_it_holds() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::in_directory(directory.path());
    let mut connection = Connection::open(&options.path).unwrap();
    let first = refinery::Target::Version(1);
    embedded::migrations::runner()
        .set_target(first)
        .run(&mut connection)
        .unwrap();
    let token = "0f".repeat(32);
    let rows = format!(
        "INSERT INTO stores VALUES (1, 'shop', 'payhook', NULL, 1, 1, 0, 'flag', 1);
        INSERT INTO payments VALUES (7, 1, 'PAY-2026-000001', '{token}', 'live',
            'paid', 'bsc', 'usdt', '0xA', '5', '5', 15, 'USD', 5, '1', 'fixed', '', '', '', '{{}}', '5', '5', '0x1', 9, 0, 1,
            2, 3);
        INSERT INTO addresses VALUES (1, 1, 'bsc', '0xA', x'00', 0, 7, 1, NULL);
        INSERT INTO transfers VALUES (1, 'bsc', '0x1', 0, 'usdt', '0xA', '5', 9, 'h', 1, 7, 'counted', 0, 1);
        INSERT INTO endpoints VALUES (1, 1, 'http://127.0.0.1/', 'payhook', 'payment.confirmed', x'00', 1, NULL);
        INSERT INTO events VALUES (1, 7, 'payment.confirmed', 1, 'paid', '5', '0x1', 15);"
    );
    connection.execute_batch(&rows).unwrap();
    drop(connection);

    // The key file is made anew with a database; this one was there before.
    drop(Vault::open(&options.key_file, true, &SystemRandom).unwrap());
    // A copy is there of a migration that was killed: it stands in nobody's way, and is kept.
    let copy = |name: &str| {
        directory
            .path()
            .join(format!("payd.before-schema-6{name}.sqlite"))
    };
    std::fs::write(copy(""), "of before").unwrap();
    let database = Database::open(&options, &SystemRandom).unwrap();
    assert_eq!(std::fs::read(copy(".older")).unwrap(), b"of before");
    let copied = Connection::open(copy("")).unwrap();
    assert_eq!(version(&copied).unwrap(), 1);
    let (payment, transfers) = database
        .read(|txn| {
            let id = PaymentId::new(7);
            Ok::<_, StoreError>((payments::by_id(txn, id)?, transfers::of_payment(txn, id)?))
        })
        .await
        .unwrap();
    let payment = payment.unwrap();
    assert_eq!(payment.price.fiat().map(|price| price.minor), Some(5));
    assert_eq!((payment.usd_cents, payment.origin), (Some(5), Origin::Api));
    let (sums, by_uuid, by_code, endpoints) = database
        .read(move |txn| {
            Ok::<_, StoreError>((
                received::of_shop(txn, ShopId::new(1))?,
                payments::by_uuid(txn, &payment.uuid)?,
                payments::by_code(txn, payment.code)?,
                endpoints::active_of_shop(txn, ShopId::new(1))?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(
        (sums[0].seen.get(), sums[0].settled.get()),
        (5, 5),
        "added up once"
    );
    assert!(by_uuid.is_some() && by_code.is_some());
    assert_eq!((endpoints[0].format, endpoints[0].key), (Format::Payhook, None));
    let payment = by_uuid.unwrap();
    assert_eq!((payment.chosen().unwrap().way, transfers.len()), (Way::Pool, 1));
    assert_eq!(payment.progress.latest.unwrap().height, Some(9));
    let entry = database
        .read(|txn| inbox::by_id(txn, TransferId::new(1)))
        .await
        .unwrap();
    assert_eq!(entry.unwrap().shop, Some(ShopId::new(1)), "whose address it was");
    let deleted = database
        .write(|txn| txn.run_sql("DELETE FROM payments WHERE id = 7"))
        .await;
    assert!(deleted.is_err(), "the triggers are there again");
    let orphan = database
        .write(|txn| txn.run_sql("UPDATE addresses SET held_by = 8 WHERE id = 1"))
        .await;
    assert!(orphan.is_err(), "what refers to what is watched again");
}

/// Every column of every payment of an open database.
fn all_of_payments(connection: &Connection) -> Vec<Vec<rusqlite::types::Value>> {
    let mut statement = connection.prepare("SELECT * FROM payments ORDER BY id").unwrap();
    let count = statement.column_count();
    let rows = statement.query_map([], |row| (0..count).map(|place| row.get(place)).collect());
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn payments_of_the_fifth_schema_are_the_same_in_the_seventh() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::in_directory(directory.path());
    let mut connection = Connection::open(&options.path).unwrap();
    let to = |version| embedded::migrations::runner().set_target(refinery::Target::Version(version));
    to(5).run(&mut connection).unwrap();
    connection
        .execute_batch("INSERT INTO stores (id, name, dialect, window_ms, cool_down_ms, tolerance_bps, late_policy, created_ms)
             VALUES (1, 'shop', 'soko', 1, 1, 0, 'flag', 1);")
        .unwrap();
    let statuses = [
        "selecting",
        "queued",
        "pending",
        "confirming",
        "underpaid",
        "paid",
        "expired",
        "cancelled",
        "failed",
    ];
    for (place, status) in statuses.into_iter().enumerate() {
        let way = ["pool", "xpub", "shared"][place % 3];
        let sql = format!(
            "INSERT INTO payments (id, store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor,
                 usd_cents, network, currency, address, way, quoted, due, required, confirmations, rate, rate_source,
                 external_id, customer_email, description, redirect_url, fail_url, metadata, seen, settled, latest_txid,
                 latest_height, settle_due, created_ms, asked_ms, expires_ms, confirmed_ms)
             VALUES ({place} + 1, 1, 'N{place}', 'T{place}', 'U{place}', {place} + 1, 'live', 'widget', '{status}', 'USD', 5, 6,
                 'bsc', 'usdt', '0x{place}', '{way}', '7', '8', '9', 10, '1.5', 'fixed', 'e', 'm', 'd', 'r', 'f', '{{}}', '90',
                 '11', 't', 12, 1, 13, 14, 15, 16)"
        );
        connection.execute(&sql, []).unwrap();
    }
    connection
        .execute_batch(
            "INSERT INTO events (payment_id, kind, at_ms, status, received, txid, confirmations)
             VALUES (6, 'payment.confirmed', 1, 'paid', '5', 't', 15);
             INSERT INTO addresses (id, store_id, network, address, mac, available_ms, held_by, created_ms, retired_ms, way,
                 wallet_id, child_index, proof, proved_ms)
             VALUES (7, 1, 'bsc', '0x3', x'01', 2, 4, 3, 4, 'pool', NULL, 5, 'eip191', 6);",
        )
        .unwrap();
    let address_of = |connection: &Connection| {
        let sql = "SELECT concat_ws(' ', id, store_id, network, address, hex(mac), available_ms, held_by, created_ms,
                       retired_ms, way, wallet_id, child_index, proof, proved_ms) FROM addresses";
        connection
            .query_row(sql, [], |row| row.get::<_, String>(0))
            .unwrap()
    };
    let address_before = address_of(&connection);
    let before = all_of_payments(&connection);
    migrate(&mut connection, &options.path).unwrap();
    let mut after = all_of_payments(&connection);
    for (row, status) in after.iter_mut().zip(statuses) {
        let is_open = ["selecting", "queued", "pending", "confirming"].contains(&status);
        assert_eq!(row.pop(), Some(i64::from(is_open).into()), "{status}");
    }
    assert_eq!(before, after);
    assert_eq!(address_before, address_of(&connection));
    // As before, no two live payments share an address; one that is over makes room.
    let taken = "UPDATE payments SET address = '0x3', way = 'pool' WHERE id = 3";
    assert!(connection.execute(taken, []).is_err());
    connection
        .execute("UPDATE payments SET status = 'expired' WHERE id = 4", [])
        .unwrap();
    connection.execute(taken, []).unwrap();
    for sql in [
        "UPDATE payments SET status = 'late' WHERE id = 3",
        "UPDATE payments SET way = 'other' WHERE id = 3",
        "UPDATE payments SET origin = 'other' WHERE id = 3",
        "UPDATE payments SET mode = 'other' WHERE id = 3",
        "UPDATE payments SET asked_ms = NULL WHERE id = 3",
        "UPDATE payments SET network = NULL WHERE id = 3",
        "DELETE FROM payments WHERE id = 3",
        "UPDATE addresses SET way = 'other'",
        "UPDATE addresses SET proof = 'other'",
        "UPDATE addresses SET held_by = 99",
        "DELETE FROM addresses",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
}

/// A payment of the second schema, in the columns that differ: id, mode, status, way, address, due, seen, settled, asked.
fn of_second_schema(
    (id, mode, status, way): (i64, &str, &str, &str),
    (address, due): (&str, &str),
    (seen, settled): (&str, &str),
    was_asked: bool,
) -> String {
    let token = format!("{id:02x}").repeat(32);
    let asked = if was_asked { "1" } else { "NULL" };
    let confirmed = if status == "paid" { "2" } else { "NULL" };
    let network = if mode == "test" { "test-bsc" } else { "bsc" };
    format!(
        "INSERT INTO payments (id, store_id, number, token, mode, status, network, currency, address, way, due, required,
             confirmations, price_currency, price_minor, rate, rate_source, external_id, customer_email, redirect_url,
             metadata, seen, settled, settle_due, created_ms, asked_ms, expires_ms, confirmed_ms)
         VALUES ({id}, 1, 'PAY-2026-{id:06}', '{token}', '{mode}', '{status}', '{network}', 'usdt', '{address}', '{way}',
             '{due}', '{due}', 15, 'EUR', 5, '1', 'fixed', 'o', 'm', 'r', '{{}}', '{seen}', '{settled}', 1, 1, {asked}, 9,
             {confirmed});"
    )
}

#[tokio::test]
async fn a_database_of_the_second_schema_keeps_payments_of_every_status_and_all_that_hangs_on_them() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::in_directory(directory.path());
    let mut connection = Connection::open(&options.path).unwrap();
    let second = refinery::Target::Version(2);
    embedded::migrations::runner()
        .set_target(second)
        .run(&mut connection)
        .unwrap();
    let none = ("0", "0");
    let rows = [
        "INSERT INTO stores VALUES (1, 'shop', 'crypto-pay', NULL, 1, 1, 0, 'flag', 1, 0);".to_owned(),
        of_second_schema((1, "live", "queued", "shared"), ("0xS", "7"), none, false),
        of_second_schema((2, "live", "pending", "shared"), ("0xS", "8"), none, true),
        of_second_schema((3, "live", "confirming", "pool"), ("0xA", "5"), ("5", "0"), true),
        of_second_schema((4, "live", "underpaid", "xpub"), ("0xB", "5"), ("3", "3"), true),
        of_second_schema((5, "live", "paid", "pool"), ("0xC", "5"), ("90000000000000000000", "90000000000000000000"), true),
        of_second_schema((6, "live", "expired", "shared"), ("0xS", "9"), none, false),
        of_second_schema((7, "live", "cancelled", "pool"), ("0xC", "5"), none, true),
        of_second_schema((8, "test", "paid", "pool"), ("0xT", "5"), ("5", "5"), true),
        "INSERT INTO slots VALUES ('bsc', '0xS', 'usdt', printf('%039d', 8), 2, 0);
         INSERT INTO addresses (id, store_id, network, address, mac, held_by, created_ms) VALUES (1, 1, 'bsc', '0xA', x'00', 3, 1);
         INSERT INTO unconfirmed (network, txid, position, currency, address, amount, payment_id, first_seen_ms)
             VALUES ('bsc', '0x1', 0, 'usdt', '0xA', '5', 3, 1);
         INSERT INTO idempotency_keys VALUES (1, 'live', 'k', x'00', 1, 1);
         INSERT INTO endpoints VALUES (1, 1, 'http://127.0.0.1/', 'payhook', 'payment.confirmed', x'00', 1, NULL);
         INSERT INTO events VALUES (1, 5, 'payment.confirmed', 1, 'paid', '5', '0x1', 15);
         INSERT INTO deliveries (event_id, endpoint_id, state, next_ms, created_ms) VALUES (1, 1, 'pending', 1, 1);"
            .to_owned(),
    ];
    connection.execute_batch(&rows.concat()).unwrap();
    drop(connection);
    drop(Vault::open(&options.key_file, true, &SystemRandom).unwrap());
    // Killed after the migration and before the sums; then started twice.
    let mut connection = crate::store::connect(&options, rusqlite::OpenFlags::default()).unwrap();
    migrate(&mut connection, &options.path).unwrap();
    drop(connection);
    Database::open(&options, &SystemRandom).unwrap().close().await;
    let database = Database::open(&options, &SystemRandom).unwrap();
    let (all, sums, due) = database
        .read(|txn| {
            let all = payments::page(txn, None, None, PaymentId::new(99), 99)?;
            let due = deliveries::due(txn, EndpointId::new(1), UnixMillis::from_seconds(1), 9)?;
            Ok::<_, StoreError>((all, received::of_shop(txn, ShopId::new(1))?, due))
        })
        .await
        .unwrap();
    let states: Vec<_> = all
        .iter()
        .rev()
        .map(|payment| {
            let ask = payment.chosen().unwrap();
            (payment.status.word(), ask.due.get(), payment.asked_at.is_some())
        })
        .collect();
    let expected = [
        ("queued", 7, false),
        ("pending", 8, true),
        ("confirming", 5, true),
        ("underpaid", 5, true),
        ("paid", 5, true),
        ("expired", 9, false),
        ("cancelled", 5, true),
        ("paid", 5, true),
    ];
    assert_eq!(states, expected);
    assert!(
        all.iter()
            .all(|payment| payment.chosen().unwrap().quoted == payment.chosen().unwrap().due)
    );
    assert!(
        all.iter()
            .all(|payment| payment.usd_cents.is_none() && payment.key.is_none())
    );
    let uuids: std::collections::BTreeSet<_> = all.iter().map(|payment| payment.uuid.as_str()).collect();
    let codes: std::collections::BTreeSet<_> = all.iter().map(|payment| payment.code.get()).collect();
    assert_eq!((uuids.len(), codes.len()), (8, 8));
    let version_four = |uuid: &&str| uuid[14..15] == *"4" && "89ab".contains(&uuid[19..20]);
    assert!(uuids.iter().all(version_four), "{uuids:?}");
    let sums: Vec<_> = sums
        .iter()
        .map(|sum| (sum.network.as_str(), sum.seen.get(), sum.settled.get()))
        .collect();
    let expected = [
        ("bsc", 90_000_000_000_000_000_008, 90_000_000_000_000_000_003),
        ("test-bsc", 5, 5),
    ];
    assert_eq!(sums, expected, "once");
    assert_eq!(due.len(), 1, "what was to be sent is still to be sent");
    for sql in [
        "UPDATE payments SET status = 'pending' WHERE id = 5",
        "UPDATE slots SET held_by = 99",
        "UPDATE unconfirmed SET payment_id = 99",
        "UPDATE deliveries SET endpoint_id = 99",
        "DELETE FROM payments",
    ] {
        assert!(
            database.write(move |txn| txn.run_sql(sql)).await.is_err(),
            "{sql}"
        );
    }
}
