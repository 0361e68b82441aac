//! A store's payments as rows for a spreadsheet or a program, read in small pieces: a million of them need no more memory
//! than a page.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::csv;
use super::{Clues, Office, OfficeError, Query, found, search, transfers};
use crate::domain::asset::Registry;
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::payment::Payment;
use crate::domain::price::Price;
use crate::store::search::Turn;
use crate::store::{StoreError, Txn};

/// Payments of one piece.
const PIECE: u32 = 500;

/// Transactions that are named of a payment.
const TXIDS_MAX: usize = 100;

/// The columns, in their order.
pub const COLUMNS: [&str; 19] = [
    "number",
    "order_id",
    "status",
    "mode",
    "origin",
    "created_at",
    "paid_at",
    "price",
    "price_currency",
    "usd_value",
    "asset",
    "network",
    "due",
    "received",
    "address",
    "txids",
    "customer_email",
    "description",
    "note",
];

crate::domain::vocabulary! {
    /// How rows are written.
    Form, "form" {
        /// As RFC 4180 has it, in UTF-8, with a head.
        Csv = "csv",
        /// An array of objects.
        Json = "json",
    }
}

/// An export on its way.
pub struct Export {
    office: Office,
    shop: ShopId,
    query: Query,
    clues: Option<Clues>,
    form: Form,
    turn: Option<Turn>,
    is_begun: bool,
    has_rows: bool,
}

impl Office {
    /// All payments of a store that a list would show, newest first. `None` when so many fit the search that some would be
    /// left out.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn export_payments(
        &self,
        shop: ShopId,
        query: Query,
        form: Form,
    ) -> Result<Option<Export>, OfficeError> {
        let clues = self.clues(&query.search);
        let looked_for = clues.clone();
        let read = self
            .engine
            .database
            .read(move |txn| found(txn, shop, &looked_for));
        let (_, is_too_many) = read.await?;
        Ok((!is_too_many).then(|| Export {
            office: self.clone(),
            shop,
            query,
            clues,
            form,
            turn: Some(Turn::Newest),
            is_begun: false,
            has_rows: false,
        }))
    }
}

impl Export {
    /// The next piece of the text; `None` after the last.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn next(&mut self) -> Result<Option<String>, OfficeError> {
        let Some(turn) = self.turn else { return Ok(None) };
        let (shop, wanted, clues) = (self.shop, self.query.wanted(self.shop), self.clues.clone());
        let registry = Arc::clone(&self.office.engine.registry);
        let read = self.office.engine.database.read(move |txn| {
            let (among, _) = found(txn, shop, &clues)?;
            let page = search::page(txn, &wanted, among.as_deref(), turn, PIECE)?;
            let rows = page.payments.iter().map(|payment| row(txn, &registry, payment));
            Ok::<_, StoreError>((rows.collect::<Result<Vec<_>, _>>()?, page.goes_on_at))
        });
        let (rows, goes_on_at) = read.await?;
        self.turn = goes_on_at.map(|id: PaymentId| Turn::Before(id));
        let mut text = String::new();
        if !self.is_begun {
            self.is_begun = true;
            text.push_str(&match self.form {
                Form::Csv => csv::line(COLUMNS.iter().map(|name| (*name).to_owned())),
                Form::Json => "[".to_owned(),
            });
        }
        for row in rows {
            match self.form {
                Form::Csv => text.push_str(&csv::line(row.into_iter().map(Cell::into_text))),
                Form::Json => {
                    text.push_str(if self.has_rows { ",\n" } else { "\n" });
                    text.push_str(&json_object(row));
                }
            }
            self.has_rows = true;
        }
        if self.turn.is_none() && self.form == Form::Json {
            text.push_str("\n]\n");
        }
        Ok(Some(text))
    }
}

/// What stands in a column.
enum Cell {
    /// A text that payd makes: a number, a time, a word.
    Own(String),
    /// A text that somebody else made.
    Foreign(String),
    Many(Vec<String>),
    Nothing,
}

impl Cell {
    fn into_text(self) -> String {
        match self {
            Self::Own(text) => text,
            Self::Foreign(text) => csv::defused(&text),
            Self::Many(all) => all.join(" "),
            Self::Nothing => String::new(),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Own(text) | Self::Foreign(text) => Value::String(text),
            Self::Many(all) => all.into_iter().map(Value::String).collect(),
            Self::Nothing => Value::Null,
        }
    }
}

fn json_object(cells: Vec<Cell>) -> String {
    let pairs = COLUMNS.iter().zip(cells);
    let object: Map<String, Value> = pairs
        .map(|(name, cell)| ((*name).to_owned(), cell.into_json()))
        .collect();
    Value::Object(object).to_string()
}

/// A point in time as ISO 8601 has it, to the second, in UTC.
fn row(txn: &Txn<'_>, registry: &Registry, payment: &Payment) -> Result<Vec<Cell>, StoreError> {
    let asked = payment.asked();
    let asset = payment
        .ask
        .as_ref()
        .and_then(|ask| registry.asset(&ask.network, &ask.currency));
    let amount = |units: BaseUnits| match asset {
        Some(asset) => Cell::Own(units.to_decimal(asset.decimals, 0)),
        None => Cell::Nothing,
    };
    let (price, price_currency) = match &payment.price {
        Price::Fiat(price) => (Cell::Own(price.amount()), Cell::Own(price.currency.to_string())),
        Price::Asset {
            network,
            currency,
            amount,
        } => match registry.asset(network, currency) {
            Some(asset) => (
                Cell::Own(amount.to_decimal(asset.decimals, 0)),
                Cell::Own(asset.symbol.to_string()),
            ),
            None => (Cell::Nothing, Cell::Own(currency.to_string())),
        },
    };
    let usd = payment.usd_cents.map(|minor| FiatAmount {
        currency: Fiat::Usd,
        minor,
    });
    let text = |text: &str| Cell::Foreign(text.to_owned());
    let mut txids: Vec<String> = Vec::new();
    if !payment.progress.seen.is_zero() || payment.progress.latest.is_some() {
        let transfers = transfers::of_payment(txn, payment.id)?;
        let on_chain = transfers.iter().filter(|transfer| !transfer.orphaned);
        txids.extend(
            on_chain
                .map(|transfer| transfer.seen.txid.to_string())
                .take(TXIDS_MAX),
        );
        txids.dedup();
        if let (true, Some(latest)) = (txids.is_empty(), &payment.progress.latest) {
            txids.push(latest.txid.to_string());
        }
    }
    let notes = super::notes::of_payment(txn, payment.id)?;
    let notes: Vec<String> = notes
        .into_iter()
        .map(|note| format!("{}: {}", note.mark, note.reason))
        .collect();
    Ok(vec![
        Cell::Own(payment.number.to_string()),
        text(&payment.order.external_id),
        Cell::Own(payment.status.to_string()),
        Cell::Own(payment.mode.to_string()),
        Cell::Own(payment.origin.to_string()),
        Cell::Own(payment.created_at.rfc3339()),
        payment
            .confirmed_at
            .map_or(Cell::Nothing, |at| Cell::Own(at.rfc3339())),
        price,
        price_currency,
        usd.map_or(Cell::Nothing, |usd| Cell::Own(usd.amount())),
        asset.map_or(Cell::Nothing, |asset| Cell::Own(asset.symbol.to_string())),
        payment
            .ask
            .as_ref()
            .map_or(Cell::Nothing, |ask| Cell::Own(ask.network.to_string())),
        asked.map_or(Cell::Nothing, |ask| amount(ask.due)),
        asked.map_or(Cell::Nothing, |_| amount(payment.progress.seen)),
        asked.map_or(Cell::Nothing, |ask| Cell::Own(ask.address.to_string())),
        Cell::Many(txids),
        text(&payment.order.customer_email),
        text(&payment.order.description),
        text(&notes.join("; ")),
    ])
}
