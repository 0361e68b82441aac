//! What lies on the disk, and who may read it.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use crate::harness::daemon::Daemon;
use crate::harness::process::Process;
use crate::harness::wait_until;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Every file below a directory that others may do anything with.
fn open_to_others(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        if mode(&path) != expected {
            found.push(format!("{} {:o}", path.display(), mode(&path)));
        }
    }
    found
}

/// The same command under a umask that keeps nothing from anybody.
fn generously(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "umask 000; exec \"$0\" \"$@\""])
        .arg(command.get_program());
    shell.args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    shell
}

async fn is_up(daemon: &Daemon, process: &mut Process) {
    wait_until("a daemon that is up", || {
        assert!(process.ended().is_none(), "{}", process.stderr());
        let asked = crate::harness::http::client().get(daemon.url("/healthz")).send();
        async { asked.await.is_ok_and(|reply| reply.status() == 200).then_some(()) }
    })
    .await;
}

#[tokio::test]
async fn whatever_the_umask_nobody_else_may_read_anything_that_payd_makes() {
    let daemon = Daemon::prepare("");
    std::fs::remove_dir(daemon.data_dir()).unwrap();
    let logs = tempfile::tempdir().unwrap();
    let mut process = Process::start("payd", generously(&daemon.command(&["serve"])), logs.path());
    is_up(&daemon, &mut process).await;
    daemon.add_store("shop", "payhook");
    let url = "http://127.0.0.1:9/v3/some-long-node-key";
    generously(&daemon.command(&["network", "on", "bsc", "--provider", url]))
        .output()
        .unwrap();
    let copies = tempfile::tempdir().unwrap();
    let target = copies.path().join("to/copy");
    let backup = daemon.command(&["backup", target.to_str().unwrap()]);
    assert!(generously(&backup).status().unwrap().success());
    let data = daemon.data_dir();
    for name in [
        "payd.sqlite",
        "payd.sqlite-wal",
        "payd.sqlite-shm",
        "payd.key",
        "payd.lock",
    ] {
        assert!(data.join(name).exists(), "{name}");
    }
    assert_eq!((mode(&data), mode(&target)), (0o700, 0o700));
    assert_eq!(open_to_others(&data), Vec::<String>::new());
    assert_eq!(open_to_others(&target), Vec::<String>::new());
    process.terminate().await;
    assert_eq!(open_to_others(&data), Vec::<String>::new());
}

#[tokio::test]
async fn files_that_others_may_read_are_closed_refused_or_warned_of_at_the_next_start() {
    let mut daemon = Daemon::start("").await;
    let data = daemon.data_dir();
    daemon.kill();
    let loosen = |name: &str, mode| {
        std::fs::set_permissions(data.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["payd.sqlite", "payd.sqlite-wal", "payd.sqlite-shm"] {
        loosen(name, 0o666);
    }
    daemon.restart().await;
    for name in ["payd.sqlite", "payd.sqlite-wal", "payd.sqlite-shm"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    let log = daemon.log();
    assert!(log.contains("others may look into the data directory"), "{log}");
    daemon.stop().await;
    // Whoever could read the key may have: to close it now would hide that.
    loosen("payd.key", 0o640);
    for command in [&["serve"][..], &["store", "list"]] {
        let output = daemon.try_cli(command);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("chmod 600"), "{said}");
    }
}

#[tokio::test]
async fn nothing_is_written_through_a_link_that_somebody_laid_where_a_new_file_comes() {
    let daemon = Daemon::start("").await;
    let room = tempfile::tempdir().unwrap();
    let (target, victim) = (room.path().join("copy"), room.path().join("victim"));
    std::fs::create_dir(&target).unwrap();
    for name in ["payd.key", "payd.sqlite"] {
        let link = target.join(name);
        // One that leads to a file, and one that leads to where none is yet.
        for is_there in [true, false] {
            if is_there {
                std::fs::write(&victim, "mine").unwrap();
            } else {
                std::fs::remove_file(&victim).unwrap();
            }
            let _ = std::fs::remove_file(&link);
            symlink(&victim, &link).unwrap();
            let output = daemon.try_cli(&["backup", target.to_str().unwrap()]);
            assert!(!output.status.success(), "{name} {is_there}");
            assert_eq!(victim.exists(), is_there, "{name}");
            if is_there {
                assert_eq!(std::fs::read_to_string(&victim).unwrap(), "mine");
            }
        }
        std::fs::remove_file(&link).unwrap();
        let _ = std::fs::remove_file(target.join("payd.sqlite"));
    }
}
