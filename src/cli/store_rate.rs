//! `payd store rate`: rates that a store fixes for itself.

use anyhow::bail;
use serde_json::{Value, json};

use super::args::StoreRateCommand;
use super::output::{Output, Rows};
use super::session::{Session, shop_named, suggestion};
use crate::domain::asset::Registry;
use crate::domain::money::Fiat;
use crate::engine::office::rates::{self as office, RateError};
use crate::store::store_rates::{self, StoreRate};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: StoreRateCommand) -> anyhow::Result<Output> {
    match command {
        StoreRateCommand::Set {
            store,
            symbol,
            fiat,
            rate,
        } => set(session, store, &symbol, fiat, &rate).await,
        StoreRateCommand::Remove { store, symbol, fiat } => remove(session, store, &symbol, fiat).await,
        StoreRateCommand::List { store } => list(session, store).await,
    }
}

async fn set(
    session: &Session,
    store: String,
    symbol: &str,
    fiat: Fiat,
    rate: &str,
) -> anyhow::Result<Output> {
    let symbol = known_symbol(&session.registry, symbol)?;
    let (by, rate) = (session.by(), rate.to_owned());
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let (shop, rate) = office::set(txn, &by, shop.id, &symbol, fiat, &rate)?;
        Ok((shop.name, rate))
    });
    let (name, rate) = written.await?;
    let text = format!(
        "Payments of store `{name}` made from now on count one {} as {} {fiat}; it does not follow the market.",
        rate.symbol, rate.rate
    );
    Ok(Output::new(text, as_json(&rate)))
}

async fn remove(session: &Session, store: String, symbol: &str, fiat: Fiat) -> anyhow::Result<Output> {
    let symbol = symbol.trim().to_ascii_uppercase();
    let (by, of) = (session.by(), symbol.clone());
    let name = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        Ok(office::remove(txn, &by, shop.id, &of, fiat)?.name)
    });
    let text = format!(
        "Store `{}` quotes {symbol} in {fiat} by the market again.",
        name.await?
    );
    Ok(Output::new(
        text,
        json!({ "symbol": symbol, "fiat": fiat.word(), "removed": true }),
    ))
}

async fn list(session: &Session, store: String) -> anyhow::Result<Output> {
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &store)?;
        Ok(store_rates::of_shop(txn, shop.id)?)
    });
    let rates = read.await?;
    let mut rows = Rows::new(&["one", "is", "in"]);
    for rate in &rates {
        rows.push([rate.symbol.clone(), rate.rate.to_string(), rate.fiat.to_string()]);
    }
    let json = json!({ "rates": rates.iter().map(as_json).collect::<Vec<_>>() });
    Ok(Output::new(
        rows.or(
            "The store fixed no rates: it quotes as the configuration and the market say. See `payd rates`.",
        ),
        json,
    ))
}

fn as_json(rate: &StoreRate) -> Value {
    json!({
        "symbol": rate.symbol,
        "fiat": rate.fiat.word(),
        "rate": rate.rate.to_string(),
    })
}

/// A symbol that some asset has, however it is capitalised.
///
/// # Errors
/// When none has; says which there are.
pub fn known_symbol(registry: &Registry, word: &str) -> anyhow::Result<String> {
    match office::known_symbol(registry, word) {
        Err(RateError::Symbol(word)) => bail!(
            "no asset is called `{}`; {}",
            super::output::printable(&word),
            suggestion(&word.to_ascii_uppercase(), &office::symbols(registry))
        ),
        found => Ok(found?),
    }
}
