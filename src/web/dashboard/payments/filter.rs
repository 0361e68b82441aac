//! The bar above the list: what the address of the page says, read into a query, and shown again as it was.

use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime, UtcOffset};

use crate::domain::asset::Registry;
use crate::domain::ids::PaymentNumber;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::Origin;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::engine::office::payments::{At, Query, SEARCH_MAX};
use crate::web::text::Language;

/// More pairs than the bar has.
const PAIRS_MAX: usize = 64;

/// What the bar says, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) search: String,
    pub(super) statuses: Vec<Status>,
    pub(super) mode: Option<Mode>,
    pub(super) asset: String,
    pub(super) origin: Option<Origin>,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) price_min: String,
    pub(super) price_max: String,
    pub(super) at: At,
}

impl Filter {
    /// Reads a query string. What it does not understand, it leaves out.
    pub(super) fn read(query: Option<&str>) -> Self {
        let mut filter = Self::default();
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        for (name, value) in pairs.take(PAIRS_MAX) {
            let value = value.trim();
            match &*name {
                "q" => filter.search = value.chars().take(SEARCH_MAX).collect(),
                "status" => filter.statuses.extend(value.parse::<Status>()),
                "mode" => filter.mode = value.parse().ok(),
                "asset" => filter.asset = value.chars().take(64).collect(),
                "origin" => filter.origin = value.parse().ok(),
                "from" => filter.from = value.chars().take(10).collect(),
                "until" => filter.until = value.chars().take(10).collect(),
                "min" => filter.price_min = value.chars().take(32).collect(),
                "max" => filter.price_max = value.chars().take(32).collect(),
                "before" => filter.at = PaymentNumber::parse(value).map_or(At::Newest, At::Before),
                "after" => filter.at = PaymentNumber::parse(value).map_or(At::Newest, At::After),
                _ => {}
            }
        }
        filter.statuses.sort_unstable();
        filter.statuses.dedup();
        filter
    }

    /// Whether the list is narrowed by more than a search.
    pub(super) fn narrows(&self) -> bool {
        let bare = Self {
            search: self.search.clone(),
            at: self.at.clone(),
            ..Self::default()
        };
        *self != bare
    }

    /// What the office is asked for. Prices are in the store's own currency.
    pub(super) fn query(&self, registry: &Registry, fiat: Fiat) -> Query {
        let mode = self.mode.unwrap_or(Mode::Live);
        let asset = registry.asset_by_code(&self.asset, mode);
        Query {
            search: self.search.clone(),
            statuses: self.statuses.clone(),
            // An asset is one of real money or of a simulated chain.
            mode: if asset.is_some() { Some(mode) } else { self.mode },
            asset: asset.map(|asset| (asset.network.clone(), asset.currency.clone())),
            origin: self.origin,
            from: day(&self.from).map(millis),
            before: day(&self.until)
                .and_then(|day| day.checked_add(Duration::days(1)))
                .map(millis),
            price_min: money(&self.price_min, fiat),
            price_max: money(&self.price_max, fiat),
        }
    }

    /// The query string without the place in the list: it begins with `?`, and is empty where nothing is filtered.
    pub(super) fn to_query(&self, place: Option<(&str, &str)>) -> String {
        let mut pairs: Vec<(&str, &str)> = self
            .statuses
            .iter()
            .map(|status| ("status", status.word()))
            .collect();
        let words = [
            ("q", self.search.as_str()),
            ("mode", self.mode.map_or("", Mode::word)),
            ("asset", &self.asset),
            ("origin", self.origin.map_or("", Origin::word)),
            ("from", &self.from),
            ("until", &self.until),
            ("min", &self.price_min),
            ("max", &self.price_max),
        ];
        pairs.extend(words.into_iter().filter(|(_, value)| !value.is_empty()));
        pairs.extend(place);
        if pairs.is_empty() {
            return String::new();
        }
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        format!("?{}", text.extend_pairs(pairs).finish())
    }

    /// The statuses with their names, and whether each is ticked.
    pub(super) fn status_boxes(&self, t: &Language) -> Vec<(&'static str, String, bool)> {
        let all = Status::ALL.iter().filter(|status| **status != Status::Failed);
        all.map(|status| {
            let label = t.say(&format!("status-{status}"));
            (status.word(), label, self.statuses.contains(status))
        })
        .collect()
    }
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn millis(day: Date) -> UnixMillis {
    let midnight = OffsetDateTime::new_in_offset(day, time::Time::MIDNIGHT, UtcOffset::UTC);
    UnixMillis::from_seconds(midnight.unix_timestamp())
}

/// An amount of money such as `50` or `49.90`.
pub(in crate::web::dashboard) fn money(text: &str, currency: Fiat) -> Option<FiatAmount> {
    let text = decimal(text)?;
    // Thousands may be parted by a point as well: `1.000` is no amount of dollars.
    let fraction = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if fraction > usize::from(currency.digits()) {
        return None;
    }
    let units = BaseUnits::from_decimal(&text, currency.digits()).ok()?;
    let minor = i64::try_from(units.get()).ok()?;
    let minor = u64::try_from(minor).ok()?;
    Some(FiatAmount { currency, minor })
}

/// A number as people type it, with a point. `None` where a comma may part thousands: who types `1,000` is not to ask for 1.
pub(in crate::web::dashboard) fn decimal(text: &str) -> Option<String> {
    let Some((whole, rest)) = text.split_once(',') else {
        return Some(text.to_owned());
    };
    let is_ambiguous = rest.len() == 3 && !whole.trim_start_matches('0').is_empty();
    (!is_ambiguous && !rest.contains([',', '.']) && !whole.contains('.')).then(|| format!("{whole}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bar_says_is_read_and_written_the_same() {
        let text = "?status=paid&status=expired&q=a%26b&mode=test&from=2027-01-15&min=5";
        let filter = Filter::read(text.strip_prefix('?'));
        assert_eq!(filter.to_query(None), text);
        assert_eq!(filter.search, "a&b");
        assert!(filter.narrows());
        assert!(!Filter::read(Some("q=x&before=PAY-2027-000001")).narrows());
        let again = filter.to_query(Some(("before", "PAY-2027-000001")));
        assert!(again.ends_with("&before=PAY-2027-000001"));
    }

    #[test]
    fn a_day_is_whole_and_in_utc() {
        let filter = Filter::read(Some("from=2027-01-15&until=2027-01-15"));
        let registry = Registry::new(Vec::new(), Vec::new()).unwrap();
        let query = filter.query(&registry, Fiat::Usd);
        let (from, before) = (query.from.unwrap(), query.before.unwrap());
        assert_eq!(from.seconds(), 1_799_971_200);
        assert_eq!(before.since(from).as_secs(), 24 * 60 * 60);
        assert_eq!(
            Filter::read(Some("from=yesterday"))
                .query(&registry, Fiat::Usd)
                .from,
            None
        );
    }

    #[test]
    fn a_comma_that_may_part_thousands_is_not_taken_for_a_point() {
        for (typed, read) in [
            ("12,5", Some("12.5")),
            ("0,125", Some("0.125")),
            ("1,2345", Some("1.2345")),
            ("1000.25", Some("1000.25")),
            ("1,000", None),
            ("12,345", None),
            ("1,000.50", None),
            ("1.000,50", None),
            ("1,000,000", None),
        ] {
            assert_eq!(decimal(typed).as_deref(), read, "{typed}");
        }
        assert!(money("1,000", Fiat::Usd).is_none() && money("1.000", Fiat::Usd).is_none());
        assert_eq!(money("12,50", Fiat::Usd).map(|price| price.minor), Some(1250));
    }
}
