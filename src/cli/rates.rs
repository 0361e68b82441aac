//! `payd rates`: what would be quoted now, and what each source says. Asks the sources itself; the running daemon has a
//! memory of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{Globals, RatesOptions};
use super::output::{Output, Rows};
use super::session::Place;
use super::store_rate::known_symbol;
use super::wiring;
use crate::domain::asset::Registry;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::engine::quote::Rates;
use crate::rates::{Poll, Report, Verdict};

/// Runs the command.
///
/// # Errors
/// When the configuration is wrong, or the symbol is of nothing.
pub async fn run(globals: &Globals, options: &RatesOptions) -> anyhow::Result<Output> {
    let place = Place::find(globals)?;
    let registry = place.settings.registry();
    let symbols = match &options.symbol {
        Some(word) => BTreeSet::from([known_symbol(&registry, word)?]),
        None => live_symbols(&registry),
    };
    let rates = wiring::rates(&place)?;
    if let Some(market) = &rates.market {
        market.refresh().await;
    }
    Ok(shown(&rates, &symbols, options.fiat))
}

/// What real payments can be made in.
fn live_symbols(registry: &Registry) -> BTreeSet<String> {
    let live = registry.networks().filter(|network| network.mode == Mode::Live);
    live.flat_map(|network| registry.assets_of(&network.id))
        .map(|asset| asset.symbol.to_string())
        .collect()
}

fn shown(rates: &Rates, symbols: &BTreeSet<String>, fiat: Fiat) -> Output {
    let mut quoted = Rows::new(&["one", "is", "in", "by"]);
    let mut opinions = Rows::new(&["pair", "source", "price", "age", "verdict"]);
    let (mut json, mut seen, mut refused) = (Vec::new(), BTreeSet::new(), 0u32);
    for symbol in symbols {
        let by_hand = rates.live.get(&(symbol.clone(), fiat));
        let report = rates.market.as_ref().map(|market| market.report(symbol, fiat));
        let (price, by) = match (by_hand, &report) {
            (Some(price), _) => (Some(*price), "fixed in the configuration".to_owned()),
            (None, Some(Report { rate: Ok(rate), .. })) => (Some(rate.price), rate.source.clone()),
            (
                None,
                Some(Report {
                    rate: Err(refusal), ..
                }),
            ) => (None, format!("not quoted: {refusal}")),
            (None, None) => (
                None,
                "not quoted: none is fixed, and the market is off".to_owned(),
            ),
        };
        refused = refused.saturating_add(u32::from(price.is_none()));
        let text = price.map_or_else(|| "-".to_owned(), |price| price.normalize().to_string());
        quoted.push([symbol.clone(), text, fiat.to_string(), by.clone()]);
        let polls = report.map(|report| report.polls).unwrap_or_default();
        for poll in &polls {
            if seen.insert((poll.base.clone(), poll.quote.clone())) {
                add_opinions(&mut opinions, poll);
            }
        }
        json.push(json!({
            "symbol": symbol,
            "fiat": fiat.word(),
            "rate": price.map(|price| price.normalize().to_string()),
            "by": by,
            "polls": polls.iter().map(poll_json).collect::<Vec<_>>(),
        }));
    }
    let troubles = rates
        .market
        .as_ref()
        .map(|market| market.troubles())
        .unwrap_or_default();
    let text = format!(
        "{}\nWhat the sources say\n{}",
        quoted.or("There is nothing to quote."),
        opinions.or(if rates.market.is_some() {
            "Nothing."
        } else {
            "No source is asked: `enabled` under [rates] is false."
        })
    );
    let json = json!({ "rates": json, "troubles": troubles.iter().map(trouble_json).collect::<Vec<_>>() });
    let mut output = Output::new(text, json);
    output.is_bad_news = refused > 0;
    troubles.iter().fold(output, |output, (source, trouble)| {
        output.warn(format!("{source}: {trouble}"))
    })
}

fn add_opinions(rows: &mut Rows, poll: &Poll) {
    for opinion in &poll.opinions {
        rows.push([
            format!("{}/{}", poll.base, poll.quote),
            opinion.source.to_string(),
            opinion.price.round_dp(10).normalize().to_string(),
            format!("{} s", opinion.age.as_secs()),
            verdict(opinion.verdict).to_owned(),
        ]);
    }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Used => "used",
        Verdict::Outlier => "left out: too far from the median",
        Verdict::Stale => "left out: too old",
        Verdict::NotEnough => "not enough: two have to agree",
    }
}

fn poll_json(poll: &Poll) -> Value {
    let opinions = poll.opinions.iter().map(|opinion| {
        json!({
            "source": &*opinion.source,
            "price": opinion.price.normalize().to_string(),
            "age_s": opinion.age.as_secs(),
            "verdict": match opinion.verdict {
                Verdict::Used => "used",
                Verdict::Outlier => "outlier",
                Verdict::Stale => "stale",
                Verdict::NotEnough => "not_enough",
            },
        })
    });
    json!({ "base": poll.base, "quote": poll.quote, "opinions": opinions.collect::<Vec<_>>() })
}

fn trouble_json((source, trouble): &(Arc<str>, String)) -> Value {
    json!({ "source": &**source, "trouble": trouble })
}
