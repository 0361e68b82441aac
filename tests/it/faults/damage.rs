//! A database file that is not as payd left it: refused at the start, or noticed while it runs, and never written to.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;

use rusqlite::Connection;

use super::{ask_for_payment, database, refused, shop};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::wait_until;

const PAGE_BYTES: u64 = 4096;

/// What is broken, and the breaking of it.
type Fault<'a> = (&'a str, Box<dyn Fn() + 'a>);

/// The first page of a table or an index.
fn page_of(daemon: &Daemon, name: &str) -> u64 {
    let sql = format!("SELECT rootpage FROM sqlite_schema WHERE name = '{name}'");
    u64::try_from(super::ask(daemon, &sql)).unwrap()
}

async fn with_payments() -> (Daemon, Key) {
    let (mut daemon, key) = shop().await;
    for number in 0..20 {
        assert_eq!(
            ask_for_payment(&daemon, &key, &format!("order-{number}"))
                .await
                .status,
            201
        );
    }
    assert!(daemon.stop().await.success());
    (daemon, key)
}

fn overwrite(daemon: &Daemon, page: u64, bytes: &[u8]) {
    let file = File::options()
        .write(true)
        .open(database(daemon))
        .expect("the database");
    file.write_all_at(bytes, (page - 1) * PAGE_BYTES)
        .expect("a write");
}

#[tokio::test]
async fn a_damaged_database_is_refused_with_what_to_do_and_left_as_it_is() {
    let (mut daemon, key) = with_payments().await;
    let path = database(&daemon);
    let good = fs::read(&path).unwrap();
    let (table, index) = (
        page_of(&daemon, "payments"),
        page_of(&daemon, "payments_of_store_by_mode"),
    );
    let garbage = [0xA5; PAGE_BYTES as usize];
    let faults: [Fault<'_>; 6] = [
        (
            "a page of a table",
            Box::new(|| overwrite(&daemon, table, &garbage)),
        ),
        (
            "a page of an index",
            Box::new(|| overwrite(&daemon, index, &garbage)),
        ),
        // Rows are there that the index does not know, which no page tells by itself.
        (
            "an index without its rows",
            Box::new(|| {
                let mut empty = [0; PAGE_BYTES as usize];
                (empty[0], empty[5], empty[6]) = (10, 0x10, 0);
                overwrite(&daemon, index, &empty);
            }),
        ),
        ("the head", Box::new(|| overwrite(&daemon, 1, &garbage))),
        (
            "half of it",
            Box::new(|| fs::write(&path, &good[..good.len() / 2]).unwrap()),
        ),
        ("all of it", Box::new(|| fs::write(&path, "").unwrap())),
    ];
    for (what, break_it) in &faults {
        fs::write(&path, &good).unwrap();
        break_it();
        let broken = fs::read(&path).unwrap();
        let said = refused(&daemon);
        assert!(
            said.contains("damaged") && said.contains("backup"),
            "{what}: {said}"
        );
        assert_eq!(fs::read(&path).unwrap(), broken, "{what}");
    }
    drop(faults);
    fs::write(&path, &good).unwrap();
    daemon.restart().await;
    let again = ask_for_payment(&daemon, &key, "order-7").await;
    assert_eq!(again.status, 200, "{again:?}");
}

#[tokio::test]
async fn a_log_that_was_damaged_is_refused_rather_than_cut_off() {
    let (mut daemon, key) = with_payments().await;
    daemon.restart().await;
    for number in 20..40 {
        assert_eq!(
            ask_for_payment(&daemon, &key, &format!("order-{number}"))
                .await
                .status,
            201
        );
    }
    daemon.kill();
    let log = daemon.data_dir().join("payd.sqlite-wal");
    let good = fs::read(&log).unwrap();
    let mut bad = good.clone();
    bad[32 + 24 + 100] ^= 0xA5;
    fs::write(&log, &bad).unwrap();
    let said = refused(&daemon);
    assert!(
        said.contains("payd.sqlite-wal is wrong at frame 1") && said.contains("backup"),
        "{said}"
    );
    assert_eq!(fs::read(&log).unwrap(), bad);
    // What a power failure tears off the end was promised to nobody.
    let mut torn = good.clone();
    torn.extend_from_slice(&good[32..32 + 1000]);
    fs::write(&log, &torn).unwrap();
    daemon.restart().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order-39").await.status, 200);
}

#[tokio::test]
async fn damage_that_is_met_while_payd_runs_ends_writing_and_is_said() {
    let (mut daemon, key) = with_payments().await;
    let starts = |daemon: &Daemon| daemon.log().matches("listens on").count();
    let before = starts(&daemon);
    daemon.restart().await;
    // It writes once more after it is ready, and says then where it listens.
    wait_until("payd to have started", || async {
        (starts(&daemon) > before).then_some(())
    })
    .await;
    // Another process brings the log into the file; then everything but the head is overwritten.
    let connection = Connection::open(database(&daemon)).unwrap();
    connection
        .busy_timeout(std::time::Duration::from_secs(10))
        .unwrap();
    connection.execute_batch("UPDATE meta SET value = value").unwrap();
    wait_until("the log to be brought in", || async {
        let busy: i64 = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .unwrap();
        (busy == 0).then_some(())
    })
    .await;
    let pages = fs::metadata(database(&daemon)).unwrap().len() / PAGE_BYTES;
    for page in 2..=pages {
        overwrite(&daemon, page, &[0xA5; PAGE_BYTES as usize]);
    }
    connection.execute_batch("PRAGMA user_version = 7").unwrap();
    drop(connection);
    wait_until("payd to say that it is damaged", || async {
        let refused = ask_for_payment(&daemon, &key, "another").await;
        assert!(refused.status >= 500, "{refused:?}");
        let (status, readiness) = daemon.readiness().await;
        let reason = readiness["not_ready"][0]["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (status == 503 && reason.contains("damaged") && refused.status == 503).then_some(())
    })
    .await;
    assert_eq!(daemon.get("/healthz", &[]).await.status, 200);
    let log = daemon.log();
    assert!(
        log.contains("the database file is damaged") && log.contains("backup"),
        "{log}"
    );
    assert!(!log.contains("panicked"), "{log}");
}
