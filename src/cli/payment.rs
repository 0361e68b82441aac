//! `payd payment`: create, list, cancel, simulate; `show` is next door. Whatever changes a payment goes through the
//! engine, as it does for the APIs.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::args::PaymentCommand;
use super::output::{self, Output, Rows};
use super::payment_show;
use super::session::{Session, shop_named, write_down};
use super::wiring;
use crate::domain::ids::{PaymentId, PaymentNumber, PaymentToken, ShopId};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::{Order, Payment};
use crate::domain::status::Status;
use crate::engine::gateway::{Caller, CreateRequest, PayWith, Scenario};
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
        PaymentCommand::Cancel { id } => cancel(session, &id).await,
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
    let created = wiring::gateway(session)?.create(&caller, request).await?;
    let (now, number) = (session.now(), created.view.payment.number.clone());
    session
        .write(move |txn| write_down(txn, now, "payment.create", number.as_str(), mode.word()))
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

async fn cancel(session: &Session, id: &str) -> anyhow::Result<Output> {
    let payment = find(session, id).await?;
    let shop = payment.shop;
    let shop = session.read(move |txn| shops::by_id(txn, shop)?.context("the payment's store is not there"));
    let caller = Caller {
        shop: Arc::new(shop.await?),
        mode: payment.mode,
        key: None,
    };
    let view = wiring::gateway(session)?.cancel(&caller, &payment.number).await?;
    let (now, number) = (session.now(), payment.number.clone());
    session
        .write(move |txn| write_down(txn, now, "payment.cancel", number.as_str(), ""))
        .await?;
    let json = payment_show::as_json(session, &view.shop.name, &view.payment);
    Ok(Output::new(
        format!("{} is {}.", view.payment.number, view.payment.status),
        json,
    ))
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
