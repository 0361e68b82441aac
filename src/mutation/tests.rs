//! What damages foreign bytes does so, and the same by the same seed.

use std::collections::HashSet;

use super::*;

#[test]
fn the_same_seed_does_the_same_damage_and_another_does_another() {
    let corpus = [
        r#"{"a":[1,"0x2",null],"b":{"c":"text 12.5"}}"#,
        "amount=12.50&name=x",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    ];
    let foul = |seed| Mutator::of(seed).foul(&corpus);
    let all: HashSet<Vec<u8>> = (0..500).map(foul).collect();
    assert!(all.len() > 400, "{}", all.len());
    assert!((0..500).all(|seed| foul(seed) == foul(seed)));
}

#[test]
fn json_gets_keys_twice_depths_and_numbers_that_are_none() {
    let corpus = [r#"{"amount":"12.50","list":[{"a":1},{"a":2}]}"#];
    let all: Vec<String> = (0..5000)
        .map(|seed| Mutator::of(seed).foul_text(&corpus))
        .collect();
    let has = |what: &dyn Fn(&str) -> bool| all.iter().any(|text| what(text));
    assert!(has(&|text| text.matches("\"amount\"").count() == 2));
    assert!(has(&|text| text.contains("[[[[[[[[")));
    assert!(has(&|text| text.contains(":1e999")));
    assert!(has(&|text| text.contains("NaN")));
    assert!(has(&|text| text.contains('\0')));
    assert!(has(&|text| !text.contains("amount") && text.contains("list")));
    let valid = all
        .iter()
        .filter(|text| serde_json::from_str::<serde_json::Value>(text).is_ok());
    let valid = valid.count();
    assert!((500..4500).contains(&valid), "{valid} of 5000 are JSON still");
}

#[test]
#[should_panic(expected = "bytes at a time for an input of 10")]
fn a_parser_that_takes_far_more_memory_than_its_input_is_found() {
    bounded(10, 4, || vec![0_u8; 1 << 20]);
}

#[test]
fn each_case_has_a_seed_of_its_own() {
    let mut seen = Vec::new();
    run("seeds", 5, |from| seen.push(from.next()));
    assert!(seen.len() >= 5 || std::env::var_os("PAYD_FUZZ_CASES").is_some());
    assert_eq!(seen.len(), seen.iter().collect::<HashSet<_>>().len());
}
