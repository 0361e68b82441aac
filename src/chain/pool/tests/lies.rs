use std::time::Duration;

use super::rig::{Rig, Script, at_tip, down, name, on_branch};

fn rig(quorum: usize, branches: &[&'static str]) -> Rig {
    Rig::new(quorum, branches.iter().map(|branch| on_branch(branch)).collect())
}

/// The hosts that are put aside.
fn aside(rig: &Rig) -> Vec<usize> {
    let health = rig.pool.health();
    (0..health.len())
        .filter(|host| health[*host].rests.is_some())
        .collect()
}

#[test]
fn who_is_contradicted_by_a_majority_is_put_aside_and_reading_moves_over() {
    let rig = rig(2, &["fake", "main", "main"]);
    assert_eq!(rig.header(7).0.unwrap(), "fake7");
    assert_eq!(rig.agrees("fake7").0, Ok(false));
    assert_eq!(aside(&rig), [0]);
    let (why, rest) = rig.health(0).rests.unwrap();
    assert!(why.contains("its block 7 is fake7, but 2 have main7"), "{why}");
    assert!(rest >= Duration::from_secs(300), "{rest:?}");
    assert_eq!(rig.first(), name(1));
    assert_eq!(rig.header(7).0.unwrap(), "main7");
    assert_eq!(rig.agrees("main7").0, Ok(true));
}

#[test]
fn one_against_one_stays_undecided_and_nothing_is_agreed() {
    for (branches, hash) in [(["fake", "main"], "fake7"), (["main", "fake"], "main7")] {
        let rig = rig(2, &branches);
        assert_eq!(rig.agrees(hash).0, Ok(false));
        assert!(aside(&rig).is_empty());
        assert_eq!(rig.first(), name(0));
    }
}

#[test]
fn there_is_no_majority_where_there_is_a_tie_or_everyone_differs() {
    for branches in [["fake", "fake", "main", "main"], ["fake", "a", "b", "c"]] {
        let rig = rig(3, &branches);
        assert_eq!(rig.agrees("fake7").0, Ok(false));
        assert!(aside(&rig).is_empty(), "{branches:?}");
    }
}

#[test]
fn a_provider_that_lags_or_is_down_has_no_voice() {
    let main = || on_branch("main");
    for (third, undecided) in [(at_tip(3), true), (down(), false)] {
        let rig = Rig::new(2, vec![on_branch("fake"), main(), third]);
        assert_eq!(rig.agrees("fake7").0.is_ok(), undecided);
        assert!(rig.health(0).rests.is_none());
    }
    let rig = Rig::new(2, vec![on_branch("fake"), main(), down(), main()]);
    assert!(
        rig.agrees("fake7").0.is_err(),
        "the one that is down might have agreed"
    );
    assert!(rig.health(0).rests.is_some(), "but the majority is known");
}

#[test]
fn a_quorum_that_only_lags_puts_nobody_aside() {
    let rig = Rig::new(2, vec![on_branch("main"), at_tip(3), at_tip(3)]);
    assert_eq!(rig.agrees("main7").0, Ok(false));
    assert!(aside(&rig).is_empty());
}

#[test]
fn all_that_told_the_lie_are_put_aside_and_no_one_else() {
    let rig = rig(3, &["fake", "fake", "main", "main", "main"]);
    assert_eq!(rig.agrees("fake7").0, Ok(false));
    assert_eq!(aside(&rig), [0, 1]);
}

#[test]
fn a_block_that_was_read_and_that_nobody_has_any_more_is_nobodys_lie() {
    let rig = rig(2, &["main", "main", "main"]);
    for hash in ["orphan7", "another7"] {
        assert_eq!(rig.agrees(hash).0, Ok(false));
        assert!(aside(&rig).is_empty());
        rig.clock.advance(Duration::from_secs(59));
    }
    // What the scanner has long left is forgotten.
    rig.clock.advance(Duration::from_secs(3600));
    assert_eq!(rig.agrees("orphan7").0, Ok(false));
    assert!(aside(&rig).is_empty());
}

#[test]
fn who_tells_one_thing_in_blocks_and_another_in_headers_is_not_read_from_for_ever() {
    let rig = rig(2, &["main", "main"]);
    for _ in 0..6 {
        assert_eq!(rig.agrees("fake7").0, Ok(false));
        assert_eq!(rig.agrees("invented7").0, Ok(false));
        assert!(aside(&rig).is_empty());
        rig.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(rig.agrees("fake7").0, Ok(false));
    assert_eq!(aside(&rig), [0]);
    assert_eq!(rig.first(), name(1));
}

#[test]
fn a_liar_that_hangs_the_vote_does_not_hold_it_up() {
    let hanging = Script {
        delay: Duration::from_secs(30),
        ..on_branch("fake")
    };
    let rig = Rig::new(2, vec![on_branch("main"), hanging, on_branch("main")]);
    let (agreed, took) = rig.agrees("main7");
    assert_eq!(agreed, Ok(true));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn one_voice_alone_puts_nobody_aside_however_long_it_lasts() {
    let rig = rig(1, &["main"]);
    for _ in 0..20 {
        assert_eq!(rig.agrees("fake7").0, Ok(false));
        assert!(aside(&rig).is_empty());
        rig.clock.advance(Duration::from_secs(30));
    }
}

#[test]
fn a_tip_that_the_chain_cannot_have_grown_to_is_not_followed_while_another_keeps_up() {
    let rig = Rig::new(2, vec![at_tip(100), at_tip(100)]);
    assert_eq!(rig.tip().0, 100);
    rig.set(0, at_tip(1 << 60));
    rig.set(1, at_tip(101));
    assert_eq!(rig.tip().0, 101);
    assert_eq!(rig.first(), name(1));
    assert_eq!(rig.pool.tip_seen(), 101);
    assert_eq!(rig.health(1).lag_blocks, Some(0));
    let (shared, _) = rig.drive(rig.pool.tip(&super::rig::Plain, true));
    assert_eq!(shared.unwrap().height, 101);
    // After a day both have grown as far as a chain does.
    rig.clock.advance(Duration::from_secs(86_400));
    rig.set(0, at_tip(28_900));
    rig.set(1, at_tip(28_900));
    assert_eq!(rig.tip().0, 28_900);
}

#[test]
fn whoever_is_alone_is_believed_whatever_its_tip() {
    let rig = Rig::new(2, vec![at_tip(100), down()]);
    assert_eq!(rig.tip().0, 100);
    rig.set(0, at_tip(100_000));
    assert_eq!(rig.tip().0, 100_000);
}
