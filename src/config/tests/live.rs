//! Live networks: providers, keys, tokens, chains of the merchant's own.

use super::*;
use crate::config::settings::{
    Finality, LiveNetwork, Provider, ProviderKind, ReadMode, Reading, TronChain, Verify,
};
use crate::domain::network::Bip;

const TWO: &str = "
[[networks.bsc.providers]]
url = \"https://a.example.com/${KEY}\"
headers = { Authorization = \"Bearer ${KEY}\" }
[[networks.bsc.providers]]
url = \"http://127.0.0.1:8545\"
";

const OWN: &str = "
[networks.mine]
kind = \"evm\"
chain_id = 4242
name = \"My Chain\"
symbol = \"MINE\"
confirmations = 3
block_time_ms = 2000
[[networks.mine.providers]]
url = \"http://127.0.0.1:8545\"
[networks.mine.tokens.usdt]
contract = \"0x5FbDB2315678afecb367f032d93F642f64180aa3\"
decimals = 6
";

fn key(name: &str) -> Option<String> {
    (name == "KEY").then(|| "s3cret".to_owned())
}

fn evm(live: &LiveNetwork) -> (u64, ReadMode, Verify) {
    match live.reading {
        Reading::Evm {
            chain_id,
            mode,
            verify,
            finality: _,
        } => (chain_id, mode, verify),
        other => panic!("{other:?}"),
    }
}

fn only(text: &str) -> LiveNetwork {
    let mut settings = read_text("payd.toml", text, &key).unwrap();
    assert_eq!(settings.networks.len(), 1);
    settings.networks.remove(0)
}

#[test]
fn keys_come_from_the_environment_and_are_shown_nowhere() {
    let settings = read_text("payd.toml", TWO, &key).unwrap();
    let provider = &settings.networks[0].providers[0];
    assert_eq!(provider.url().as_str(), "https://a.example.com/s3cret");
    assert_eq!(
        provider.headers(),
        [("authorization".to_owned(), "Bearer s3cret".to_owned())]
    );
    assert_eq!(provider.host(), "a.example.com");
    let shown = format!("{settings:?} {:?} {:?}", settings.summary(), settings.warnings());
    assert!(shown.contains("a.example.com"));
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn a_missing_key_is_named_and_a_wrong_url_is_not_shown() {
    let found = problems(TWO);
    assert_eq!(
        found,
        [
            "payd.toml:3:7: `networks.bsc.providers.url` needs the environment variable KEY, which is not set; set it where payd is started",
            "payd.toml:4:29: `networks.bsc.providers.headers.Authorization` needs the environment variable KEY, which is not set; set it where payd is started",
        ]
    );
    for url in [
        "s3cret",
        "ftp://s3cret",
        "wss://h/s3cret",
        "https://h/#s3cret",
        "https://h/${s3cret",
        "https://h/${s3 cret}",
        "https://h:s3cret/",
        "https:// /s3cret",
    ] {
        let found = problems(&format!("[[networks.bsc.providers]]\nurl = \"{url}\""));
        assert_eq!(found.len(), 1, "{url}");
        assert!(
            found[0].starts_with("payd.toml:2:7: `networks.bsc.providers.url` "),
            "{found:?}"
        );
        assert!(!found[0].contains("s3cret"), "{found:?}");
    }
}

#[test]
fn a_header_that_would_break_a_request_is_refused_without_its_value() {
    for header in [
        "\"a b\" = \"s3cret\"",
        "\"\" = \"s3cret\"",
        "Host = \"s3cret\"",
        "a = \"s3cret\\n\"",
        "a = \"s3crét\"",
    ] {
        let found = problems(&format!(
            "[[networks.bsc.providers]]\nurl = \"http://a\"\nheaders = {{ {header} }}"
        ));
        assert_eq!(found.len(), 1, "{header}");
        assert!(found[0].starts_with("payd.toml:3:"), "{found:?}");
        assert!(!found[0].contains("s3cr"), "{found:?}");
    }
}

#[test]
fn two_providers_must_agree_unless_told_otherwise_and_one_cannot() {
    assert_eq!(only(TWO).quorum, 2);
    assert_eq!(only(OWN).quorum, 1);
    let settings = read(OWN).unwrap();
    assert!(
        settings
            .warnings()
            .iter()
            .any(|warning| warning.contains("one provider's word")),
        "{:?}",
        settings.warnings()
    );
    let found = problems_with(&format!("[networks.bsc]\nquorum = 3\n{TWO}"), &key);
    assert_eq!(
        found,
        ["payd.toml:2:10: `networks.bsc.quorum` is 3, but there are 2 providers; add providers or lower it"]
    );
}

#[test]
fn one_host_named_twice_is_not_two_providers() {
    let found = problems(
        "[[networks.bsc.providers]]\nurl = \"https://h.example.com/a\"\n[[networks.bsc.providers]]\nurl = \"https://H.example.com:443/b\"\n",
    );
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("payd.toml:3:") && found[0].contains("names h.example.com twice"),
        "{found:?}"
    );
}

#[test]
fn a_live_network_has_all_that_its_scanner_needs() {
    let live = only(TWO);
    assert_eq!(evm(&live), (56, ReadMode::Logs, Verify::Full));
    assert_eq!(live.native.symbol.as_ref(), "BNB");
    let tokens: Vec<_> = live
        .tokens
        .iter()
        .map(|token| (token.symbol.as_ref(), token.decimals))
        .collect();
    assert_eq!(tokens, [("BUSD", 18), ("USDC", 18), ("USDT", 18)]);
    assert_eq!(live.start_height, None);
}

#[test]
fn a_chain_of_ones_own_is_scanned_and_has_a_twin() {
    let settings = read(OWN).unwrap();
    let live = &settings.networks[0];
    assert_eq!(live.network.family, Family::Evm { chain_id: 4242 });
    assert_eq!(live.network.final_depth, 64);
    assert_eq!(evm(live), (4242, ReadMode::Receipts, Verify::Full));
    assert_eq!((live.native.decimals, live.native.quote_decimals), (18, 8));
    assert_eq!(
        (live.tokens[0].symbol.as_ref(), live.tokens[0].quote_decimals),
        ("USDT", 6)
    );
    let twin = settings
        .registry()
        .network_by_slug("mine", Mode::Test)
        .unwrap()
        .clone();
    assert_eq!(twin.id.as_str(), "test-mine");
    let usdt = Currency::parse("usdt").unwrap();
    assert_eq!(settings.registry().asset(&twin.id, &usdt).unwrap().decimals, 6);
}

#[test]
fn the_scanner_and_the_registry_share_their_values() {
    let live = only(TWO);
    let settings = read_text("payd.toml", TWO, &key).unwrap();
    assert_eq!(settings.registry().network(&live.network.id), Some(&live.network));
    let shared = settings.registry();
    assert!(Arc::ptr_eq(
        &settings.networks[0].network,
        shared.network(&live.network.id).unwrap()
    ));
}

#[test]
fn a_chain_of_ones_own_needs_its_figures() {
    let found = problems("[networks.mine]\nkind = \"evm\"");
    for missing in ["chain_id", "name", "symbol", "confirmations", "block_time_ms"] {
        let problem =
            format!("payd.toml:1:11: `networks.mine.{missing}` is missing; set it under [networks.mine]");
        assert!(found.contains(&problem), "{found:#?}");
    }
    assert_eq!(found.len(), 5);
}

#[test]
fn one_chain_under_two_names_is_refused_since_it_would_credit_transfers_twice() {
    let found = problems(&OWN.replace("4242", "56"));
    assert_eq!(
        found,
        [
            "payd.toml:2:11: `networks.mine.chain_id` is that of network `bsc`; put these settings under [networks.bsc]"
        ]
    );
    let twice = format!("{OWN}{}", OWN.replace("networks.mine", "networks.yours"));
    assert_eq!(problems(&twice).len(), 1);
}

#[test]
fn a_name_that_could_be_a_twins_is_no_network() {
    for slug in ["test-bsc", "BSC", "a_b", &"a".repeat(28)] {
        let found = problems(&OWN.replace("mine", slug));
        assert_eq!(found.len(), 1, "{slug}");
        assert!(found[0].contains("cannot name a network"), "{found:?}");
    }
    assert!(read(&OWN.replace("mine", &"a".repeat(27))).is_ok());
}

#[test]
fn what_a_built_in_network_is_cannot_be_changed() {
    let found = problems("[networks.bsc]\nchain_id = 57\nname = \"x\"");
    assert_eq!(
        found,
        [
            "payd.toml:2:1: `networks.bsc.chain_id` is built in and cannot be changed; remove it, or give your chain a name of its own",
            "payd.toml:3:1: `networks.bsc.name` is built in and cannot be changed; remove it, or give your chain a name of its own",
        ]
    );
}

#[test]
fn a_bitcoin_like_chain_takes_nodes_explorers_and_electrum_servers_and_no_others() {
    let live = only(
        "[networks.litecoin]\nchain = \"regtest\"\n\
         [[networks.litecoin.providers]]\nurl = \"http://user:pass@127.0.0.1:9332\"\n\
         [[networks.litecoin.providers]]\nurl = \"https://litecoinspace.org/api\"\nkind = \"esplora\"\n\
         [[networks.litecoin.providers]]\nurl = \"ssl://electrum.example.com:50002\"\nrequests_per_second = 5\n",
    );
    assert_eq!(live.network.family, Family::Litecoin(Bip::Regtest));
    let kinds: Vec<_> = live.providers.iter().map(Provider::kind).collect();
    assert_eq!(
        kinds,
        [ProviderKind::Node, ProviderKind::Esplora, ProviderKind::Electrum]
    );
    assert_eq!(live.providers[2].requests_per_second(), Some(5));
    for (provider, fault) in [
        ("url = \"ssl://electrum.example.com\"", "needs a host and a port"),
        (
            "url = \"https://electrum.example.com\"\nkind = \"electrum\"",
            "must begin with ssl:// or tcp://",
        ),
        (
            "url = \"tcp://a:1\"\nkind = \"node\"",
            "must begin with https:// or http://",
        ),
        ("url = \"https://a\"\nkind = \"logs\"", "kind"),
        ("url = \"https://a\"\nws = \"wss://a\"", "ws"),
    ] {
        let found = problems(&format!("[[networks.bitcoin.providers]]\n{provider}"));
        assert_eq!(found.len(), 1, "{provider}: {found:?}");
        assert!(found[0].contains(fault), "{found:?}");
    }
    let found = problems("[[networks.bsc.providers]]\nurl = \"tcp://a:1\"");
    assert!(found[0].contains("must begin with https://"), "{found:?}");
}

#[test]
fn a_node_may_tell_of_new_blocks_over_a_websocket() {
    let live = only("[[networks.bsc.providers]]\nurl = \"https://a\"\nws = \"wss://a/key\"\n");
    assert_eq!(live.providers[0].ws().unwrap().as_str(), "wss://a/key");
    let found = problems("[[networks.bsc.providers]]\nurl = \"https://a\"\nws = \"https://a/s3cret\"\n");
    assert!(found[0].contains("must begin with wss:// or ws://"), "{found:?}");
    assert!(!found[0].contains("s3cret"), "{found:?}");
}

#[test]
fn the_tokens_of_a_tron_test_network_are_its_own() {
    let tokens = |text: &str| -> Vec<(String, String)> {
        let live = only(&format!(
            "[networks.tron]\n{text}\n[[networks.tron.providers]]\nurl = \"http://127.0.0.1:8090\"\n"
        ));
        live.tokens
            .iter()
            .map(|token| {
                (
                    token.currency.to_string(),
                    token.contract.as_ref().unwrap().to_string(),
                )
            })
            .collect()
    };
    assert_eq!(tokens("").len(), 2);
    assert_eq!(
        tokens("chain = \"nile\""),
        [("usdt".to_owned(), "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf".to_owned())]
    );
    assert_eq!(tokens("chain = \"shasta\""), []);
    let own = "THXJcrS9j6Xpieifxa2wiXrt55nohpbu6h";
    let said = format!("chain = \"private\"\ntokens.usdt = {{ contract = \"{own}\", decimals = 6 }}");
    assert_eq!(tokens(&said), [("usdt".to_owned(), own.to_owned())]);
    let live = only("[[networks.tron.providers]]\nurl = \"http://127.0.0.1:8090\"\n");
    assert_eq!(
        live.reading,
        Reading::Tron {
            chain: TronChain::Mainnet
        }
    );
}

#[test]
fn a_payment_must_settle_before_its_block_is_forgotten() {
    let found = problems("[networks.bsc]\nconfirmations = 240");
    assert_eq!(
        found,
        [
            "payd.toml:2:17: `networks.bsc.final_depth` (240) must be above `networks.bsc.confirmations` (240); raise `final_depth` as well"
        ]
    );
    assert!(read("[networks.bsc]\nconfirmations = 239").is_ok());
}

#[test]
fn what_can_be_proven_is_unless_told_otherwise() {
    let verify = |said: &str| evm(&only(&format!("{said}{TWO}"))).2;
    assert_eq!(verify("[networks.bsc]\nmode = \"receipts\"\n"), Verify::Full);
    assert_eq!(verify("[networks.bsc]\nmode = \"logs\"\n"), Verify::Full);
    assert_eq!(verify("[networks.bsc]\nverify = \"header\"\n"), Verify::Header);
    for word in ["header", "none"] {
        let found = problems(&OWN.replace("symbol", &format!("verify = \"{word}\"\nsymbol")));
        assert!(found[0].contains("which asks two providers"), "{found:?}");
    }
    let own = read(&OWN.replace("symbol", "mode = \"logs\"\nsymbol")).unwrap();
    assert_eq!(evm(&own.networks[0]).2, Verify::Header);
}

#[test]
fn a_token_is_its_contract() {
    let token = |word: &str, contract: &str| {
        format!("[networks.bsc.tokens.{word}]\ncontract = \"{contract}\"\ndecimals = 18\n")
    };
    let usdt = "0x55d398326f99059fF775485246999027B3197955";
    for (text, fault) in [
        (token("abc", usdt), "has the contract of `usdt`"),
        (
            token("abc", "0x55d398326f99059fF775485246999027B3197956"),
            "checksum does not hold",
        ),
        (
            token("abc", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
            "belongs to TRON",
        ),
        (
            token("abc", "0x0000000000000000000000000000000000000000"),
            "null address",
        ),
        (token("native", usdt), "cannot name a token"),
        (token("USDX", usdt), "cannot name a token"),
        (
            "[networks.bsc.tokens.abc]\ndecimals = 6".to_owned(),
            "needs a `contract`",
        ),
        (
            format!(
                "[networks.bsc.tokens.abc]\ncontract = \"{}\"",
                usdt.to_lowercase().replace('5', "6")
            ),
            "`networks.bsc.tokens.abc.decimals` is missing",
        ),
        (
            format!(
                "{}quote_decimals = 19",
                token("abc", "0xc5f0f7b66764F6ec8C8Dff7BA683102295E16409")
            ),
            "must be at most `decimals`",
        ),
        (
            "[networks.bitcoin.tokens.abc]\ncontract = \"x\"".to_owned(),
            "Bitcoin has no tokens",
        ),
    ] {
        let found = problems(&text);
        assert_eq!(found.len(), 1, "{text}\n{found:?}");
        assert!(found[0].contains(fault), "{found:?}");
    }
}

#[test]
fn another_contract_for_a_built_in_token_is_taken_and_pointed_out() {
    let text = format!(
        "{TWO}[networks.bsc.tokens.usdt]\ncontract = \"0x5FbDB2315678afecb367f032d93F642f64180aa3\"\ndecimals = 6\n"
    );
    let settings = read_text("payd.toml", &text, &key).unwrap();
    let usdt = settings.networks[0]
        .tokens
        .iter()
        .find(|token| token.currency.as_str() == "usdt")
        .unwrap();
    assert_eq!((usdt.decimals, usdt.symbol.as_ref()), (6, "USDT"));
    assert_eq!(
        usdt.contract.as_ref().unwrap().text().as_ref(),
        "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    );
    assert_eq!(settings.networks[0].tokens.len(), 3);
    assert!(
        settings
            .warnings()
            .iter()
            .any(|warning| warning.contains("not the contract that payd knows"))
    );
}

#[test]
fn what_may_not_be_meant_is_pointed_out() {
    let warns = |text: &str, part: &str| {
        let warnings = read(text).unwrap().warnings();
        warnings.iter().any(|warning| warning.contains(part))
    };
    let far = OWN.replace("127.0.0.1", "node.example.com");
    for (quiet, loud, part) in [
        ("", "[defaults]\ncool_down_s = 0", "next customer"),
        ("", "[metrics]\nlisten = \"0.0.0.0:1\"", "reads the metrics"),
        ("", OWN, "server.public_url is not set"),
        (OWN, &far, "without encryption"),
        (
            OWN,
            &format!("{OWN}[rates.fixed.usd]\nMINE = \"2\""),
            "MINE does not follow the market",
        ),
        (
            &format!("{OWN}[rates.fixed.usd]\nMINE = \"2\""),
            OWN,
            "no rate for MINE; live",
        ),
        (
            OWN,
            &format!("{OWN}[rates]\nenabled = false"),
            "no rate for MINE, USDT; live",
        ),
        ("", "[rates]\nsources = [\"kraken\"]", "fewer than two sources"),
        (
            OWN,
            &OWN.replace("symbol", "mode = \"logs\"\nverify = \"none\"\nsymbol"),
            "nothing of what providers say",
        ),
        (
            "[[networks.bitcoin.providers]]\nurl = \"tcp://127.0.0.1:50001\"",
            "[[networks.bitcoin.providers]]\nurl = \"tcp://203.0.113.1:50001\"",
            "without encryption",
        ),
    ] {
        assert!(!warns(quiet, part), "{part}");
        assert!(warns(loud, part), "{part}");
    }
}

#[test]
fn polygon_counts_by_what_is_final_and_the_others_by_confirmations_unless_told_otherwise() {
    let finality = |slug: &str, said: &str| {
        let provider = "url = \"http://127.0.0.1:1\"";
        let live = only(&format!(
            "[networks.{slug}]\n{said}\n[[networks.{slug}.providers]]\n{provider}"
        ));
        match live.reading {
            Reading::Evm { finality, .. } => finality,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(finality("polygon", ""), Finality::Finalized);
    for slug in ["arbitrum", "avalanche", "base", "bsc", "ethereum", "optimism"] {
        assert_eq!(finality(slug, ""), Finality::Confirmations, "{slug}");
        assert_eq!(finality(slug, "finality = \"finalized\""), Finality::Finalized);
    }
}
