//! A store's figures: what was paid today and in the last thirty days, beside the thirty before, and what became of the
//! payments that were made. All days are those of UTC.

use std::collections::BTreeMap;

use super::{Office, OfficeError};
use crate::domain::asset::Currency;
use crate::domain::ids::ShopId;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::Payment;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::store::figures::{self, DayCount, DaySales};
use crate::store::{StoreError, Txn};

/// Days that are looked at together, today included.
pub const DAYS: i64 = 30;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Payments shown of those that were made last.
const LATEST: u32 = 8;

/// What was paid in a span of days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sales {
    /// How many payments became paid.
    pub count: u64,
    /// Their prices together, in minor units, by the currency of the price.
    pub priced: BTreeMap<Fiat, u64>,
    /// How many had prices in those.
    pub priced_count: u64,
    /// Of how many the worth in dollars was known when they were made.
    pub valued: u64,
    /// What those were worth together.
    pub usd_cents: u64,
}

impl Sales {
    fn add(&mut self, sales: &DaySales) {
        self.count = self.count.saturating_add(sales.count);
        if let Some(fiat) = sales.fiat {
            let sum = self.priced.entry(fiat).or_default();
            *sum = sum.saturating_add(sales.price_minor);
            self.priced_count = self.priced_count.saturating_add(sales.count);
        }
        self.valued = self.valued.saturating_add(sales.valued);
        self.usd_cents = self.usd_cents.saturating_add(sales.usd_cents);
    }

    /// The one currency that all prices are in, if it is one.
    #[must_use]
    pub fn only_fiat(&self) -> Option<Fiat> {
        let mut fiats = self.priced.keys();
        let first = fiats.next().copied()?;
        (fiats.next().is_none() && self.priced_count == self.count).then_some(first)
    }

    /// What was sold, in `fiat` as the prices were; in dollars, as it was worth, where the prices were in others too.
    #[must_use]
    pub fn sum(&self, fiat: Option<Fiat>) -> FiatAmount {
        match fiat {
            Some(fiat) if self.count == 0 || self.only_fiat() == Some(fiat) => FiatAmount {
                currency: fiat,
                minor: self.priced.get(&fiat).copied().unwrap_or(0),
            },
            Some(_) | None => FiatAmount {
                currency: Fiat::Usd,
                minor: self.usd_cents,
            },
        }
    }

    /// How many are in no sum in dollars, as nobody knew what they were worth.
    #[must_use]
    pub const fn unvalued(&self) -> u64 {
        self.count.saturating_sub(self.valued)
    }
}

/// What became of the payments that were made in a span of days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funnel {
    /// All of them.
    pub made: u64,
    /// Money in full was seen for them, or in part until they were over.
    pub seen: u64,
    /// They are paid.
    pub paid: u64,
    /// They are over with part of the money.
    pub underpaid: u64,
    /// They are over without money.
    pub expired: u64,
    /// They were cancelled.
    pub cancelled: u64,
    /// The customer has yet to choose, to wait or to pay.
    pub open: u64,
}

impl Funnel {
    fn add(&mut self, counted: &DayCount) {
        let DayCount { status, count, .. } = *counted;
        let add = |sum: &mut u64| *sum = sum.saturating_add(count);
        add(&mut self.made);
        match status {
            Status::Paid => {
                add(&mut self.paid);
                add(&mut self.seen);
            }
            Status::Underpaid => {
                add(&mut self.underpaid);
                add(&mut self.seen);
            }
            Status::Confirming => add(&mut self.seen),
            Status::Expired => add(&mut self.expired),
            Status::Cancelled | Status::Failed => add(&mut self.cancelled),
            Status::Selecting | Status::Queued | Status::Pending => add(&mut self.open),
        }
    }
}

/// A store's figures on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The currency that the store reckons in.
    pub fiat: Fiat,
    /// The one that all sums of the last sixty days can be told in: that of all prices, or dollars for none.
    pub unit: Option<Fiat>,
    /// Today, as the first moment of its day.
    pub today_at: UnixMillis,
    /// Today.
    pub today: Sales,
    /// The last [`DAYS`], today included.
    pub now: Sales,
    /// The [`DAYS`] before those.
    pub before: Sales,
    /// Each of the last [`DAYS`], the first one first.
    pub days: Vec<(UnixMillis, Sales)>,
    /// The last [`DAYS`] by what was paid with, the most sold first.
    pub by_asset: Vec<(NetworkId, Currency, Sales)>,
    /// What became of the payments made in the last [`DAYS`].
    pub funnel: Funnel,
    /// The payments that were made last.
    pub latest: Vec<Payment>,
}

/// A store's figures at a time.
///
/// # Errors
/// [`StoreError`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId, mode: Mode, now: UnixMillis) -> Result<Figures, StoreError> {
    let today = now.get().div_euclid(DAY_MS);
    let first = today.saturating_sub(DAYS.saturating_sub(1));
    let sales = figures::sales(txn, shop, mode, first.saturating_sub(DAYS), today)?;
    let counts = figures::counts(txn, shop, mode, first, today)?;
    let fiat = figures::fiat_of(txn, shop)?;
    let mut found = summed(fiat, today, &sales, &counts);
    found.latest = figures::newest(txn, shop, mode, LATEST)?;
    Ok(found)
}

fn summed(fiat: Fiat, today: i64, sales: &[DaySales], counts: &[DayCount]) -> Figures {
    let first = today.saturating_sub(DAYS.saturating_sub(1));
    let mut all = Sales::default();
    let mut figures = Figures {
        fiat,
        unit: None,
        today_at: first_moment(today),
        today: Sales::default(),
        now: Sales::default(),
        before: Sales::default(),
        days: (first..=today)
            .map(|day| (first_moment(day), Sales::default()))
            .collect(),
        by_asset: Vec::new(),
        funnel: Funnel::default(),
        latest: Vec::new(),
    };
    let mut by_asset: BTreeMap<(NetworkId, Currency), Sales> = BTreeMap::new();
    for sold in sales {
        all.add(sold);
        if sold.day < first {
            figures.before.add(sold);
            continue;
        }
        figures.now.add(sold);
        if sold.day == today {
            figures.today.add(sold);
        }
        let place = usize::try_from(sold.day.saturating_sub(first)).ok();
        if let Some((_, day)) = place.and_then(|place| figures.days.get_mut(place)) {
            day.add(sold);
        }
        let asset = (sold.network.clone(), sold.currency.clone());
        by_asset.entry(asset).or_default().add(sold);
    }
    counts.iter().for_each(|counted| figures.funnel.add(counted));
    figures.unit = if all.count == 0 {
        Some(fiat)
    } else {
        all.only_fiat()
    };
    let unit = figures.unit;
    figures.by_asset = by_asset
        .into_iter()
        .map(|((network, currency), sales)| (network, currency, sales))
        .collect();
    figures
        .by_asset
        .sort_by_key(|(_, _, sales)| std::cmp::Reverse((sales.sum(unit).minor, sales.count)));
    figures
}

const fn first_moment(day: i64) -> UnixMillis {
    UnixMillis::new(day.saturating_mul(DAY_MS))
}

/// How much more or less than before, in whole percent, rounded towards nothing; `None` where there was nothing before.
#[must_use]
pub fn change_percent(now: u64, before: u64) -> Option<i64> {
    let (now, before) = (i128::from(now), i128::from(before));
    let percent = now
        .saturating_sub(before)
        .saturating_mul(100)
        .checked_div(before)?;
    Some(i64::try_from(percent).unwrap_or(i64::MAX))
}

impl Office {
    /// A store's figures now.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn figures(&self, shop: ShopId, mode: Mode) -> Result<Figures, OfficeError> {
        let now = self.now();
        let read = self
            .engine
            .database
            .read(move |txn| of_shop(txn, shop, mode, now));
        Ok(read.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sales(day: i64, currency: &str, fiat: Option<Fiat>, minor: u64, usd: Option<u64>) -> DaySales {
        DaySales {
            day,
            network: NetworkId::parse("bsc").unwrap(),
            currency: Currency::parse(currency).unwrap(),
            fiat,
            count: 1,
            price_minor: minor,
            valued: u64::from(usd.is_some()),
            usd_cents: usd.unwrap_or(0),
        }
    }

    #[test]
    fn days_fall_into_today_the_last_thirty_and_the_thirty_before() {
        let eur = Some(Fiat::Eur);
        let all = [
            sales(40, "usdt", eur, 1, Some(2)),
            sales(70, "usdt", eur, 10, Some(20)),
            sales(71, "usdc", eur, 100, Some(200)),
            sales(100, "usdt", eur, 1000, Some(2000)),
        ];
        let figures = summed(Fiat::Usd, 100, &all, &[]);
        let told = |sales: &Sales| (sales.count, sales.sum(figures.unit).to_string());
        assert_eq!(told(&figures.today), (1, "10.00 EUR".to_owned()));
        assert_eq!(told(&figures.now), (2, "11.00 EUR".to_owned()));
        assert_eq!(told(&figures.before), (2, "0.11 EUR".to_owned()));
        assert_eq!(figures.days.len(), 30);
        assert_eq!(told(&figures.days[0].1), (1, "1.00 EUR".to_owned()));
        assert_eq!(figures.days[29].0, UnixMillis::new(100 * DAY_MS));
        assert_eq!(figures.by_asset[0].1.as_str(), "usdt", "the most sold first");
    }

    #[test]
    fn where_prices_mix_sums_are_in_dollars_and_say_what_nobody_could_value() {
        for other in [
            sales(100, "usdt", Some(Fiat::Gbp), 5, Some(7)),
            sales(100, "usdt", None, 0, Some(7)),
        ] {
            let all = [
                sales(100, "usdt", Some(Fiat::Eur), 1000, Some(1100)),
                other,
                sales(100, "usdt", Some(Fiat::Eur), 1, None),
            ];
            let figures = summed(Fiat::Eur, 100, &all, &[]);
            assert_eq!(figures.unit, None);
            assert_eq!(figures.now.sum(figures.unit).to_string(), "11.07 USD");
            assert_eq!(figures.now.unvalued(), 1);
        }
    }

    #[test]
    fn where_nothing_was_sold_the_store_s_own_currency_says_so() {
        let figures = summed(Fiat::Jpy, 100, &[], &[]);
        assert_eq!(figures.today.sum(figures.unit).to_string(), "0 JPY");
    }

    #[test]
    fn the_funnel_counts_every_status_once() {
        let counts: Vec<DayCount> = Status::ALL
            .iter()
            .map(|status| DayCount {
                day: 1,
                status: *status,
                count: 2,
            })
            .collect();
        let funnel = summed(Fiat::Usd, 1, &[], &counts).funnel;
        let Funnel {
            made,
            seen,
            paid,
            underpaid,
            expired,
            cancelled,
            open,
        } = funnel;
        assert_eq!(made, 18);
        assert_eq!((seen, paid, underpaid), (6, 2, 2));
        assert_eq!(seen + expired + cancelled + open, made);
    }

    #[test]
    fn a_change_is_told_in_percent_of_what_was() {
        for (now, before, percent) in [
            (150, 100, Some(50)),
            (50, 100, Some(-50)),
            (1, 3, Some(-66)),
            (5, 0, None),
            (0, 5, Some(-100)),
        ] {
            assert_eq!(change_percent(now, before), percent);
        }
    }
}
