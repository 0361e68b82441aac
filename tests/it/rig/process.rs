//! Child processes, and the wallet that pays in the walkthrough.

use std::path::Path;
use std::process::Command;

use super::{BSC, SHOP};
use crate::harness::anvil::{Anvil, Mining, Token};
use crate::harness::process::Process;
use crate::harness::{node_dir, wait_until};

fn shell(script: &str, dir: &Path) -> Process {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(dir);
    Process::start("child", command, dir)
}

#[tokio::test]
async fn a_child_is_asked_to_end_or_ended_and_never_outlives_its_test() {
    let dir = tempfile::tempdir().unwrap();
    // A pipe that nobody writes to is waited on by the shell itself, so that nothing is left behind.
    let script = "trap 'echo bye; exit 7' TERM; mkfifo pipe; echo up; read -r _ <>pipe";
    let mut child = shell(script, dir.path());
    wait_until("the child", || async {
        child.stdout().contains("up").then_some(())
    })
    .await;
    assert_eq!(child.terminate().await.code(), Some(7));
    assert_eq!(child.stdout(), "up\nbye\n");

    let dropped = shell("mkfifo other; read -r _ <>other", dir.path());
    let process = format!("/proc/{}", dropped.id());
    assert!(Path::new(&process).exists());
    drop(dropped);
    assert!(!Path::new(&process).exists());
}

#[tokio::test]
async fn the_wallet_of_the_walkthrough_deploys_and_pays() {
    let anvil = Anvil::start(BSC, Mining::PerTransaction).await;
    let pay = async |arguments: &[&str]| {
        let mut wallet = tokio::process::Command::new("node");
        wallet
            .arg(node_dir().join("pay.mjs"))
            .args(["--rpc", anvil.url()])
            .args(arguments);
        let output = wallet.output().await.unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
            .trim()
            .to_owned();
        (output.status.success(), text)
    };
    let (_, address) = pay(&["--deploy"]).await;
    let token = Token {
        address,
        decimals: 18,
    };
    let (is_paid, txid) = pay(&[
        "--token",
        &token.address,
        "--to",
        SHOP,
        "--amount",
        "50.0",
        "--mine",
        "15",
    ])
    .await;
    assert!(is_paid, "{txid}");
    assert_eq!(anvil.token_balance(&token, SHOP).await, 50 * 10_u128.pow(18));
    assert_eq!(anvil.block_number().await, 3 + 15);
    assert!(pay(&["--to", SHOP, "--amount", "0.5"]).await.0);
    assert_eq!(anvil.balance(SHOP).await, 5 * 10_u128.pow(17));
    assert!(!pay(&["--to", SHOP]).await.0);
}
