//! soko's public rates: a table that is made at most once in five minutes, and what a price comes to. Keeps in memory
//! only what can be made again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::error::ApiError;
use super::query::Parameters;
use super::request::{fiat, fiat_price, not_an_amount};
use super::wire::RateTable;
use crate::ambient::Clock;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Gateway, RateRow};
use crate::web::api::number::{Number, SentAmount};

/// The page's promise: "Cached for 5 minutes".
const KEPT: Duration = Duration::from_secs(5 * 60);

/// How long a table is kept in which nothing is priced: payd has just begun to ask.
const KEPT_EMPTY: Duration = Duration::from_secs(5);

/// The currencies of the table: the page's.
const FIATS: [Fiat; 5] = [Fiat::Usd, Fiat::Eur, Fiat::Rub, Fiat::Cny, Fiat::Gbp];

/// The table that was made last.
pub(super) struct Board {
    clock: Arc<dyn Clock>,
    last: Mutex<Option<Shown>>,
}

/// A table, and until when it is shown.
#[derive(Clone)]
pub(super) struct Shown {
    pub table: Arc<RateTable>,
    made_at: UnixMillis,
    kept: Duration,
}

impl Shown {
    /// Seconds for which others may still keep it at `now`: it is as old for them as it is here.
    pub(super) fn kept_seconds(&self, now: UnixMillis) -> u64 {
        self.kept.saturating_sub(now.since(self.made_at)).as_secs()
    }
}

impl Board {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            last: Mutex::default(),
        }
    }

    /// The table; made anew from `rows` only when the last one is too old, or of a time that has not come yet.
    pub(super) fn table(&self, rows: impl FnOnce(&[Fiat]) -> Vec<RateRow>) -> Shown {
        let now = self.clock.now();
        // A table that somebody failed to finish was not put here.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |shown: &&Shown| now >= shown.made_at && now.since(shown.made_at) < shown.kept;
        if let Some(shown) = last.as_ref().filter(is_fresh) {
            return shown.clone();
        }
        let table = table(rows(&FIATS));
        let shown = Shown {
            made_at: now,
            kept: if table.0.is_empty() { KEPT_EMPTY } else { KEPT },
            table: Arc::new(table),
        };
        *last = Some(shown.clone());
        shown
    }
}

/// The engine's rows in the page's words. What has no price is left out.
fn table(rows: Vec<RateRow>) -> RateTable {
    let lower = |word: &str| word.to_ascii_lowercase();
    let priced = rows.into_iter().filter(|row| !row.prices.is_empty());
    let mut table: Vec<_> = priced
        .map(|row| {
            let prices = row.prices.iter();
            let prices = prices.map(|(fiat, price)| {
                (
                    lower(fiat.word()),
                    Number::of_digits(price.normalize().to_string()),
                )
            });
            (lower(&row.symbol), prices.collect())
        })
        .collect();
    table.sort_by(|(one, _), (other, _)| one.cmp(other));
    RateTable(table)
}

/// What `?amount=&fiat=&crypto=` comes to; `None` where that was not asked.
///
/// # Errors
/// 400 when a part of the question is missing or wrong, 503 while there is no rate.
pub(super) fn converted(query: &str, gateway: &Gateway) -> Result<Option<Number>, ApiError> {
    let parameters = Parameters::read(query, &["amount", "fiat", "crypto"])?;
    let get = |name| parameters.get(name);
    let (amount, of, code) = match (get("amount"), get("fiat"), get("crypto")) {
        (None, None, None) => return Ok(None),
        (Some(amount), Some(fiat), Some(crypto)) => (amount, fiat, crypto),
        (_, _, _) => {
            return Err(ApiError::bad_request(
                "a conversion needs amount, fiat and crypto, such as ?amount=5000&fiat=RUB&crypto=USDT_TRC20",
            ));
        }
    };
    let amount = SentAmount::parse(amount).ok_or_else(|| not_an_amount("amount"))?;
    let price = fiat_price("amount", &amount, fiat("fiat", of)?)?;
    let asset = gateway.asset_by_code(Mode::Live, code).ok_or_else(|| {
        ApiError::bad_request("crypto is unknown; use a currency's code such as USDT_TRC20, BTC or ETH")
    })?;
    let converted = gateway.convert(price, &asset).ok_or_else(|| {
        ApiError::no_rate(format!(
            "no exchange rate for {} in {} is known now; retry shortly",
            asset.symbol, price.currency
        ))
    })?;
    Ok(Some(Number::of_asset(converted, &asset)))
}
