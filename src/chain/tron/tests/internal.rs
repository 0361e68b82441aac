//! TRX that contracts send: kept by some nodes only, and among other things that look like it.

use serde_json::{Value, json};

use super::*;

/// A node that does not keep internal transactions.
fn forgetful() -> RecordedTron {
    RecordedTron::lying("gettransactioninfobyblocknum", |_, answer| {
        for info in answer.as_array_mut().unwrap() {
            info.as_object_mut().unwrap().remove("internal_transactions");
        }
    })
}

/// The recording's credits but for the TRX that a contract sent.
fn without_internal() -> Vec<Told> {
    let mut credits = credits(FIRST..=LAST);
    credits.retain(|(_, _, position, ..)| !position.starts_with("internal"));
    credits
}

#[test]
fn what_a_contract_sent_counts_when_two_say_so_whoever_is_asked_first() {
    for order in [[0, 1, 1], [1, 0, 1], [1, 1, 0]] {
        let node = |keeps| {
            if keeps == 1 {
                RecordedTron::honest()
            } else {
                forgetful()
            }
        };
        let rig = rig(order.map(node).into());
        assert_eq!(
            told(&rig.read_all(20).unwrap().transfers),
            credits(FIRST..=LAST),
            "{order:?}"
        );
        // Not to keep it is no lie.
        let reports = now(rig.source.probe());
        assert!(
            reports.iter().all(|report| report.faults.is_empty()),
            "{reports:?}"
        );
    }
}

#[test]
fn what_only_one_says_that_a_contract_sent_neither_counts_nor_holds_the_scan_up() {
    for nodes in [
        vec![RecordedTron::honest(), forgetful()],
        vec![forgetful(), RecordedTron::honest()],
        vec![forgetful(), forgetful()],
    ] {
        assert_eq!(
            told(&rig(nodes).read_all(20).unwrap().transfers),
            without_internal()
        );
    }
}

#[test]
fn one_who_will_answer_before_long_is_waited_for() {
    let throttled = RecordedTron::honest();
    throttled.twist(|path, _, answer| {
        if path.ends_with("infobyblocknum") {
            json!({"Error": "class java.lang.IllegalAccessException : lack of computing resources"})
        } else {
            answer
        }
    });
    let rig = rig(vec![RecordedTron::honest(), forgetful(), throttled]);
    let refused = rig.read(314..=314).unwrap_err();
    assert!(reasons(&refused).contains("yet to be heard"), "{refused}");
    rig.nodes[2].twist(|_, _, answer| answer);
    rig.clock.advance(Duration::from_secs(60));
    assert_eq!(told(&rig.read(314..=314).unwrap().transfers), credits(314..=314));
}

/// What is read of the internal transactions of block 314's first transaction after `change`.
fn after(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Vec<Told> {
    let node = RecordedTron::lying("gettransactioninfobyblocknum", move |request, answer| {
        if request["num"] == json!(314) {
            change(&mut answer[0]["internal_transactions"]);
        }
    });
    told(&rig(vec![node]).read(314..=314).unwrap().transfers)
}

#[test]
fn only_what_moved_trx_is_counted() {
    let hex = |note: &str| json!(hex::encode(note));
    assert_eq!(after(|_| ()), credits(314..=314));
    assert_eq!(
        after(move |all| all[0]["note"] = hex("suicide")),
        credits(314..=314)
    );
    // Lending energy to an account names it and an amount, and gives it nothing.
    for note in ["delegateResourceOfEnergy", "freezeForBandwidth", "create", ""] {
        let coded = hex(note);
        assert_eq!(after(move |all| all[0]["note"] = coded.clone()), [], "{note}");
    }
    assert_eq!(
        after(|all| all[0]["callValueInfo"][0]["tokenId"] = json!("1000001")),
        []
    );
    assert_eq!(
        after(|all| all[0]["callValueInfo"][0]["callValue"] = json!(0)),
        []
    );
    assert_eq!(
        after(|all| all[0]["callValueInfo"][0]["callValue"] = json!(-5)),
        []
    );
    assert_eq!(
        after(|all| all[0]["caller_address"] = all[0]["transferTo_address"].clone()),
        []
    );
    assert_eq!(after(|all| all[0]["rejected"] = json!(true)), []);
}

#[test]
fn every_value_has_a_place_of_its_own() {
    let found = after(|all| {
        all[0]["callValueInfo"] = json!([{"callValue": 5, "tokenId": "1000001"}, {"callValue": 6}]);
        let again = all[0].clone();
        all.as_array_mut().unwrap().push(again);
    });
    let places: Vec<_> = found
        .iter()
        .map(|(_, _, position, .., amount)| (position.as_str(), *amount))
        .collect();
    assert_eq!(places, [("internal 1", 6), ("internal 3", 6)]);
}
