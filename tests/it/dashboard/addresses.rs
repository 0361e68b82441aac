//! Where a store receives: from a pasted list to the room it leaves, and from an account key to its first addresses.

use crate::harness::browser::Options;
use crate::harness::daemon::Daemon;
use crate::harness::office::{Desk, PASSWORD};

const ONE: &str = "0x52908400098527886E0F7030069857D2E4169EE7";
const TWO: &str = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
const TRON: &str = "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL";
/// Test vector 1 of BIP-32, the chain m/0H/1/2H.
const ACCOUNT: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";
/// A key and a phrase of test vectors.
const KEY: &str = "KwFfNUhSDaASSAwtG7ssQM1uVX8RgX5GHWnnLfhfiQDigjioWXHH";
const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

const BSC: &str = "/stores/1/addresses/bsc";

#[tokio::test]
async fn addresses_go_from_a_pasted_list_to_room_for_payments() {
    let daemon = Daemon::start("").await;
    let mut desk = Desk::of_owner(&daemon).await;
    desk.visit("/stores/1/addresses").await;
    desk.is_sound("addresses-none").await;

    desk.visit(&format!("{BSC}/add")).await;
    desk.browser
        .fill("#addresses", &format!("{ONE}\n{TRON}\nhello"))
        .await;
    desk.browser.wait_for_text("1 can be added, 2 cannot").await;
    desk.is_sound("addresses-checked").await;
    // What can spend leaves the field at once.
    for secret in [KEY, PHRASE] {
        desk.browser.fill("#addresses", &format!("{ONE}\n{secret}")).await;
        desk.browser.wait_for_text("Consider it burnt").await;
        desk.browser
            .wait_for_truth("document.getElementById('addresses').value === ''")
            .await;
        let html = desk.browser.html().await;
        assert!(!html.contains(KEY) && !html.contains("sausage"), "{html}");
        desk.browser.fill("#addresses", ONE).await;
        desk.browser.wait_for_text("1 can be added, 0 cannot").await;
    }
    desk.is_quiet("addresses-typed").await;
    desk.browser.fill("#addresses", &format!("{ONE}\n{TWO}")).await;
    desk.browser.wait_for_text("2 can be added").await;
    desk.browser.fill("#again", "wrong horse battery").await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for("#again-mistake").await;
    desk.forget_console().await;
    desk.is_sound("addresses-not-sure").await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for_text("The addresses were added").await;
    desk.browser.wait_for_text("2 in all").await;
    desk.is_sound("addresses-network").await;

    desk.browser.click("table a").await;
    desk.browser.wait_for("#retire").await;
    desk.is_sound("addresses-one").await;
    desk.browser.click("#retire button").await;
    desk.browser.wait_for_text("Retired; still watched").await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("#restore button").await;
    desk.browser.wait_for("#retire").await;
    let state = daemon.cli_json(&["address", "list", "--store", "demo"]);
    assert_eq!(state["addresses"][1]["state"], "free", "{state}");

    desk.visit("/stores/1/addresses/ethereum/way").await;
    desk.is_sound("addresses-way").await;
    desk.browser.fill("#account", ACCOUNT).await;
    desk.browser.click("form:has(#account) .button").await;
    desk.browser.wait_for_text("Compare these first").await;
    assert_eq!(desk.browser.count(".children code").await, 5);
    desk.is_sound("addresses-sure").await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for_text("Saved. New payments").await;
    desk.is_sound("addresses-account").await;
    let shown = daemon.cli_json(&["wallet", "show", "demo", "ethereum"]);
    assert_eq!(shown["wallet"]["way"], "xpub");
    desk.visit("/stores/1/addresses").await;
    desk.is_sound("addresses-cards").await;

    let log = daemon.log();
    assert!(
        !log.contains(KEY) && !log.contains("sausage") && !log.contains(PASSWORD),
        "{log}"
    );
    for entry in std::fs::read_dir(daemon.data_dir()).expect("its files") {
        let path = entry.expect("a file").path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        for secret in [KEY, "sausage"] {
            let is_in = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!is_in, "{} holds what can spend", path.display());
        }
    }
}

#[tokio::test]
async fn a_list_is_checked_without_scripts_when_it_is_sent() {
    let daemon = Daemon::start("").await;
    crate::harness::office::add_user(&daemon, "ann", "owner", &[]);
    let options = Options {
        javascript: false,
        ..Options::default()
    };
    let mut desk = Desk::open_with(&daemon, options).await;
    desk.sign_in("ann", PASSWORD).await;
    desk.visit(&format!("{BSC}/add")).await;
    desk.browser.fill("#addresses", &format!("{ONE}\n{TRON}")).await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for("#only_good").await;
    desk.browser.click("#only_good").await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for("table a").await;
    assert_eq!(desk.browser.count("tbody tr").await, 1);
}
