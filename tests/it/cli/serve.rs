//! `payd serve` on a machine that has never seen it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::process::Process;
use crate::harness::wait_until;

/// `payd` with a home of its own and nothing else set, found by its name.
fn fresh(program: &str, home: &Path) -> Command {
    let here = Path::new(env!("CARGO_BIN_EXE_payd")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", format!("{}:{path}", here.display()))
        .env("PAYD_METRICS_LISTEN", "off")
        .env("PAYD_DASHBOARD_LISTEN", "off");
    command
}

#[tokio::test]
async fn on_a_fresh_machine_what_is_printed_works_as_pasted_and_ctrl_c_ends_it_well() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = fresh("payd", home.path());
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"])
        .current_dir(home.path());
    let mut daemon = Process::start("payd", command, home.path());
    let printed = wait_until("what to try", || async {
        let printed = daemon.stdout();
        printed.contains("payment simulate").then_some(printed)
    })
    .await;

    let from = printed.find("curl -X POST").expect("a curl line");
    let call = printed[from..].split("\n\n").next().unwrap();
    let made = pasted(call, home.path(), elsewhere.path());
    let made: Value = serde_json::from_str(&made).unwrap_or_else(|error| panic!("{error} in {made}"));
    assert_eq!(
        (made["status"].as_str(), made["expected_crypto_amount"].as_str()),
        (Some("pending"), Some("50.000000"))
    );

    // Another terminal is in another directory.
    let number = made["payment_number"].as_str().unwrap();
    let simulate = printed
        .lines()
        .find(|line| line.contains("payment simulate"))
        .unwrap();
    pasted(
        &simulate.replace("PAY-...", number),
        home.path(),
        elsewhere.path(),
    );
    let show = simulate.replace("simulate PAY-... exact", &format!("show {number} --json"));
    wait_until("the payment to be paid", || async {
        let shown: Value = serde_json::from_str(&pasted(&show, home.path(), elsewhere.path())).unwrap();
        (shown["status"] == "paid").then_some(())
    })
    .await;

    let data = home.path().join("data");
    let mode = |name: &str| std::fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("payd.key"), mode("")), (0o600, 0o700));
    let secret = printed
        .lines()
        .find_map(|line| line.trim().strip_prefix("API secret"))
        .unwrap()
        .trim();
    assert!(!daemon.stderr().contains(secret), "the log holds the secret");

    let sent = Command::new("sh")
        .args(["-c", &format!("kill -INT {}", daemon.id())])
        .status()
        .unwrap();
    assert!(sent.success());
    let ended = daemon.wait().await;
    assert_eq!(ended.code(), Some(0), "{}", daemon.stderr());

    // The second start makes no second store and shows no key.
    let mut command = fresh("payd", home.path());
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"])
        .current_dir(home.path());
    let again = Process::start("again", command, home.path());
    let printed = wait_until("the second welcome", || async {
        Some(again.stdout()).filter(|printed| printed.contains("listens on"))
    })
    .await;
    assert!(!printed.contains("pk_") && !printed.contains("curl"), "{printed}");
}

/// Runs what was printed in a shell.
fn pasted(line: &str, home: &Path, directory: &Path) -> String {
    let output = fresh("bash", home)
        .args(["-c", line])
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_second_daemon_on_the_same_data_or_port_is_told_why_not() {
    let home = tempfile::tempdir().unwrap();
    let serve = |listen: &str, data: &str| {
        let mut command = fresh("payd", home.path());
        command
            .args(["serve", "--listen", listen, "--data-dir", data])
            .current_dir(home.path());
        command
    };
    let first = Process::start("first", serve("127.0.0.1:0", "data"), home.path());
    let printed = wait_until("the first daemon", || async {
        Some(first.stdout()).filter(|printed| printed.contains("listens on"))
    })
    .await;
    let bound = printed
        .split("listens on ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .trim();

    let same_data = serve("127.0.0.1:0", "data").output().unwrap();
    let same_port = serve(bound, "other").output().unwrap();
    for (output, what) in [(same_data, "data"), (same_port, bound)] {
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("error: ") && error.contains(what), "{error}");
    }
}
