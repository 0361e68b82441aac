//! Amounts as figures for people: exact, in the notation of wallets, without zeros that only fill up.

use crate::domain::asset::Asset;
use crate::domain::money::BaseUnits;

/// An amount, parted so that zeros that only fill up can be shown fainter.
pub(super) struct Amount {
    pub(super) exact: String,
    pub(super) significant: String,
    pub(super) filling: String,
}

impl Amount {
    /// The parts of a decimal number.
    pub(super) fn of(exact: String) -> Self {
        let significant = exact.trim_end_matches('0');
        // Two digits after the point always read as money.
        let point = exact.find('.').unwrap_or(exact.len());
        let kept = significant.len().max(point.saturating_add(3)).min(exact.len());
        let (significant, filling) = exact.split_at_checked(kept).unwrap_or((&exact, ""));
        Self {
            significant: significant.to_owned(),
            filling: filling.to_owned(),
            exact,
        }
    }
}

/// A decimal number without the zeros that only fill up.
pub(super) fn significant(exact: String) -> String {
    Amount::of(exact).significant
}

/// An amount as people say it: `50.07 USDT`.
pub(super) fn of_asset(asset: &Asset, amount: BaseUnits) -> String {
    format!("{} {}", significant(asset.show(amount)), asset.symbol)
}
