//! `tests/crashes`, in short: kills under load, and an auditor who knows none of payd's code.

use std::path::Path;
use std::process::Command;

const KILLS: &str = "12";

#[test]
fn killed_under_load_payd_keeps_what_it_promised_and_counts_all_money_once() {
    let run = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crashes"))
        .args(["--kills", KILLS, "--payd", env!("CARGO_BIN_EXE_payd"), "traffic"])
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    assert!(said.contains("creates"), "{said}");
}
