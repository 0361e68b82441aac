//! payd killed while it makes or writes files: what is left is cleared away, and nothing half-written is ever taken for whole.

use std::fs;

use super::{ask_for_payment, database, refused, shop};
use crate::harness::daemon::Daemon;

#[tokio::test]
async fn what_a_kill_left_of_files_that_were_being_made_is_cleared_away_at_the_next_start() {
    let (mut daemon, key) = shop().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 201);
    daemon.kill();
    let left = [
        "payd.sqlite.part-5000000",
        "payd.sqlite.part-5000000-wal",
        "payd.key.part-5000000",
        "payd.sqlite.copy.tmp.part-5000000",
        "payd.before-schema-4.sqlite.part-5000000",
        "networks.toml.1",
    ];
    for name in left {
        fs::write(daemon.data_dir().join(name), "half").unwrap();
    }
    daemon.restart().await;
    for name in left {
        assert!(!daemon.data_dir().join(name).exists(), "{name}");
    }
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 200);
}

#[tokio::test]
async fn a_first_start_that_was_killed_at_any_moment_can_be_made_again() {
    let mut daemon = Daemon::prepare("");
    for wait_ms in [0, 2, 4, 6, 8, 10, 13, 16, 20, 25, 30, 40] {
        for name in ["payd.key", "payd.sqlite", "payd.sqlite-wal", "payd.sqlite-shm"] {
            let _ = fs::remove_file(daemon.data_dir().join(name));
        }
        daemon.launch();
        // The moment is what is tested; nothing is waited for.
        tokio::time::sleep(std::time::Duration::from_millis(wait_ms)).await;
        daemon.kill();
        assert_ne!(fs::metadata(database(&daemon)).map_or(1, |file| file.len()), 0);
        daemon.restart().await;
        assert!(daemon.stop().await.success());
    }
}

#[tokio::test]
async fn a_backup_that_was_broken_off_is_made_again_and_none_is_written_over() {
    let (daemon, _) = shop().await;
    let copies = tempfile::tempdir().unwrap();
    let text = copies.path().to_str().unwrap();
    // Of one that was killed: the key file was there first.
    fs::copy(daemon.data_dir().join("payd.key"), copies.path().join("payd.key")).unwrap();
    fs::write(copies.path().join("payd.sqlite.part-5000000"), "half").unwrap();
    daemon.cli(&["backup", text]);
    let made = fs::read(copies.path().join("payd.sqlite")).unwrap();
    let again = daemon.try_cli(&["backup", text]);
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        !again.status.success() && said.contains("is there already; move it away"),
        "{said}"
    );
    assert_eq!(fs::read(copies.path().join("payd.sqlite")).unwrap(), made);
}

#[tokio::test]
async fn a_database_that_is_gone_is_not_begun_anew_over_its_log() {
    let (mut daemon, key) = shop().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 201);
    daemon.kill();
    let aside = daemon.data_dir().join("aside");
    fs::rename(database(&daemon), &aside).unwrap();
    let said = refused(&daemon);
    assert!(
        said.contains("payd.sqlite-wal is there") && said.contains("backup"),
        "{said}"
    );
    fs::rename(&aside, database(&daemon)).unwrap();
    daemon.restart().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 200);
}
