//! `payd payment`: create, list, cancel, note, export, simulate; `show` is next door. Whatever changes a payment goes through the
//! engine, as it does for the APIs.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::actor::actor;
use super::args::{ExportOptions, PaymentCommand};
use super::output::{self, Output, Rows};
use super::payment_show;
use super::session::{Session, shop_named};
use super::wiring;
use crate::domain::ids::{PaymentId, PaymentNumber, PaymentToken, ShopId};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::{Mark, Order, Payment};
use crate::domain::status::Status;
use crate::engine::gateway::{Caller, CreateRequest, PayWith, Scenario};
use crate::engine::office::payments::Query;
use crate::engine::office::prices;
use crate::store::{Txn, payments, shops};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: PaymentCommand) -> anyhow::Result<Output> {
    match command {
        PaymentCommand::Create {
            store,
            amount,
            fiat,
            network,
            currency,
            order_id,
            mode,
        } => {
            let request = CreateRequest {
                order: Order {
                    external_id: checked_order_id(order_id)?,
                    metadata: "{}".to_owned(),
                    ..Order::default()
                },
                ..CreateRequest::new(price(&amount, fiat)?, PayWith::asset(network, currency))
            };
            create(session, &store, mode, request).await
        }
        PaymentCommand::Show { id } => {
            let payment = find(session, &id).await?;
            payment_show::show(session, payment).await
        }
        PaymentCommand::List {
            store,
            status,
            limit,
            before,
        } => list(session, store, status, limit, before).await,
        PaymentCommand::Cancel { id, reason } => cancel(session, &id, reason).await,
        PaymentCommand::Note { id, mark, reason } => note(session, &id, mark, &reason).await,
        PaymentCommand::Export(options) => export(session, options).await,
        PaymentCommand::Simulate { id, scenario } => simulate(session, &id, scenario).await,
    }
}

/// Reads a price such as `50` or `49.90`.
///
/// # Errors
/// When it is none, nothing, or too large.
pub fn price(text: &str, currency: Fiat) -> anyhow::Result<FiatAmount> {
    Ok(prices::price(text, currency)?)
}

fn checked_order_id(order_id: String) -> anyhow::Result<String> {
    if order_id.chars().count() > 255 {
        bail!("an order number has at most 255 characters");
    }
    Ok(order_id)
}

async fn create(
    session: &Session,
    store: &str,
    mode: Mode,
    request: CreateRequest,
) -> anyhow::Result<Output> {
    let caller = Caller {
        shop: Arc::new(session.shop(store).await?),
        mode,
        key: None,
    };
    let office = wiring::office(session)?;
    let created = office
        .create_payment(office.by(actor()), &caller, request)
        .await?;
    payment_show::show(session, created.view.payment).await
}

/// The payment of this number or token, of any store.
async fn find(session: &Session, id: &str) -> anyhow::Result<Payment> {
    let id = id.trim().to_owned();
    session.read(move |txn| find_in(txn, &id)).await
}

/// The payment of this number or token, in a transaction.
///
/// # Errors
/// When there is none, or the text is neither.
pub fn find_in(txn: &Txn<'_>, id: &str) -> anyhow::Result<Payment> {
    let upper = id.to_ascii_uppercase();
    let found = if let Some(number) = PaymentNumber::parse(&upper) {
        payments::by_number(txn, &number)?
    } else if let Some(token) = PaymentToken::parse(id) {
        payments::by_token(txn, &token)?
    } else {
        bail!(
            "`{}` is neither a payment number (PAY-2026-000123) nor a checkout token",
            output::printable(id)
        );
    };
    found.context("there is no such payment; see `payd payment list`")
}

async fn list(
    session: &Session,
    store: Option<String>,
    status: Option<Status>,
    limit: u32,
    before: Option<String>,
) -> anyhow::Result<Output> {
    let asked = limit.saturating_add(1);
    let found = session.read(move |txn| {
        let shop = store.map(|name| shop_named(txn, &name)).transpose()?;
        let before = before.map(|id| find_in(txn, &id)).transpose()?;
        let before = before.map_or(PaymentId::new(i64::MAX), |payment| payment.id);
        let page = payments::page(txn, shop.map(|shop| shop.id), status, before, asked)?;
        page.into_iter()
            .map(|payment| Ok((shop_name(txn, payment.shop)?, payment)))
            .collect::<anyhow::Result<Vec<_>>>()
    });
    let mut found = found.await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    let mut rows = Rows::new(&["payment", "store", "status", "price", "due", "made"]);
    for (shop, payment) in &found {
        rows.push([
            payment.number.to_string(),
            shop.clone(),
            format!(
                "{}{}",
                payment.status,
                if payment.mode == Mode::Test { " (test)" } else { "" }
            ),
            payment_show::price(session, payment),
            payment
                .ask
                .as_ref()
                .map(|ask| payment_show::amount(session, payment, ask.due))
                .unwrap_or_default(),
            output::time(payment.created_at),
        ]);
    }
    let mut text = rows.or("No payments.");
    if let (true, Some((_, last))) = (is_more, found.last()) {
        text.push_str(&format!("There are more: add `--before {}`.\n", last.number));
    }
    let json: Vec<Value> = found
        .iter()
        .map(|(shop, payment)| payment_show::as_json(session, shop, payment))
        .collect();
    Ok(Output::new(text, json!({ "payments": json, "is_more": is_more })))
}

/// The name of a payment's store.
///
/// # Errors
/// Those of the store.
pub fn shop_name(txn: &Txn<'_>, shop: ShopId) -> anyhow::Result<String> {
    Ok(shops::by_id(txn, shop)?.map(|shop| shop.name).unwrap_or_default())
}

async fn cancel(session: &Session, id: &str, reason: Option<String>) -> anyhow::Result<Output> {
    let payment = find(session, id).await?;
    let office = wiring::office(session)?;
    let by = office.by(actor());
    let reason = reason.unwrap_or_default();
    office
        .cancel_payment(by, payment.shop, &payment.number, &reason)
        .await?;
    let payment = office.payment(payment.shop, &payment.number).await?;
    let of = payment.shop;
    let shop = session.read(move |txn| shop_name(txn, of)).await?;
    let json = payment_show::as_json(session, &shop, &payment);
    Ok(Output::new(
        format!("{} is {}.", payment.number, payment.status),
        json,
    ))
}

async fn note(session: &Session, id: &str, mark: Mark, reason: &str) -> anyhow::Result<Output> {
    let payment = find(session, id).await?;
    let office = wiring::office(session)?;
    let by = office.by(actor());
    office
        .note_payment(by, payment.shop, &payment.number, mark, reason)
        .await?;
    let json =
        json!({ "payment_number": payment.number.as_str(), "mark": mark.word(), "reason": reason.trim() });
    Ok(Output::new(
        format!("{} is marked `{mark}`.", payment.number),
        json,
    ))
}

async fn export(session: &Session, options: ExportOptions) -> anyhow::Result<Output> {
    let name = options.store;
    let shop = session.read(move |txn| shop_named(txn, &name)).await?;
    let query = Query {
        search: options.search.unwrap_or_default(),
        statuses: options.status,
        mode: options.mode,
        origin: options.origin,
        ..Query::default()
    };
    let office = wiring::office(session)?;
    let export = office.export_payments(shop.id, query, options.format).await?;
    let mut export =
        export.context("more than 1000 payments fit the search: search for something that fewer have")?;
    let mut to: Box<dyn Write + Send> = match &options.output {
        Some(path) => {
            let file = File::options().write(true).create_new(true).open(path);
            Box::new(file.with_context(|| format!("cannot write {}", path.display()))?)
        }
        None => Box::new(std::io::stdout()),
    };
    while let Some(piece) = export.next().await? {
        to.write_all(piece.as_bytes())
            .context("cannot write the export")?;
    }
    to.flush().context("cannot write the export")?;
    let text = options
        .output
        .map_or_else(String::new, |path| format!("Written to {}.", path.display()));
    Ok(Output::new(text, Value::Null))
}

async fn simulate(session: &Session, id: &str, scenario: Scenario) -> anyhow::Result<Output> {
    let payment = find(session, id).await?;
    wiring::gateway(session)?
        .simulate(&payment.token, scenario)
        .await?;
    let text = format!(
        "Done: `{scenario}` is on the simulated chain. The running daemon reads it with the next block; \
         see `payd payment show {}`.",
        payment.number
    );
    let json = json!({ "payment_number": payment.number.as_str(), "scenario": scenario.word() });
    Ok(Output::new(text, json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_to_the_cent_and_nothing_is_rounded() {
        for (text, minor) in [("50", 5000), ("50.00", 5000), ("49.9", 4990), ("0.01", 1)] {
            assert_eq!(price(text, Fiat::Usd).unwrap().minor, minor, "{text}");
        }
        for text in [
            "",
            "0",
            "0.00",
            "-1",
            "1.005",
            "1,50",
            "1e3",
            "$5",
            "92233720368547758.08",
        ] {
            assert!(price(text, Fiat::Usd).is_err(), "{text}");
        }
        assert_eq!(price("7500", Fiat::Jpy).unwrap().minor, 7500);
        assert!(price("7500.5", Fiat::Jpy).is_err());
        assert_eq!(price("15.25", Fiat::Kwd).unwrap().minor, 15_250);
    }
}
