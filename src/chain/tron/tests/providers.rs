//! Providers that fail to answer, next to one that does.

use serde_json::json;

use super::*;
use crate::chain::ProviderReport;

fn status(status: u16, retry_after_s: Option<u64>, body: &str) -> Fault {
    Fault::Status(status, retry_after_s, body.to_owned())
}

fn faults() -> Vec<(&'static str, Fault)> {
    let page = recorded::recorded_call("bad_method");
    vec![
        ("hangs", Fault::Hang),
        ("breaks off", Fault::Truncated),
        ("throttles", status(429, Some(30), "")),
        (
            "suspends",
            status(
                403,
                None,
                r#"{"Error":"The key exceeds the frequency limit(15), and the query server is suspended for 30 s"}"#,
            ),
        ),
        ("has no such page", status(405, None, page.as_str().unwrap())),
        (
            "is closed",
            status(404, None, r#"{"Error":"this API is unavailable due to config"}"#),
        ),
        (
            "knows no key",
            status(401, None, r#"{"Error":"ApiKey not exists"}"#),
        ),
        ("is broken", status(502, None, "<html>bad gateway</html>")),
        ("says nothing", status(200, None, "")),
        (
            "says an error",
            status(
                200,
                None,
                r#"{"Error":"class java.lang.NullPointerException : null"}"#,
            ),
        ),
        ("has nothing", status(200, None, "{}")),
        ("says something else", status(200, None, "[1,2]")),
    ]
}

#[test]
fn a_provider_that_fails_is_replaced_by_the_next() {
    for (what, fault) in faults() {
        let rig = rig(vec![
            RecordedTron::honest(),
            RecordedTron::honest(),
            RecordedTron::honest(),
        ]);
        rig.nodes[0].set_fault(Some(fault));
        assert_eq!(now(rig.source.tip()).unwrap().height, LAST, "{what}");
        let all = rig
            .read_all(20)
            .unwrap_or_else(|refused| panic!("{what}: {refused}"));
        assert_eq!(told(&all.transfers), credits(FIRST..=LAST), "{what}");
        assert!(rig.is_final(311).unwrap(), "{what}");
    }
}

#[test]
fn while_one_of_two_fails_nothing_is_read_and_afterwards_everything() {
    for (what, fault) in faults() {
        let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
        rig.nodes[0].set_fault(Some(fault));
        let refused = rig.read(303..=303).unwrap_err();
        reasons(&refused);
        rig.nodes[0].set_fault(None);
        rig.clock.advance(Duration::from_secs(3600));
        assert_eq!(
            told(&rig.read_all(20).unwrap().transfers),
            credits(FIRST..=LAST),
            "{what}"
        );
    }
}

#[test]
fn a_provider_that_throttles_is_left_alone_for_as_long_as_it_asks() {
    let rig = rig(vec![RecordedTron::honest()]);
    rig.read(303..=303).unwrap();
    rig.nodes[0].set_fault(Some(status(
        403,
        None,
        r#"{"Error":"request rate exceeded the allowed_rps(3), and the query server is suspended for 30 s"}"#,
    )));
    assert!(rig.read(304..=304).is_err());
    rig.nodes[0].set_fault(None);
    rig.nodes[0].take_calls();
    rig.clock.advance(Duration::from_secs(29));
    assert!(rig.read(304..=304).is_err());
    assert!(rig.nodes[0].take_calls().is_empty(), "it is not asked");
    rig.clock.advance(Duration::from_secs(2));
    assert!(rig.read(304..=304).is_ok());
}

#[test]
fn blocks_too_large_for_one_reply_are_asked_for_in_smaller_ranges() {
    let mut settings = settings();
    settings.limits.reply_bytes_max = 70_000;
    let rig = rig_with(settings, vec![RecordedTron::honest()]);
    let (mut next, mut found) = (FIRST, Vec::new());
    while next <= LAST {
        let last = LAST.min(next + rig.source.range_max() - 1);
        match rig.read(next..=last) {
            Ok(blocks) => {
                found.extend(blocks.transfers);
                next = last + 1;
            }
            Err(refused) => assert!(matches!(refused, ChainError::RangeTooLarge { .. }), "{refused}"),
        }
    }
    assert_eq!(told(&found), credits(FIRST..=LAST));
    assert!(rig.source.range_max() < 20);
}

fn report(rig: &Rig) -> ProviderReport {
    now(rig.source.probe()).remove(0)
}

#[test]
fn a_probe_says_what_a_person_should_know() {
    let rig = rig(vec![RecordedTron::honest()]);
    let found = report(&rig);
    assert_eq!((found.host.as_str(), found.height), ("node0.example", Some(LAST)));
    assert!(found.faults.is_empty(), "{found:?}");
    assert_eq!(found.chain, Some(rig.nodes[0].genesis()));
    let features = |found: &ProviderReport| -> Vec<String> {
        let each = found.features.iter();
        each.map(|(name, value)| format!("{name}: {value}")).collect()
    };
    assert_eq!(
        features(&found),
        [
            "solid: 336, 5 behind",
            "version: 4.8.0",
            "internal TRX: not known: none lately"
        ]
    );
    assert!(found.remarks.is_empty(), "{found:?}");
    rig.nodes[0].stand_at(316, 312);
    assert_eq!(features(&report(&rig))[2], "internal TRX: kept");
    rig.clock.advance(Duration::from_secs(3600));
    assert!(report(&rig).remarks[0].contains("it lags"));
}

#[test]
fn a_probe_finds_what_keeps_a_provider_from_being_used() {
    let page = recorded::recorded_call("bad_method");
    for (call, answer, words) in [
        (
            "walletsolidity/getnowblock",
            json!({"Error": "this API is closed"}),
            "cannot say which blocks are solid",
        ),
        ("walletsolidity/getnowblock", page, "cannot be read"),
        (
            "wallet/getnowblock",
            json!({"Error": "ApiKey not exists"}),
            "ApiKey not exists",
        ),
        (
            "gettransactioninfobyblocknum",
            json!([]),
            "tokens cannot be read from it",
        ),
    ] {
        let node = RecordedTron::honest();
        node.stand_at(316, 312);
        node.twist(move |path, _, honest| {
            if path.ends_with(call) {
                answer.clone()
            } else {
                honest
            }
        });
        let found = report(&rig(vec![node]));
        assert!(
            found.faults.iter().any(|fault| fault.contains(words)),
            "{words}: {found:?}"
        );
    }
}

#[test]
fn that_the_nodes_own_account_of_itself_is_closed_is_no_fault() {
    let node = RecordedTron::lying("getnodeinfo", |_, answer| *answer = json!({"Error": "closed"}));
    assert!(report(&rig(vec![node])).faults.is_empty());
}
