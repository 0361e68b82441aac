//! What is refused, with its line, and all at once.

use super::*;

#[test]
fn an_unknown_setting_is_refused_with_its_line_and_the_nearest_known_name() {
    for (text, problem) in [
        (
            "\n\n[server]\n  lisen = \"127.0.0.1:1\"",
            "payd.toml:4:3: unknown setting `lisen` in [server]; did you mean `listen`?",
        ),
        (
            "[sever]",
            "payd.toml:1:2: unknown setting `sever` at the top; did you mean `server`?",
        ),
        (
            "log = { formt = \"text\" }",
            "payd.toml:1:9: unknown setting `formt` in [log]; did you mean `format`?",
        ),
        (
            "log.levl = \"info\"",
            "payd.toml:1:5: unknown setting `levl` in [log]; did you mean `level`?",
        ),
        (
            "[metrics]\nxyzzy = 1",
            "payd.toml:2:1: unknown setting `xyzzy` in [metrics]; known here: listen",
        ),
        (
            "[networks.bsc]\nquorom = 1",
            "payd.toml:2:1: unknown setting `quorom` in [networks.bsc]; did you mean `quorum`?",
        ),
        (
            "[[networks.bsc.providers]]\nurl = \"http://a\"\n\n[[networks.bsc.providers]]\nurl = \"http://b\"\nheader = {}",
            "payd.toml:6:1: unknown setting `header` in [networks.bsc.providers]; did you mean `headers`?",
        ),
        (
            "[networks.bsc.tokens.abc]\ncontract = \"0x55d398326f99059fF775485246999027B3197956\"\ndecimal = 18\ndecimals = 18",
            "payd.toml:3:1: unknown setting `decimal` in [networks.bsc.tokens.abc]; did you mean `decimals`?",
        ),
        (
            "[rates.fixed.usd]\nUSTD = \"1\"",
            "payd.toml:2:1: no asset is called `USTD`; did you mean `USDT`?",
        ),
        (
            "[rates.fixed.usdt]\nUSDT = \"1\"",
            "payd.toml:1:14: unknown currency `usdt`; did you mean `usd`?",
        ),
        (
            "[rates]\nfixd = {}",
            "payd.toml:2:1: unknown setting `fixd` in [rates]; did you mean `fixed`?",
        ),
        (
            "[networks.etherium]\nenabled = true",
            "payd.toml:1:11: unknown network `etherium`; did you mean `ethereum`? (to add an EVM chain, set its \
             `kind = \"evm\"` and `chain_id`)",
        ),
    ] {
        let found = problems(text);
        assert!(
            found.iter().any(|found| found == problem),
            "{text}\n{found:#?}\n{problem}"
        );
    }
}

#[test]
fn wrong_types_and_values_out_of_range_are_refused_with_their_line() {
    for (text, problem) in [
        (
            "[defaults]\nwindow_s = 5",
            "payd.toml:2:12: `defaults.window_s` is 5; it must be 60 to 604800 seconds",
        ),
        (
            "[defaults]\nwindow_s = -1800",
            "payd.toml:2:12: `defaults.window_s` is -1800; it must be 60 to 604800 seconds",
        ),
        (
            "[defaults]\ntolerance_bps = 65537",
            "payd.toml:2:17: `defaults.tolerance_bps` is 65537; it must be 0 to 1000 basis points",
        ),
        (
            "[defaults]\nwindow_s = \"1800\"",
            "payd.toml:2:12: `defaults.window_s` must be a whole number of seconds, not text",
        ),
        (
            "[defaults]\nwindow_s = 1800.0",
            "payd.toml:2:12: `defaults.window_s` must be a whole number of seconds, not a number with a point",
        ),
        (
            "[defaults]\nlate_policy = \"drop\"",
            "payd.toml:2:15: `defaults.late_policy` is `drop`; use one of: flag, accept",
        ),
        (
            "[webhooks]\nallow_private = \"no\"",
            "payd.toml:2:17: `webhooks.allow_private` must be true or false, not text",
        ),
        (
            "[server]\nlisten = 8420",
            "payd.toml:2:10: `server.listen` must be text in quotes, not a whole number",
        ),
        (
            "[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"proxy\"]",
            "payd.toml:2:34: `server.trusted_proxies` has `proxy`; write an IP address, or a network like \"10.0.0.0/8\"",
        ),
        (
            "[server]\ntrusted_proxies = [\"10.0.0.0/33\"]",
            "payd.toml:2:20: `server.trusted_proxies` has `10.0.0.0/33`; write an IP address, or a network like \"10.0.0.0/8\"",
        ),
        (
            "[server]\ntrusted_proxies = \"10.0.0.1\"",
            "payd.toml:2:19: `server.trusted_proxies` must be a list of texts like [\"one\", \"two\"], not text",
        ),
        (
            "[limits]\nenabled = \"no\"",
            "payd.toml:2:11: `limits.enabled` must be true or false, not text",
        ),
        (
            "server = 1",
            "payd.toml:1:10: `server` must be a section [server], not a whole number",
        ),
        (
            "[[server]]",
            "payd.toml:1:3: `server` must be a section [server], not a list",
        ),
        (
            "[networks.bsc]\nproviders = \"http://a\"",
            "payd.toml:2:13: `networks.bsc.providers` must be a list of sections [[networks.bsc.providers]], not text",
        ),
        (
            "[networks]\nbsc = true",
            "payd.toml:2:1: `networks.bsc` must be a section [networks.bsc], not true or false",
        ),
        (
            "[rates.fixed.usd]\nUSDT = 0.9998",
            "payd.toml:2:8: `rates.fixed.usd.USDT` must be a decimal in quotes like \"0.9998\", not a number with a point",
        ),
        (
            "[store]\nkey_file = \"payd.key\"",
            "payd.toml:2:12: `store.key_file` must be a whole path that begins with /",
        ),
    ] {
        assert_eq!(problems(text), [problem], "{text}");
    }
}

#[test]
fn what_is_no_price_is_refused() {
    for rate in [
        "0",
        "0.0",
        "-1",
        "+1",
        "1e3",
        "",
        ".5",
        "1.",
        "1,5",
        "0x1",
        "0.0000000000001",
        "1_000",
    ] {
        let found = problems(&format!("[rates.fixed.usd]\nUSDT = \"{rate}\""));
        assert_eq!(found.len(), 1, "{rate}");
        assert!(
            found[0].contains("write the price of one USDT in USD"),
            "{found:?}"
        );
    }
}

#[test]
fn what_cannot_begin_a_checkout_link_is_refused() {
    for (url, fault) in [
        ("pay.example.com", "is not a URL"),
        ("ftp://pay.example.com", "must begin with http"),
        ("https://pay.example.com/?a=b", "must not have a query"),
        (
            "https://pay.example.com/#top",
            "must not have a query or fragment",
        ),
        ("https://me:secret@pay.example.com", "must not have a user name"),
    ] {
        let found = problems(&format!("[server]\npublic_url = \"{url}\""));
        assert_eq!(found.len(), 1, "{url}");
        assert!(found[0].contains(fault), "{found:?}");
        assert!(!found[0].contains("secret"));
    }
}

#[test]
fn one_port_cannot_serve_both_customers_and_metrics() {
    let found = problems("[metrics]\nlisten = \"127.0.0.1:8420\"");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("payd.toml:1:2: ") && found[0].contains("are the same"),
        "{found:?}"
    );
    let any_port = "server.listen = \"127.0.0.1:0\"\nmetrics.listen = \"127.0.0.1:0\"";
    assert!(read(any_port).is_ok());
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = "[log]\nlevel = \"loud\"\n[defaults]\nwindow_s = 1\nwindows = 2\n[networks.bsc]\nquorum = 0\n";
    let refused = read(text).unwrap_err().to_string();
    assert_eq!(
        refused,
        "the configuration has 4 problems:
  payd.toml:2:9: `log.level` is `loud`; use one of: error, warn, info, debug, trace
  payd.toml:4:12: `defaults.window_s` is 1; it must be 60 to 604800 seconds
  payd.toml:5:1: unknown setting `windows` in [defaults]; did you mean `window_s`?
  payd.toml:7:10: `networks.bsc.quorum` is 0; it must be 1 to 16 providers"
    );
}

#[test]
fn broken_toml_is_refused_with_its_line_and_without_showing_it() {
    for text in [
        "[server]\nlisten = ",
        "[server]\nlisten = \"s3cret",
        "[server]\ns3cret s3cret",
        "[server]\n[server]",
        "[a]\na.b = 1\na.b = 2",
    ] {
        let found = problems(text);
        assert!(!found.is_empty(), "{text}");
        assert!(
            found.iter().all(|found| found.starts_with("payd.toml:")),
            "{found:?}"
        );
        assert!(found.iter().all(|found| !found.contains("s3cret")), "{found:?}");
    }
    assert!(
        problems("[server]\n[server]")[0].starts_with("payd.toml:2:"),
        "{:?}",
        problems("[server]\n[server]")
    );
}

#[test]
fn columns_are_counted_in_characters_and_foreign_text_is_cut() {
    let long = "é".repeat(100);
    let found = problems(&format!("log = {{ \"{long}\" = 1, x = 2 }}"));
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("payd.toml:1:9: "), "{found:?}");
    assert!(found[0].len() < 300, "{found:?}");
    assert!(found[1].starts_with("payd.toml:1:117: "), "{found:?}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_a_configuration_panic(text in "[\\[\\]a-z.=\"\n {},0-9é#$-]{0,200}") {
        let _ = read(&text);
    }
}

#[test]
fn a_url_that_slipped_into_the_place_of_a_name_is_not_repeated() {
    let text = "[networks.bsc]\n\"https://rpc.example/v3/SECRET-KEY\" = 1\n";
    let told = problems(text).join("\n");
    assert!(
        told.contains("unknown setting `***`") && !told.contains("SECRET-KEY"),
        "{told}"
    );
}
