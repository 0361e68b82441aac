//! Whatever a node says, reading it ends in an answer or an error.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn nonsense() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::sample::select(vec!["2.5", "25000000.0", "1e3", "-0.1", "1e300"])
            .prop_map(|number| serde_json::from_str(number).unwrap()),
        "[0-9a-fA-F]{0,70}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("SUCCESS")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Puts `with` in the place that `path` leads to, however deep that is.
fn put(value: &mut Value, path: &[usize], with: Value) {
    let next = match (path.split_first(), &mut *value) {
        (Some((step, rest)), Value::Array(items)) if !items.is_empty() => {
            let index = step % items.len();
            Some((&mut items[index], rest))
        }
        (Some((step, rest)), Value::Object(map)) if !map.is_empty() => {
            let index = step % map.len();
            map.values_mut().nth(index).map(|inner| (inner, rest))
        }
        _ => None,
    };
    match next {
        Some((inner, rest)) => put(inner, rest, with),
        None => *value = with,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_json_makes_reading_panic(answer in nonsense(), call in 0_usize..5) {
        let calls = ["getnowblock", "getblockbynum", "infobyblocknum", "triggerconstantcontract", "getaccount"];
        let node = RecordedTron::lying(calls[call], move |_, honest| *honest = answer.clone());
        let rig = rig(vec![node]);
        let _ = now(rig.source.tip());
        let _ = rig.read(303..=303);
        let _ = now(rig.source.probe());
    }

    #[test]
    fn a_provider_that_says_something_else_in_one_place_credits_nothing_false(
        place in prop::collection::vec(any::<usize>(), 1..9),
        with in nonsense(),
        height in prop::sample::select(vec![299_u64, 303, 307, 308, 311, 314, 316]),
        of_infos: bool,
    ) {
        let call = if of_infos { "infobyblocknum" } else { "getblockbynum" };
        let node = RecordedTron::lying(call, move |request, honest| {
            if request["num"] == json!(height) {
                put(honest, &place, with.clone());
            }
        });
        let rig = rig(vec![node, RecordedTron::honest(), RecordedTron::honest()]);
        // Two others say what is true.
        let read = rig.read(height..=height).unwrap();
        prop_assert_eq!(told(&read.transfers), credits(height..=height));
    }
}
