//! How a store receives on a network: from a pool of addresses, at children of an account key, or at one address by
//! unique amounts.

use std::sync::Arc;

use super::asset::Asset;
use super::ids::{ShopId, WalletId};
use super::money::BaseUnits;
use super::network::{Family, NetworkId};
use super::shop::Dialect;
use super::time::UnixMillis;

super::vocabulary! {
    /// How payments are told apart.
    Way, "way to receive" {
        /// Each open payment has an address of the pool to itself; addresses are used again after a rest.
        Pool = "pool",
        /// Each payment has a child address of an account key to itself, for ever.
        Xpub = "xpub",
        /// All payments go to one address; the exact amount tells them apart.
        Shared = "shared",
    }
}

/// How a store receives on a network, when it is not from the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Row number.
    pub id: WalletId,
    /// The store.
    pub shop: ShopId,
    /// The network.
    pub network: NetworkId,
    /// How payments are told apart.
    pub way: Way,
    /// `xpub`: the account's descriptor or extended public key. `shared`: the address. Both in their canonical text.
    pub account: Arc<str>,
    /// `xpub`: the child that the first payment got.
    pub first_index: u32,
    /// `xpub`: the child that the next payment gets.
    pub next_index: u32,
    /// `xpub`: the highest child that ever received money.
    pub paid_index: Option<u32>,
    /// `shared`: how amounts of a stablecoin are told apart, where the store set it.
    pub slots: Option<Slots>,
    /// When it was set up.
    pub created_at: UnixMillis,
    /// When it stopped being used for new payments, if it did.
    pub retired_at: Option<UnixMillis>,
    /// Whether payd wrote the row: one that was changed in the database is not paid to.
    pub is_authentic: bool,
}

/// Children in a row without money after which wallets commonly stop to look (BIP-44: "address gap limit").
pub const GAP_LIMIT: u32 = 20;

impl Wallet {
    /// `xpub`: how many children in a row were given out last and have received nothing.
    #[must_use]
    pub fn unpaid_in_a_row(&self) -> u32 {
        let after_paid = self
            .paid_index
            .map_or(self.first_index, |paid| paid.saturating_add(1));
        self.next_index.saturating_sub(after_paid)
    }

    /// `shared`: how amounts of `asset` are told apart.
    #[must_use]
    pub fn slots_of(&self, asset: &Asset) -> Slots {
        if Slots::counts_in_cents(asset) {
            self.slots.unwrap_or(Slots::CENTS)
        } else {
            Slots::of_last_digit(asset)
        }
    }
}

/// The amounts that lie beside each other above a price: `count` of them, each one in the digit `digits` after the
/// point more than the one before. The first is the price itself, rounded up to that digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// How many.
    pub count: u32,
    /// The digit after the point: 2 for cents.
    pub digits: u8,
}

/// Coins of which a cent is a cent. Only how far apart amounts lie is decided by it, never what a token is.
const STABLE_SYMBOLS: &[&str] = &[
    "USDT", "USDC", "BUSD", "DAI", "TUSD", "FDUSD", "USDD", "PYUSD", "USDP", "EURC", "EURT",
];

impl Slots {
    /// 99 amounts a cent apart.
    pub const CENTS: Self = Self { count: 99, digits: 2 };

    /// The most amounts that may lie beside each other.
    pub const COUNT_MAX: u32 = 9_999;

    /// How amounts of stablecoins are told apart where the store sets nothing, by how its API shows them; `None` for
    /// [`Self::CENTS`]. Crypto Pay and USDT Payments show `50.013400` on TRON for a price of `50.00`: four digits tell amounts
    /// apart, which wallets that round to fewer than six leave alone.
    #[must_use]
    pub const fn usual(dialect: Dialect, family: Family) -> Option<Self> {
        match (dialect, family) {
            (Dialect::CryptoPay | Dialect::UsdtPayments, Family::Tron) => Some(Self {
                count: Self::COUNT_MAX,
                digits: 4,
            }),
            (Dialect::CryptoPay | Dialect::UsdtPayments, _)
            | (Dialect::Payhook | Dialect::Soko | Dialect::Cryptopayment, _) => None,
        }
    }

    /// As many as can be, in the last digit that a quote has.
    #[must_use]
    pub fn of_last_digit(asset: &Asset) -> Self {
        Self {
            count: Self::COUNT_MAX,
            digits: asset.quote_decimals.min(asset.decimals),
        }
    }

    /// Whether amounts of `asset` differ by cents.
    #[must_use]
    pub fn counts_in_cents(asset: &Asset) -> bool {
        asset.decimals >= 2 && STABLE_SYMBOLS.contains(&&*asset.symbol.to_ascii_uppercase())
    }

    /// The amounts for a price of `quoted`. `None` when they do not fit into an amount.
    #[must_use]
    pub fn above(self, quoted: BaseUnits, asset: &Asset) -> Option<SlotRange> {
        let digits_below = asset.decimals.saturating_sub(self.digits);
        let step = 10u128.checked_pow(u32::from(digits_below))?;
        let first = quoted.get().div_ceil(step).checked_mul(step)?;
        let above = u128::from(self.count.saturating_sub(1)).checked_mul(step)?;
        Some(SlotRange {
            first: BaseUnits::new(first),
            last: BaseUnits::new(first.checked_add(above)?),
            step,
        })
    }
}

/// Amounts `step` base units apart, from the lowest to the highest. None is below the price they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRange {
    /// The lowest.
    pub first: BaseUnits,
    /// The highest.
    pub last: BaseUnits,
    step: u128,
}

impl SlotRange {
    /// Whether `amount` is one of them.
    #[must_use]
    pub fn contains(&self, amount: BaseUnits) -> bool {
        let above = amount.get().checked_sub(self.first.get());
        amount <= self.last && above.is_some_and(|above| above.checked_rem(self.step) == Some(0))
    }

    /// The lowest that is not in `taken`, which is in ascending order.
    #[must_use]
    pub fn lowest_free(&self, taken: impl IntoIterator<Item = BaseUnits>) -> Option<BaseUnits> {
        let mut candidate = self.first;
        for taken in taken {
            if taken > candidate {
                break;
            }
            if taken == candidate {
                candidate = candidate.checked_add(BaseUnits::new(self.step))?;
            }
        }
        (candidate <= self.last).then_some(candidate)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::asset::Currency;

    fn asset(symbol: &str, decimals: u8, quote_decimals: u8) -> Asset {
        Asset {
            network: NetworkId::parse("bsc").unwrap(),
            currency: Currency::parse("usdt").unwrap(),
            symbol: symbol.into(),
            decimals,
            quote_decimals,
            contract: None,
        }
    }

    fn range(asset: &Asset, quoted: &str) -> SlotRange {
        let slots = if Slots::counts_in_cents(asset) {
            Slots::CENTS
        } else {
            Slots::of_last_digit(asset)
        };
        let quoted = BaseUnits::from_decimal(quoted, asset.decimals).unwrap();
        slots.above(quoted, asset).unwrap()
    }

    #[test]
    fn a_price_is_rounded_up_to_the_digit_in_which_amounts_differ() {
        for (symbol, decimals, quote_decimals, quoted, first, last) in [
            ("USDT", 6, 6, "100", "100.000000", "100.980000"),
            ("USDT", 18, 6, "100.000001", "100.010000", "100.990000"),
            ("BTC", 8, 8, "0.00083214", "0.00083214", "0.00093212"),
            ("ETH", 18, 8, "0.000000001", "0.00000001", "0.00009999"),
        ] {
            let asset = asset(symbol, decimals, quote_decimals);
            let range = range(&asset, quoted);
            assert_eq!(
                (asset.show(range.first), asset.show(range.last)),
                (first.into(), last.into())
            );
        }
    }

    #[test]
    fn the_lowest_free_amount_fills_the_first_hole() {
        let asset = asset("USDT", 6, 6);
        let range = range(&asset, "100");
        let at = |cents: u128| BaseUnits::new(100_000_000 + cents * 10_000);
        assert_eq!(range.lowest_free([]), Some(at(0)));
        assert_eq!(range.lowest_free([at(0), at(1), at(3)]), Some(at(2)));
        // Amounts that another step put between ours.
        assert_eq!(
            range.lowest_free([at(0), BaseUnits::new(100_000_001), at(1)]),
            Some(at(2))
        );
        assert_eq!(range.lowest_free((0..99).map(at)), None);
    }

    #[test]
    fn what_does_not_fit_is_no_range() {
        let asset = asset("USDT", 18, 6);
        assert_eq!(Slots::CENTS.above(BaseUnits::new(u128::MAX), &asset), None);
        assert_eq!(
            Slots { count: 9, digits: 0 }.above(BaseUnits::new(1), &super::tests::asset("X", 39, 6)),
            None
        );
    }

    proptest! {
        #[test]
        fn amounts_for_any_prices_never_collide_and_never_lie_below_the_price(
            prices in proptest::collection::vec(1u128..1_000_000_000, 1..300),
            decimals in 2u8..=18,
            count in 1u32..=120,
            digits in 0u8..=6,
        ) {
            let asset = asset("USDT", decimals, 6);
            let slots = Slots { count, digits };
            let mut taken = BTreeSet::new();
            for price in prices {
                let price = BaseUnits::new(price);
                let range = slots.above(price, &asset).unwrap();
                let within = taken.range(range.first..=range.last).copied();
                let Some(free) = range.lowest_free(within) else {
                    prop_assert!(taken.range(range.first..=range.last).count() >= count as usize);
                    continue;
                };
                prop_assert!(free >= price && range.contains(free));
                prop_assert!(taken.insert(free), "{free} was taken");
            }
        }
    }
}
