//! Lies, and connections that fail: nothing is lost, nothing is credited that was not paid.

use super::stage::Fault;
use super::*;
use crate::chain::providers::trouble::TroubleKind;

const TWO: [Manners; 2] = [Manners::ElectrumX, Manners::Electrs];

async fn until_read(rig: &mut Rig) {
    let mut last = String::new();
    for _ in 0..20 {
        rig.settle().await;
        match rig.follow().await {
            Ok(()) => return,
            Err(error) => last = error.to_string(),
        }
        // Whoever failed is asked again after a while.
        rig.clock.advance(Duration::from_secs(61));
    }
    panic!("nobody could be read: {last}");
}

#[tokio::test(start_paused = true)]
async fn no_lie_of_one_server_is_credited_or_hides_a_payment_that_another_has() {
    for fault in [
        Fault::AlteredAmount,
        Fault::Fabricated,
        Fault::Withheld,
        Fault::LeftOutOfHistory,
        Fault::WrongChain,
        Fault::Garbage,
        Fault::Endless,
        Fault::Hang,
        Fault::HangUp,
        Fault::Storm,
        Fault::OutOfOrder,
        Fault::HistoryTooLong,
        Fault::TooMany,
    ] {
        let mut rig = rig(&[Manners::ElectrumX, Manners::Electrs, Manners::ElectrumX]);
        rig.stages[0].set(fault);
        for step in ["01b", "08a", "08d", "15"] {
            rig.go_to(recorded().step(step));
            until_read(&mut rig).await;
            if step == "08d" || step == "15" {
                assert_eq!(rig.credits(), rig.expected(), "{fault:?} at {step}");
            }
        }
        assert_eq!(rig.credits().len(), recorded().credits.len(), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn next_to_one_honest_server_nothing_is_lost_and_nothing_false_is_read() {
    for fault in [
        Fault::AlteredAmount,
        Fault::Fabricated,
        Fault::Withheld,
        Fault::LeftOutOfHistory,
        Fault::WrongChain,
        Fault::Garbage,
        Fault::HangUp,
        Fault::Hang,
        Fault::TooMany,
    ] {
        for liar in [0, 1] {
            let mut rig = rig(&TWO);
            rig.stages[liar].set(fault);
            for step in ["01b", "08d"] {
                rig.go_to(recorded().step(step));
                for _ in 0..3 {
                    rig.settle().await;
                    // Where it cannot be decided who is right, the blocks wait.
                    let _ = rig.follow().await;
                    assert_eq!(rig.credits(), rig.expected(), "{fault:?} of {liar} at {step}");
                    rig.clock.advance(Duration::from_secs(61));
                }
            }
            rig.stages[liar].unset(fault);
            rig.clock.advance(Duration::from_secs(3600));
            rig.go_to(recorded().step("15"));
            until_read(&mut rig).await;
            assert_eq!(rig.credits(), rig.expected(), "{fault:?} of {liar}");
            assert_eq!(
                rig.credits().len(),
                recorded().credits.len(),
                "{fault:?} of {liar}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stands_still_hides_no_block_from_one_that_does_not() {
    for stale in [0, 1] {
        let mut rig = rig(&[Manners::ElectrumX, Manners::Electrs, Manners::ElectrumX]);
        rig.go_to(recorded().step("01b"));
        until_read(&mut rig).await;
        for step in ["02b", "08d", "15"] {
            for (number, stage) in rig.stages.iter().enumerate() {
                if number != stale {
                    stage.go_to(recorded().step(step));
                }
            }
            until_read(&mut rig).await;
            assert_eq!(rig.credits(), rig.expected(), "{stale} at {step}");
        }
        assert_eq!(rig.credits().len(), recorded().credits.len(), "{stale}");
    }
}

#[tokio::test(start_paused = true)]
async fn beside_one_that_stands_still_the_only_other_server_is_waited_with() {
    for stale in [0, 1] {
        let mut rig = rig(&TWO);
        rig.go_to(recorded().step("01b"));
        until_read(&mut rig).await;
        rig.stages[1 - stale].go_to(recorded().step("08d"));
        for _ in 0..3 {
            rig.settle().await;
            let _ = rig.follow().await;
            assert_eq!(rig.credits(), rig.expected(), "{stale}");
            rig.clock.advance(Duration::from_secs(61));
        }
        rig.go_to(recorded().step("15"));
        until_read(&mut rig).await;
        assert_eq!(rig.credits().len(), recorded().credits.len(), "{stale}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_server_alone_that_lies_is_read_nothing_from() {
    for fault in [
        Fault::AlteredAmount,
        Fault::Fabricated,
        Fault::LeftOutOfHistory,
        Fault::WrongChain,
        Fault::Garbage,
        Fault::Endless,
        Fault::Hang,
        Fault::HangUp,
        Fault::HistoryTooLong,
    ] {
        let mut rig = rig(&[Manners::ElectrumX]);
        rig.stages[0].set(fault);
        rig.go_to(recorded().step("02b"));
        let refused = rig.follow().await.unwrap_err();
        assert!(rig.transfers.is_empty(), "{fault:?}: {refused}");
        // Blocks below the first payment may have been read.
        assert!(rig.headers.len() < 112, "{fault:?}: {refused}");
        rig.stages[0].unset(fault);
        rig.clock.advance(Duration::from_secs(700));
        until_read(&mut rig).await;
        assert_eq!(rig.credits(), rig.expected(), "{fault:?}");
        assert_eq!(rig.credits().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_of_another_chain_is_named_so() {
    let mut rig = rig(&[Manners::ElectrumX]);
    rig.stages[0].set(Fault::WrongChain);
    let refused = rig.follow().await.unwrap_err();
    assert!(matches!(refused, ChainError::WrongChain { .. }), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn where_a_second_word_is_wanted_and_cannot_be_had_nothing_is_read() {
    let mut rig = rig(&TWO);
    rig.follow().await.unwrap();
    rig.stages[1].set(Fault::Away);
    rig.stages[1].hang_up();
    rig.go_to(recorded().step("01b"));
    rig.settle().await;
    let refused = rig.follow().await.unwrap_err();
    assert!(
        refused.to_string().contains("no second Electrum server"),
        "{refused}"
    );
    rig.stages[1].unset(Fault::Away);
    until_read(&mut rig).await;
    assert_eq!(rig.credits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_block_is_not_read_between_its_announcement_and_that_of_its_addresses() {
    let mut rig = rig(&[Manners::ElectrumX]);
    rig.go_to(recorded().step("00"));
    rig.follow().await.unwrap();
    rig.stages[0].set(Fault::StatusesLate);
    rig.go_to(recorded().step("01b"));
    quiet().await;
    rig.follow().await.unwrap();
    assert_eq!(rig.headers.len(), 112, "the new block has to wait");
    let refused = rig.source.read(112..=112, &rig.watched).await.unwrap_err();
    assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    rig.stages[0].tell_statuses();
    rig.settle().await;
    rig.follow().await.unwrap();
    assert_eq!(rig.credits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_was_seen_waiting_is_found_in_its_block_though_nobody_told() {
    let mut rig = rig(&[Manners::Electrs]);
    rig.go_to(recorded().step("01a"));
    rig.follow().await.unwrap();
    rig.stages[0].set(Fault::StatusesLate);
    rig.go_to(recorded().step("01b"));
    rig.settle().await;
    rig.follow().await.unwrap();
    assert_eq!(rig.credits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_told_too_late_is_found_by_the_second_look() {
    let mut rig = rig(&[Manners::ElectrumX]);
    rig.follow().await.unwrap();
    rig.stages[0].set(Fault::StatusesLate);
    rig.go_to(recorded().step("01b"));
    rig.settle().await;
    rig.follow().await.unwrap();
    assert_eq!(rig.credits(), [], "a server that takes longer than it may");
    rig.stages[0].tell_statuses();
    quiet().await;
    let again = rig
        .source
        .read_again(112..=112, &rig.watched)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again.transfers.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_happened_while_the_connection_was_gone_is_found_when_it_is_back() {
    let mut rig = rig(&[Manners::ElectrumX]);
    rig.go_to(recorded().step("06c"));
    rig.follow().await.unwrap();
    let before = rig.credits().len();
    rig.stages[0].hang_up();
    rig.stages[0].set(Fault::Away);
    rig.go_to(recorded().step("08d"));
    rig.settle().await;
    rig.follow().await.unwrap_err();
    rig.stages[0].unset(Fault::Away);
    rig.stages[0].take_calls();
    until_read(&mut rig).await;
    assert_eq!(rig.credits(), rig.expected());
    assert_eq!(rig.credits().len(), before + 1);
    let calls = rig.stages[0].take_calls();
    assert_eq!(
        calls["blockchain.scripthash.subscribe"],
        recorded().addresses.len()
    );
    // Only of the address whose status is another than before.
    assert_eq!(calls["blockchain.scripthash.get_history"], 1, "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_connection_is_kept_alive_and_a_dead_one_is_noticed() {
    let mut rig = rig(&[Manners::ElectrumX]);
    rig.follow().await.unwrap();
    rig.stages[0].take_calls();
    tokio::time::sleep(Duration::from_secs(600)).await;
    let calls = rig.stages[0].take_calls();
    assert!(calls["server.ping"] >= 6, "{calls:?}");
    rig.follow().await.unwrap();
    assert_eq!(
        rig.stages[0].take_calls().get("server.version"),
        None,
        "it is still the same connection"
    );
}

#[test]
fn refusals_are_told_apart() {
    use crate::chain::bitcoin::electrum::connection::told;
    use crate::chain::jsonrpc::RpcError;
    for (code, message, kind) in [
        (1, "height 99,999 out of range", TroubleKind::Lag),
        (0, "missing header", TroubleKind::Lag),
        (0, "missing transaction", TroubleKind::Lag),
        (0, "tx not found or is unconfirmed", TroubleKind::Lag),
        (1, "tx 00 not in block at height 112", TroubleKind::Lag),
        (
            2,
            "daemon error: DaemonError({'code': -5, 'message': 'No such mempool or blockchain transaction.'})",
            TroubleKind::Lag,
        ),
        (
            -32601,
            "unknown method \"no.such.method\"",
            TroubleKind::Unsupported,
        ),
        (
            1,
            "no.such.method RPC error: unknown method no.such.method []",
            TroubleKind::Unsupported,
        ),
        (1, "history too large", TroubleKind::NeverHere),
        (
            -101,
            "excessive resource usage",
            TroubleKind::Throttled { retry_after: None },
        ),
        (0, "anything else", TroubleKind::Down),
    ] {
        let error = RpcError {
            code,
            message: message.to_owned(),
        };
        assert_eq!(told("method", &error).kind, kind, "{message}");
    }
}

#[tokio::test(start_paused = true)]
async fn real_blocks_under_wrong_heights_stop_nobody_from_reading_another() {
    for faults in [&[Fault::Shifted][..], &[Fault::Shifted, Fault::NoPlaces]] {
        let mut rig = rig(&[Manners::ElectrumX, Manners::Electrs, Manners::Electrs]);
        rig.go_to(recorded().step("01b"));
        for fault in faults {
            rig.stages[0].set(*fault);
        }
        for step in ["01b", "08a", "08d", "15"] {
            rig.go_to(recorded().step(step));
            until_read(&mut rig).await;
            let chain_height = recorded().view(&recorded().steps[recorded().step(step)]).height();
            let read_to = rig.headers.last().map(|header| header.block.height);
            assert_eq!(read_to, Some(chain_height), "{faults:?} at {step}");
        }
        assert_eq!(rig.credits(), rig.expected(), "{faults:?}");
        assert_eq!(rig.credits().len(), recorded().credits.len(), "{faults:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn servers_that_do_not_show_the_heights_of_their_blocks_are_read_all_the_same() {
    let mut rig = rig(&TWO);
    for stage in &rig.stages {
        stage.set(Fault::NoPlaces);
    }
    for step in ["01b", "08a", "08d", "15"] {
        rig.go_to(recorded().step(step));
        until_read(&mut rig).await;
    }
    assert_eq!(rig.credits(), rig.expected());
    assert_eq!(rig.credits().len(), recorded().credits.len());
}
