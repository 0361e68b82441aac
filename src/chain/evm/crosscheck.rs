//! A second provider's word on what blocks hold, for reading by logs: what one leaves out, another has.
//!
//! Where two contradict each other, a proof from the block's header decides, else a third voice; else the blocks are
//! not read.

use std::collections::BTreeSet;

use super::mode_l::{self, Frame, Reading};
use super::{EvmSource, Verify, mode_r};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::domain::transfer::SeenTransfer;

/// How often a range is asked for in ever smaller parts of a provider whose limit is not known yet.
const SIZE_TRIES: usize = 6;

/// Someone who contradicts the reader, and cannot be shown to be wrong.
struct Dissent<'a> {
    provider: &'a Provider,
    height: u64,
}

/// Asks other providers whether the blocks of `frames` hold just `transfers`, until one says so.
///
/// # Errors
/// [`Trouble`] with the provider of `reading` when it was wrong, or when nobody confirms what it said.
pub(super) async fn check(
    source: &EvmSource,
    reading: &Reading<'_>,
    frames: &[Frame],
    transfers: &[SeenTransfer],
) -> Result<(), Trouble> {
    if !source.is_cross_checked() || reading.watched.is_empty() {
        return Ok(());
    }
    let mut hosts = BTreeSet::from([reading.provider.host()]);
    let (mut lag, mut reasons, mut dissents) = (None, Vec::new(), Vec::<Dissent<'_>>::new());
    for witness in source.pool.providers.by_health() {
        if !hosts.insert(witness.host()) {
            continue;
        }
        let said = match ask(source, reading, witness, frames).await {
            Ok(said) => said,
            Err(trouble) => {
                if trouble.kind == TroubleKind::Lag {
                    lag = Some(Trouble::lag(format!("{}: {trouble}", witness.host())));
                }
                reasons.push(format!("{}: {trouble}", witness.host()));
                continue;
            }
        };
        let differing: Vec<&Frame> = frames
            .iter()
            .filter(|frame| !is_same(&of_block(transfers, frame), &of_block(&said, frame)))
            .collect();
        let Some(first) = differing.first() else {
            for dissent in dissents {
                let lie = format!("two others contradict it about block {}", dissent.height);
                put_aside(dissent.provider, lie).await;
            }
            return Ok(());
        };
        match decide(reading, witness, &differing, transfers, &said).await? {
            // What they differ in is proven; on all else they agree.
            Decision::ReaderIsRight => return Ok(()),
            Decision::WitnessIsWrong => {
                reasons.push(format!("{}: contradicts what is proven", witness.host()))
            }
            // Where two others agree, one of them is read next and outvotes this reader.
            Decision::None => dissents.push(Dissent {
                provider: witness,
                height: first.header.block.height,
            }),
        }
    }
    if let Some(dissent) = dissents.first() {
        return Err(Trouble::new(
            TroubleKind::Undecided,
            format!(
                "{} says otherwise what block {} holds, and neither can be proven right: nothing is read until \
                 they agree; a third provider would decide",
                dissent.provider.host(),
                dissent.height
            ),
        ));
    }
    match lag {
        Some(lag) => Err(lag),
        // Nothing in a block shows that a log was left out, and what the cursor passed is never looked at again. Nothing
        // could become paid meanwhile either: that takes the same quorum.
        None => Err(Trouble::new(
            TroubleKind::Undecided,
            format!(
                "no second provider can be asked whether it is right: {}",
                reasons.join("; ")
            ),
        )),
    }
}

/// What `witness` says that the blocks hold.
async fn ask(
    source: &EvmSource,
    reading: &Reading<'_>,
    witness: &Provider,
    frames: &[Frame],
) -> Result<Vec<SeenTransfer>, Trouble> {
    let second = Reading {
        provider: witness,
        ..*reading
    };
    let asked = async {
        source.check(witness).await?;
        let mut answer = mode_l::second_word(&second, frames).await;
        for _ in 1..SIZE_TRIES {
            match &answer {
                Err(trouble) if matches!(trouble.kind, TroubleKind::Size { .. }) => {
                    answer = mode_l::second_word(&second, frames).await;
                }
                Ok(_) | Err(_) => break,
            }
        }
        answer
    };
    witness.attempt(asked).await
}

/// What proofs say where two providers contradict each other.
enum Decision {
    /// The reader is proven right about every block in which they differ.
    ReaderIsRight,
    /// The witness is proven wrong about some; what it says of the others counts for nothing.
    WitnessIsWrong,
    /// Nothing is proven.
    None,
}

/// Has proofs decide about the `differing` blocks. Who is shown to be wrong is put aside.
///
/// # Errors
/// [`Trouble`] when the reader is shown to be wrong.
async fn decide(
    reading: &Reading<'_>,
    witness: &Provider,
    differing: &[&Frame],
    transfers: &[SeenTransfer],
    said: &[SeenTransfer],
) -> Result<Decision, Trouble> {
    let mut are_all_proven = true;
    let mut is_witness_wrong = None;
    let mut is_reader_wrong = None;
    for frame in differing {
        let height = frame.header.block.height;
        let Some(truth) = truth(reading, witness, frame).await else {
            are_all_proven = false;
            continue;
        };
        let truth: Vec<&SeenTransfer> = truth.iter().collect();
        if !is_same(&truth, &of_block(said, frame)) {
            is_witness_wrong = Some(height);
        }
        if !is_same(&truth, &of_block(transfers, frame)) {
            is_reader_wrong = Some(height);
        }
    }
    let lie =
        |height| format!("its logs or transactions of block {height} are not those that the block holds");
    if let Some(height) = is_witness_wrong {
        put_aside(witness, lie(height)).await;
    }
    match is_reader_wrong {
        Some(height) => Err(Trouble::lie(lie(height))),
        None if are_all_proven => Ok(Decision::ReaderIsRight),
        None if is_witness_wrong.is_some() => Ok(Decision::WitnessIsWrong),
        None => Ok(Decision::None),
    }
}

/// What the block holds, proven from its header; whoever of the two can prove it.
async fn truth(reading: &Reading<'_>, witness: &Provider, frame: &Frame) -> Option<Vec<SeenTransfer>> {
    if reading.verify == Verify::None {
        return None;
    }
    let block = &frame.header.block;
    for prover in [reading.provider, witness] {
        let heights = [block.height];
        let whole = mode_r::read(prover, Verify::Full, reading.assets, &heights, reading.watched).await;
        match whole {
            Ok(whole) if whole.headers.first().is_some_and(|header| header.block == *block) => {
                return Some(whole.transfers);
            }
            Ok(_) => tracing::debug!(
                provider = prover.host(),
                height = block.height,
                "has another block"
            ),
            Err(trouble) => {
                tracing::debug!(provider = prover.host(), height = block.height, %trouble, "proves nothing");
            }
        }
    }
    None
}

async fn put_aside(provider: &Provider, lie: String) {
    // The attempt that was made before has remembered a success.
    let outcome = provider.attempt(async { Err::<(), _>(Trouble::lie(lie)) }).await;
    if let Err(trouble) = outcome {
        tracing::debug!(provider = provider.host(), %trouble, "put aside");
    }
}

fn of_block<'a>(transfers: &'a [SeenTransfer], frame: &Frame) -> Vec<&'a SeenTransfer> {
    let is_of_block = |seen: &&SeenTransfer| seen.block == frame.header.block;
    transfers.iter().filter(is_of_block).collect()
}

/// Whether both are the same transfers, in whatever order: what places a log in its block is its index.
fn is_same(some: &[&SeenTransfer], others: &[&SeenTransfer]) -> bool {
    let sorted = |all: &[&SeenTransfer]| {
        let mut all: Vec<SeenTransfer> = all.iter().map(|seen| (*seen).clone()).collect();
        all.sort_by(|one, other| {
            let key = |seen: &SeenTransfer| (seen.block.height, seen.position);
            key(one).cmp(&key(other)).then_with(|| one.txid.cmp(&other.txid))
        });
        all
    };
    some.len() == others.len() && sorted(some) == sorted(others)
}
