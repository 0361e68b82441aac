//! Tokens switched on and off.

use super::*;

const BSC: &str = "[[networks.bsc.providers]]\nurl = \"http://127.0.0.1:1\"\n";
const NO_BUSD: &str = "[networks.bsc.tokens.busd]\nenabled = false\n";
const FDUSD: &str =
    "[networks.bsc.tokens.fdusd]\ncontract = \"0xc5f0f7b66764F6ec8C8Dff7BA683102295E16409\"\ndecimals = 18\n";

fn tokens(settings: &Settings) -> Vec<&str> {
    let tokens = settings.networks[0].tokens.iter();
    tokens.map(|token| token.currency.as_str()).collect()
}

fn watched(settings: &Settings, network: &str) -> Vec<String> {
    let watched = settings.watched().into_iter();
    watched
        .filter(|(id, _)| id.as_str() == network)
        .map(|(_, currency)| currency.to_string())
        .collect()
}

#[test]
fn a_built_in_token_is_switched_off_without_a_contract() {
    let settings = read(&format!("{BSC}{NO_BUSD}")).unwrap();
    assert_eq!(tokens(&settings), ["usdc", "usdt"]);
    assert_eq!(watched(&settings, "bsc"), ["native", "usdc", "usdt"]);
}

#[test]
fn a_token_that_is_switched_off_stays_readable_as_it_was_and_its_twin_stays_on() {
    let (on, off) = (read(BSC).unwrap(), read(&format!("{BSC}{NO_BUSD}")).unwrap());
    let busd = Currency::parse("busd").unwrap();
    for slug in ["bsc", "test-bsc"] {
        let id = NetworkId::parse(slug).unwrap();
        let asset = off.registry().asset(&id, &busd).cloned();
        assert!(asset.is_some());
        assert_eq!(asset, on.registry().asset(&id, &busd).cloned());
    }
    assert_eq!(watched(&off, "test-bsc"), ["busd", "native", "usdc", "usdt"]);
}

#[test]
fn a_token_of_ones_own_is_switched_off_and_keeps_its_contract() {
    let settings = read(&format!("{BSC}{FDUSD}enabled = false\n")).unwrap();
    assert_eq!(tokens(&settings), ["busd", "usdc", "usdt"]);
    let bsc = NetworkId::parse("bsc").unwrap();
    let fdusd = Currency::parse("fdusd").unwrap();
    let registry = settings.registry();
    assert!(registry.asset(&bsc, &fdusd).unwrap().contract.is_some());
    let without = problems("[networks.bsc.tokens.fdusd]\nenabled = false\ndecimals = 18");
    assert_eq!(
        without,
        ["payd.toml:1:22: `networks.bsc.tokens.fdusd` needs a `contract`"]
    );
}

#[test]
fn a_token_is_on_unless_it_is_switched_off() {
    for enabled in ["", "enabled = true\n"] {
        let settings = read(&format!("{BSC}{FDUSD}{enabled}")).unwrap();
        assert_eq!(tokens(&settings), ["busd", "fdusd", "usdc", "usdt"]);
    }
    let on = read(&format!("{BSC}[networks.bsc.tokens.busd]\nenabled = true\n")).unwrap();
    assert_eq!(
        format!("{:?}", on.networks),
        format!("{:?}", read(BSC).unwrap().networks)
    );
}

#[test]
fn another_contract_may_be_switched_off_as_well() {
    let own = "contract = \"0x5FbDB2315678afecb367f032d93F642f64180aa3\"\ndecimals = 6\n";
    let settings = read(&format!("{BSC}{NO_BUSD}{own}")).unwrap();
    assert_eq!(tokens(&settings), ["usdc", "usdt"]);
    assert!(
        settings
            .warnings()
            .iter()
            .all(|warning| !warning.contains("busd") && !warning.contains("BUSD"))
    );
}

#[test]
fn what_says_nothing_or_half_of_a_built_in_token_is_refused() {
    for (body, fault) in [
        (
            "",
            "payd.toml:1:22: `networks.bsc.tokens.busd` needs a `contract`",
        ),
        (
            "enabled = false\ndecimals = 6",
            "payd.toml:1:22: `networks.bsc.tokens.busd` needs a `contract`",
        ),
        (
            "enabled = \"no\"",
            "payd.toml:2:11: `networks.bsc.tokens.busd.enabled` must be true or false, not text",
        ),
        (
            "enabled = false\ncontrat = \"x\"",
            "payd.toml:3:1: unknown setting `contrat` in [networks.bsc.tokens.busd]; did you mean `contract`?",
        ),
    ] {
        let found = problems(&format!("[networks.bsc.tokens.busd]\n{body}"));
        assert!(found.iter().any(|found| found == fault), "{body}: {found:?}");
    }
    let found = problems("[networks.bsc.tokens.busd]\nenable = false");
    assert!(
        found
            .iter()
            .any(|found| found.contains("did you mean `enabled`?")),
        "{found:?}"
    );
    let found = problems("[networks.bsc.tokens.native]\nenabled = false");
    assert!(found[0].contains("cannot name a token"), "{found:?}");
}

#[test]
fn what_nobody_scans_is_not_watched() {
    let only_live = read(&format!("{BSC}[simulated]\nenabled = false")).unwrap();
    assert_eq!(watched(&only_live, "bsc"), ["native", "busd", "usdc", "usdt"]);
    assert_eq!(only_live.watched().len(), 4);
    let paused = read(&format!("[networks.bsc]\nenabled = false\n{BSC}")).unwrap();
    assert!(watched(&paused, "bsc").is_empty());
    let twins = networks::BUILT_IN
        .iter()
        .map(|built_in| built_in.tokens.len() + 1);
    assert_eq!(paused.watched().len(), twins.sum::<usize>());
    assert!(
        paused
            .watched()
            .iter()
            .all(|(id, _)| id.as_str().starts_with("test-"))
    );
}

#[test]
fn the_summary_names_what_is_not_watched_on_a_network_that_is_scanned() {
    let row = |text: &str| {
        let mut rows = read(text).unwrap().summary().into_iter();
        rows.find(|(name, _)| name.contains(".tokens."))
    };
    let off = (
        "networks.bsc.tokens.busd".to_owned(),
        "known, not watched".to_owned(),
    );
    assert_eq!(row(&format!("{BSC}{NO_BUSD}")), Some(off));
    assert_eq!(row(BSC), None);
    assert_eq!(row(NO_BUSD), None);
}
