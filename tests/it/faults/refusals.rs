//! Files that do not belong together, are not to be touched, or belong to somebody else: payd does not start, says why and what
//! to do, and changes nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use rusqlite::Connection;

use super::{ask_for_payment, database, refusal, refused, shop};
use crate::harness::daemon::Daemon;

fn mode(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_key_file_that_is_lost_loose_or_another_databases_is_refused() {
    let (mut daemon, key) = shop().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 201);
    daemon.stop().await;
    let path = daemon.data_dir().join("payd.key");
    let good = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let said = refused(&daemon);
    assert!(
        said.contains("is missing") && said.contains("restore it from your backup"),
        "{said}"
    );
    assert!(!path.exists(), "none is made in its place");

    fs::write(&path, &good).unwrap();
    mode(&path, 0o644);
    let said = refused(&daemon);
    assert!(said.contains("chmod 600"), "{said}");

    mode(&path, 0o600);
    fs::write(&path, format!("{}\n", "0f".repeat(32))).unwrap();
    let said = refused(&daemon);
    assert!(said.contains("does not belong to this database"), "{said}");
    fs::write(&path, "").unwrap();
    let said = refused(&daemon);
    assert!(said.contains("64 hexadecimal digits"), "{said}");

    fs::write(&path, &good).unwrap();
    daemon.restart().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 200);
}

#[tokio::test]
async fn a_database_is_served_by_one_daemon_also_where_a_link_leads_to_it() {
    let (daemon, _) = shop().await;
    let said = refusal_beside(&daemon);
    assert!(
        said.contains("another payd runs on") && said.contains("--data-dir"),
        "{said}"
    );

    let other = Daemon::prepare("");
    for name in ["payd.sqlite", "payd.key"] {
        symlink(daemon.data_dir().join(name), other.data_dir().join(name)).unwrap();
    }
    let said = refused(&other);
    assert!(said.contains("another payd runs on"), "{said}");
    // A lock that was copied along with the rest is nobody's.
    let mut copied = Daemon::prepare("");
    let target = copied.data_dir().join("copy");
    daemon.cli(&["backup", target.to_str().unwrap()]);
    for name in ["payd.sqlite", "payd.key"] {
        fs::rename(target.join(name), copied.data_dir().join(name)).unwrap();
    }
    fs::copy(
        daemon.data_dir().join("payd.lock"),
        copied.data_dir().join("payd.lock"),
    )
    .unwrap();
    copied.restart().await;
}

fn refusal_beside(daemon: &Daemon) -> String {
    let mut command = daemon.command(&["serve"]);
    command.env("PAYD_LISTEN", "127.0.0.1:0");
    refusal(&command, &[])
}

#[tokio::test]
async fn an_older_payd_refuses_the_database_of_a_newer_one() {
    let (mut daemon, key) = shop().await;
    daemon.stop().await;
    let change = |sql: &str| {
        Connection::open(database(&daemon))
            .unwrap()
            .execute_batch(sql)
            .unwrap()
    };
    change(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (99, 'later', '2030', '1')",
    );
    let before = fs::read(database(&daemon)).unwrap();
    let said = refused(&daemon);
    assert!(
        said.contains("has schema 99") && said.contains("install the newer payd again"),
        "{said}"
    );
    assert_eq!(fs::read(database(&daemon)).unwrap(), before);
    change("DELETE FROM refinery_schema_history WHERE version = 99");
    daemon.restart().await;
    assert_eq!(ask_for_payment(&daemon, &key, "order").await.status, 201);
}

#[tokio::test]
async fn what_may_not_be_written_is_refused_by_its_name() {
    let (mut daemon, _) = shop().await;
    daemon.stop().await;
    let database = database(&daemon);
    mode(&database, 0o400);
    let said = refused_unprivileged(&daemon);
    assert!(
        said.contains("payd.sqlite") && said.contains("Permission denied"),
        "{said}"
    );
    mode(&database, 0o600);
    mode(&daemon.data_dir().join("payd.lock"), 0o400);
    let said = refused_unprivileged(&daemon);
    assert!(
        said.contains("payd.lock") && said.contains("Permission denied"),
        "{said}"
    );
    mode(&daemon.data_dir().join("payd.lock"), 0o600);
    daemon.restart().await;
}

/// What `payd serve` says with the rights of its user alone: root may write everywhere.
fn refused_unprivileged(daemon: &Daemon) -> String {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n");
    let bare = [
        "setpriv",
        "--bounding-set=-dac_override,-dac_read_search",
        "--inh-caps=-dac_override,-dac_read_search",
    ];
    refusal(&daemon.command(&["serve"]), if is_root { &bare } else { &[] })
}
