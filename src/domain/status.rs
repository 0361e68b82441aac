//! The life of a payment: one enum, one transition function.
//!
//! `overpaid` is not a status: it is `paid` with more received than due.

use super::money::BaseUnits;

super::vocabulary! {
    /// Where a payment stands.
    Status, "status" {
        /// The customer has yet to choose the currency.
        Selecting = "selecting",
        /// Every slot is taken; it becomes pending when one frees.
        Queued = "queued",
        /// Waiting for money.
        Pending = "pending",
        /// The full amount was seen and waits for confirmations.
        Confirming = "confirming",
        /// The window closed with less than the amount due.
        Underpaid = "underpaid",
        /// The full amount has settled.
        Paid = "paid",
        /// The window closed with nothing received.
        Expired = "expired",
        /// The merchant cancelled.
        Cancelled = "cancelled",
        /// Given up for a reason inside payd. No rule leads here today.
        Failed = "failed",
    }
}

impl Status {
    /// Whether the payment still holds its address, so that nobody else may be given it.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::Selecting | Self::Queued | Self::Pending | Self::Confirming
        )
    }

    /// Whether money that counts can still change the status.
    #[must_use]
    pub const fn takes_money(self) -> bool {
        matches!(
            self,
            Self::Pending | Self::Confirming | Self::Underpaid | Self::Expired
        )
    }
}

/// The money that counts for a payment, and what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funds {
    /// In blocks of the chain, at any depth.
    pub seen: BaseUnits,
    /// At or below the required depth; never more than `seen`.
    pub settled: BaseUnits,
    /// What completes the payment: the amount due less the tolerance.
    pub required: BaseUnits,
}

/// Something that became known about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The customer chose the currency.
    CurrencyChosen {
        /// Whether what to pay is known at once; otherwise the payment has to wait for its turn.
        has_turn: bool,
    },
    /// A slot became free.
    SlotFreed,
    /// The money on the chain was counted again.
    Counted(Funds),
    /// The window is over and the chain has been read past it.
    WindowClosed(Funds),
    /// The merchant cancelled.
    Cancelled,
}

/// No rule leads from this status by this fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a payment that is {now} cannot follow {fact:?}")]
pub struct IllegalTransition {
    /// The status the payment has.
    pub now: Status,
    /// What was said to have happened.
    pub fact: Fact,
}

/// The status that follows `now` once `fact` is known; `now` itself when the fact changes nothing.
///
/// A step at a time: money that is already settled takes a pending payment to confirming first, and the same
/// fact then takes it on to paid, so that both changes leave their events.
///
/// # Errors
/// [`IllegalTransition`] when no rule leads from `now` by `fact`; the caller has a bug or a stale row.
pub fn next(now: Status, fact: Fact) -> Result<Status, IllegalTransition> {
    use Status::{Cancelled, Confirming, Expired, Failed, Paid, Pending, Queued, Selecting, Underpaid};
    match (now, fact) {
        (Selecting, Fact::CurrencyChosen { has_turn: true }) | (Queued, Fact::SlotFreed) => Ok(Pending),
        (Selecting, Fact::CurrencyChosen { has_turn: false }) => Ok(Queued),

        (Pending, Fact::Counted(funds)) => Ok(if funds.is_seen() { Confirming } else { Pending }),
        (Confirming, Fact::Counted(funds)) if funds.is_settled() => Ok(Paid),
        // A reorganisation can take the money away again.
        (Confirming, Fact::Counted(funds)) => Ok(if funds.is_seen() { Confirming } else { Pending }),
        (Underpaid | Expired, Fact::Counted(funds)) if funds.is_settled() => Ok(Paid),
        (Underpaid | Expired, Fact::Counted(funds)) => Ok(if funds.is_seen() { Confirming } else { now }),
        (Paid, Fact::Counted(_)) => Ok(Paid),

        (Selecting | Queued, Fact::WindowClosed(_)) => Ok(Expired),
        (Pending | Confirming, Fact::WindowClosed(funds)) => Ok(if funds.is_seen() {
            Confirming
        } else if funds.seen.is_zero() {
            Expired
        } else {
            Underpaid
        }),

        (Selecting | Queued | Pending, Fact::Cancelled) => Ok(Cancelled),

        (Confirming | Underpaid | Paid | Expired | Cancelled | Failed, Fact::Cancelled)
        | (Underpaid | Paid | Expired | Cancelled | Failed, Fact::WindowClosed(_))
        | (Selecting | Queued | Cancelled | Failed, Fact::Counted(_))
        | (
            Queued | Pending | Confirming | Underpaid | Paid | Expired | Cancelled | Failed,
            Fact::CurrencyChosen { .. },
        )
        | (
            Selecting | Pending | Confirming | Underpaid | Paid | Expired | Cancelled | Failed,
            Fact::SlotFreed,
        ) => Err(IllegalTransition { now, fact }),
    }
}

impl Funds {
    /// Whether enough was seen, at any depth.
    #[must_use]
    pub fn is_seen(self) -> bool {
        self.seen >= self.required
    }

    /// Whether enough has settled.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self.settled >= self.required
    }
}

/// Every pair of different statuses that [`next`] can lead through. The database refuses all others.
pub const EDGES: &[(Status, Status)] = &[
    (Status::Selecting, Status::Pending),
    (Status::Selecting, Status::Queued),
    (Status::Selecting, Status::Expired),
    (Status::Selecting, Status::Cancelled),
    (Status::Queued, Status::Pending),
    (Status::Queued, Status::Expired),
    (Status::Queued, Status::Cancelled),
    (Status::Pending, Status::Confirming),
    (Status::Pending, Status::Underpaid),
    (Status::Pending, Status::Expired),
    (Status::Pending, Status::Cancelled),
    (Status::Confirming, Status::Paid),
    (Status::Confirming, Status::Pending),
    (Status::Confirming, Status::Underpaid),
    (Status::Confirming, Status::Expired),
    (Status::Underpaid, Status::Confirming),
    (Status::Underpaid, Status::Paid),
    (Status::Expired, Status::Confirming),
    (Status::Expired, Status::Paid),
];

#[cfg(test)]
mod tests {
    use super::Status::*;
    use super::*;

    const DUE: u128 = 100;

    fn funds(seen: u128, settled: u128) -> Funds {
        Funds {
            seen: BaseUnits::new(seen),
            settled: BaseUnits::new(settled),
            required: BaseUnits::new(DUE),
        }
    }

    fn counted(now: Status, seen: u128, settled: u128) -> Status {
        next(now, Fact::Counted(funds(seen, settled))).unwrap()
    }

    fn closed(now: Status, seen: u128) -> Status {
        next(now, Fact::WindowClosed(funds(seen, 0))).unwrap()
    }

    #[test]
    fn selecting_becomes_pending_when_the_currency_is_chosen() {
        assert_eq!(
            next(Selecting, Fact::CurrencyChosen { has_turn: true }),
            Ok(Pending)
        );
    }

    #[test]
    fn selecting_becomes_queued_when_what_was_chosen_has_no_amount_left() {
        let fact = Fact::CurrencyChosen { has_turn: false };
        assert_eq!(next(Selecting, fact), Ok(Queued));
    }

    #[test]
    fn selecting_becomes_expired_when_the_window_closes() {
        assert_eq!(closed(Selecting, 0), Expired);
    }

    #[test]
    fn selecting_becomes_cancelled() {
        assert_eq!(next(Selecting, Fact::Cancelled), Ok(Cancelled));
    }

    #[test]
    fn queued_becomes_pending_when_a_slot_frees() {
        assert_eq!(next(Queued, Fact::SlotFreed), Ok(Pending));
    }

    #[test]
    fn queued_becomes_expired_when_the_window_closes() {
        assert_eq!(closed(Queued, 0), Expired);
    }

    #[test]
    fn queued_becomes_cancelled() {
        assert_eq!(next(Queued, Fact::Cancelled), Ok(Cancelled));
    }

    #[test]
    fn pending_becomes_confirming_when_the_full_amount_is_seen() {
        assert_eq!(counted(Pending, DUE, 0), Confirming);
        assert_eq!(counted(Pending, DUE - 1, 0), Pending);
    }

    #[test]
    fn pending_with_settled_money_passes_through_confirming() {
        assert_eq!(counted(Pending, DUE, DUE), Confirming);
        assert_eq!(counted(Confirming, DUE, DUE), Paid);
    }

    #[test]
    fn pending_becomes_underpaid_when_the_window_closes_on_part_of_the_money() {
        assert_eq!(closed(Pending, 1), Underpaid);
    }

    #[test]
    fn pending_becomes_expired_when_the_window_closes_on_nothing() {
        assert_eq!(closed(Pending, 0), Expired);
    }

    #[test]
    fn pending_with_the_full_amount_does_not_expire() {
        assert_eq!(closed(Pending, DUE), Confirming);
    }

    #[test]
    fn pending_becomes_cancelled() {
        assert_eq!(next(Pending, Fact::Cancelled), Ok(Cancelled));
    }

    #[test]
    fn confirming_becomes_paid_when_the_money_has_settled_and_not_before() {
        assert_eq!(counted(Confirming, DUE, DUE - 1), Confirming);
        assert_eq!(counted(Confirming, DUE, DUE), Paid);
    }

    #[test]
    fn confirming_becomes_pending_when_a_reorg_takes_the_money() {
        assert_eq!(counted(Confirming, DUE - 1, 0), Pending);
    }

    #[test]
    fn confirming_becomes_underpaid_when_a_reorg_takes_part_after_the_window() {
        assert_eq!(closed(Confirming, 1), Underpaid);
    }

    #[test]
    fn confirming_becomes_expired_when_a_reorg_takes_all_after_the_window() {
        assert_eq!(closed(Confirming, 0), Expired);
    }

    #[test]
    fn confirming_with_the_full_amount_does_not_expire() {
        assert_eq!(closed(Confirming, DUE), Confirming);
    }

    #[test]
    fn underpaid_becomes_confirming_when_later_money_completes_it() {
        assert_eq!(counted(Underpaid, DUE, 1), Confirming);
        assert_eq!(counted(Underpaid, DUE - 1, 1), Underpaid);
    }

    #[test]
    fn underpaid_becomes_paid_when_the_money_that_completes_it_has_settled() {
        assert_eq!(counted(Underpaid, DUE, DUE), Paid);
    }

    #[test]
    fn expired_becomes_confirming_when_late_money_is_accepted() {
        assert_eq!(counted(Expired, DUE, 0), Confirming);
        assert_eq!(counted(Expired, 0, 0), Expired);
    }

    #[test]
    fn expired_becomes_paid_when_late_money_has_settled() {
        assert_eq!(counted(Expired, DUE, DUE), Paid);
    }

    #[test]
    fn paid_stays_paid_whatever_the_chain_does() {
        for seen in [0, 1, DUE, DUE * 2] {
            assert_eq!(counted(Paid, seen, 0), Paid);
        }
    }

    /// Every status with every fact, and with amounts on both sides of each boundary.
    fn every_step() -> impl Iterator<Item = (Status, Fact, Result<Status, IllegalTransition>)> {
        let amounts = [0, 1, DUE - 1, DUE, DUE + 1];
        let money = amounts.into_iter().flat_map(move |seen| {
            amounts
                .into_iter()
                .filter(move |settled| *settled <= seen)
                .map(move |settled| funds(seen, settled))
        });
        let facts: Vec<Fact> = money
            .flat_map(|funds| [Fact::Counted(funds), Fact::WindowClosed(funds)])
            .chain([
                Fact::CurrencyChosen { has_turn: true },
                Fact::CurrencyChosen { has_turn: false },
                Fact::SlotFreed,
                Fact::Cancelled,
            ])
            .collect();
        Status::ALL.iter().flat_map(move |now| {
            facts
                .clone()
                .into_iter()
                .map(move |fact| (*now, fact, next(*now, fact)))
        })
    }

    #[test]
    fn the_edges_listed_are_exactly_the_edges_taken() {
        let mut taken: Vec<(Status, Status)> = every_step()
            .filter_map(|(now, _, then)| Some((now, then.ok()?)))
            .filter(|(now, then)| now != then)
            .collect();
        taken.sort_unstable();
        taken.dedup();
        let mut listed = EDGES.to_vec();
        listed.sort_unstable();
        assert_eq!(taken, listed);
    }

    #[test]
    fn nothing_leaves_the_final_statuses() {
        for (now, fact, then) in every_step() {
            if matches!(now, Paid | Cancelled | Failed) {
                assert!(then.is_err() || then == Ok(now), "{now} by {fact:?} to {then:?}");
            }
        }
    }
}
