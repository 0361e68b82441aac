//! Migrations, the copy made before them, and the check that key file and database belong together.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::StoreError;
use super::vault::Vault;
use super::{Options, files};
use crate::ambient::Random;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Brings the schema up to date. An existing database is copied beside itself first.
///
/// # Errors
/// [`StoreError::NewerSchema`], [`StoreError::Migration`]; the database is then as it was.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let runner = embedded::migrations::runner();
    let known = runner
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()))
        .max()
        .unwrap_or(0);
    let found = version(connection)?;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let copy = path.with_extension(format!("before-schema-{known}.sqlite"));
        // One that is there is of a migration that was broken off, or from before a return to an older payd.
        if copy.exists() {
            let older = path.with_extension(format!("before-schema-{known}.older.sqlite"));
            std::fs::rename(&copy, &older).map_err(files::failed(&copy))?;
        }
        back_up(connection, &copy)?;
        sort_beside(connection, path)?;
        tracing::info!(copy = %copy.display(), "copied the database before changing its schema");
    }
    // A table can only be rebuilt while nothing holds on to its rows; what refers to what is checked afterwards.
    connection.pragma_update(None, "foreign_keys", false)?;
    let report = runner.set_grouped(true).run(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    report.map_err(|error| StoreError::Migration(error.to_string()))?;
    let dangling = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if dangling {
        let reason = "rows refer to others that are not there; put the copy back and report this";
        return Err(StoreError::Migration(reason.to_owned()));
    }
    Ok(())
}

/// Has what is sorted for new indexes go to files beside the database, where there is room for a copy of it: there may be more
/// than there is memory for, and less room where others put such files.
fn sort_beside(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let directory = path.parent().and_then(Path::to_str).unwrap_or_default();
    connection.pragma_update(None, "temp_store_directory", directory)?;
    Ok(connection.pragma_update(None, "temp_store", "FILE")?)
}

/// The schema version of an open database; 0 when it is empty.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    let is_there = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'",
            [],
            |_| Ok(()),
        )
        .optional()?;
    if is_there.is_none() {
        return Ok(0);
    }
    Ok(connection.query_row(
        "SELECT COALESCE(MAX(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )?)
}

/// Copies an open database, as it is at this moment, into a new file, which is there whole or not at all.
///
/// # Errors
/// [`StoreError::File`] when `copy` exists already or cannot be put there, [`StoreError::Sqlite`] or
/// [`StoreError::Hindered`] when it cannot be written.
pub(super) fn back_up(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    let failed = files::failed(copy);
    if copy.exists() {
        return Err(failed(already_there()));
    }
    let part = files::part_of(copy);
    let Some(text) = part.to_str() else {
        return Err(failed(std::io::Error::new(
            std::io::ErrorKind::InvalidFilename,
            "is not UTF-8",
        )));
    };
    // SQLite writes into an empty file that is there: so it is closed to others from its first byte on, and no link that
    // somebody laid there leads it elsewhere.
    let written =
        make_new(&part).and_then(|()| Ok(connection.execute("VACUUM INTO ?1", params![text]).map(|_| ())?));
    if let Err(error) = written {
        files::remove(&part);
        return Err(error);
    }
    files::put_in_place(&part, copy).map_err(failed)
}

fn already_there() -> std::io::Error {
    std::io::Error::new(
        std::io::ErrorKind::AlreadyExists,
        "is there already; move it away",
    )
}

fn make_new(path: &Path) -> Result<(), StoreError> {
    write_private(path, &[]).map_err(files::failed(path))
}

/// Makes the database file, when it is not there, and closes it to others, with the side files that a stop in disorder
/// has left: a new one gets the mode of the database from SQLite.
pub(super) fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .and_then(|_| restrict(path))
        .and_then(|()| {
            let besides = ["-wal", "-shm"].map(|end| {
                let mut name = path.as_os_str().to_owned();
                name.push(end);
                PathBuf::from(name)
            });
            besides
                .iter()
                .filter(|side| side.exists())
                .try_for_each(|side| restrict(side))
        });
    made.map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })
}

fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

/// Copies the database of `options` and its key file into `directory`, while a daemon may be writing to it. The database
/// comes last: where it is, the copy is whole.
///
/// # Errors
/// As for opening the database, and [`StoreError::File`] when a file is there already or cannot be written.
pub fn back_up_to(options: &Options, directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let connection = super::connect(options, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    files::make_directory(directory).map_err(files::failed(directory))?;
    let place = |path: &Path| directory.join(path.file_name().unwrap_or_default());
    let (copy, key_copy) = (place(&options.path), place(&options.key_file));
    if copy.exists() {
        return Err(files::failed(&copy)(already_there()));
    }
    copy_new(&options.key_file, &key_copy)?;
    back_up(&connection, &copy)?;
    Ok(vec![copy, key_copy])
}

/// Copies a key file. The same one is there already where a former copy was broken off.
fn copy_new(from: &Path, to: &Path) -> Result<(), StoreError> {
    let bytes = std::fs::read(from).map(zeroize::Zeroizing::new);
    let bytes = bytes.map_err(files::failed(from))?;
    if std::fs::read(to)
        .map(zeroize::Zeroizing::new)
        .is_ok_and(|there| *there == *bytes)
    {
        return Ok(());
    }
    let part = files::part_of(to);
    write_private(&part, &bytes).map_err(files::failed(&part))?;
    files::put_in_place(&part, to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => files::failed(to)(already_there()),
        _ => files::failed(to)(error),
    })
}

/// Writes a new file that only this user may read.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

const KEY_CHECK: &str = "key_check";
const KEY_CHECK_TEXT: &[u8] = b"payd";

/// Seals a known word on the first start and opens it on every other: another key does not open it.
pub(super) fn check_key(
    connection: &Connection,
    vault: &Vault,
    options: &Options,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let sealed: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM meta WHERE name = ?1", [KEY_CHECK], |row| {
            row.get("value")
        })
        .optional()?;
    let Some(sealed) = sealed else {
        let sealed = vault.seal("meta", KEY_CHECK_TEXT, random)?;
        connection.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)",
            params![KEY_CHECK, sealed],
        )?;
        return Ok(());
    };
    match vault.open_sealed("meta", &sealed) {
        Ok(word) if word.as_slice() == KEY_CHECK_TEXT => Ok(()),
        _ => Err(StoreError::WrongKey {
            path: options.key_file.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
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
    fn payments_of_the_fifth_schema_are_the_same_in_the_sixth() {
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
}
