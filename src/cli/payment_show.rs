//! One payment with all that happened to it: for `payd payment show` and wherever a payment is printed.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::output::{self, Output, Rows};
use super::payment::shop_name;
use super::session::Session;
use crate::domain::event::Event;
use crate::domain::money::BaseUnits;
use crate::domain::network::{Mode, Network};
use crate::domain::payment::{Ask, Payment};
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{Judgement, Transfer};
use crate::engine::office::payments::Gone;
use crate::store::deliveries::{Attempt, Delivery};
use crate::store::endpoints;
use crate::store::{Txn, blocks, deliveries, events, transfers};

/// All that is known of a payment.
struct Story {
    shop: String,
    tip: Option<u64>,
    transfers: Vec<Transfer>,
    events: Vec<Event>,
    deliveries: Vec<Sent>,
    gone: Gone,
}

/// A delivery with where it went and the latest attempt.
pub struct Sent {
    /// The delivery.
    pub delivery: Delivery,
    /// The kind of its event.
    pub event: String,
    /// Where to.
    pub url: String,
    /// The latest attempt.
    pub latest: Option<Attempt>,
}

/// Shows a payment.
///
/// # Errors
/// Those of the store.
pub async fn show(session: &Session, payment: Payment) -> anyhow::Result<Output> {
    let of = payment.clone();
    let story = session.read(move |txn| story(txn, &of)).await?;
    let mut text = output::pairs(&head(session, &payment, &story));
    text.push_str(&sections(session, &payment, &story));
    let mut json = as_json(session, &story.shop, &payment);
    if let Some(fields) = json.as_object_mut() {
        let transfers = story
            .transfers
            .iter()
            .map(|transfer| transfer_json(session, &story, transfer));
        fields.insert("transfers".to_owned(), transfers.collect());
        fields.insert(
            "events".to_owned(),
            story
                .events
                .iter()
                .map(|event| event_json(session, &payment, event))
                .collect(),
        );
        fields.insert(
            "deliveries".to_owned(),
            story.deliveries.iter().map(sent_json).collect(),
        );
        fields.insert(
            "kept_since".to_owned(),
            json!({
                "events": output::json_time_or_null(story.gone.events),
                "deliveries": output::json_time_or_null(story.gone.deliveries),
                "attempts": output::json_time_or_null(story.gone.attempts),
            }),
        );
    }
    Ok(Output::new(text, json))
}

fn story(txn: &Txn<'_>, payment: &Payment) -> anyhow::Result<Story> {
    let deliveries = sent(txn, payment)?;
    Ok(Story {
        shop: shop_name(txn, payment.shop)?,
        tip: match &payment.ask {
            Some(ask) => blocks::cursor(txn, &ask.network)?.map(|block| block.height),
            None => None,
        },
        transfers: transfers::of_payment(txn, payment.id)?,
        events: events::of_payment(txn, payment.id)?,
        gone: gone(txn, payment, &deliveries)?,
        deliveries,
    })
}

/// What is no longer kept of a payment.
fn gone(txn: &Txn<'_>, payment: &Payment, deliveries: &[Sent]) -> anyhow::Result<Gone> {
    let is_any_attempt_missing = deliveries
        .iter()
        .any(|sent| sent.delivery.attempts > 0 && sent.latest.is_none());
    Ok(Gone::of(txn, payment, is_any_attempt_missing)?)
}

/// What is no longer kept, in words: what it is, and the time before which it may be gone.
const fn gone_words(gone: &Gone) -> [(&'static str, Option<UnixMillis>); 3] {
    [
        ("Steps that tell of no money", gone.events),
        ("Webhook deliveries", gone.deliveries),
        ("Single attempts of webhooks", gone.attempts),
    ]
}

/// The deliveries of a payment's events.
///
/// # Errors
/// Those of the store.
pub fn sent(txn: &Txn<'_>, payment: &Payment) -> anyhow::Result<Vec<Sent>> {
    let mut sent = Vec::new();
    for delivery in deliveries::of_payment(txn, payment.id)? {
        let event = events::by_id(txn, delivery.event)?;
        let endpoint = endpoints::by_id(txn, delivery.endpoint)?;
        sent.push(Sent {
            event: event
                .map(|event| event.kind.word().to_owned())
                .unwrap_or_default(),
            url: endpoint.map(|endpoint| endpoint.url).unwrap_or_default(),
            latest: deliveries::attempts(txn, delivery.id)?.pop(),
            delivery,
        });
    }
    Ok(sent)
}

fn head<'a>(session: &Session, payment: &Payment, story: &Story) -> Vec<(&'a str, String)> {
    let test = if payment.mode == Mode::Test { " (test)" } else { "" };
    let is_overpaid = payment
        .ask
        .as_ref()
        .is_some_and(|ask| payment.progress.seen > ask.due);
    let overpaid = if is_overpaid { ", overpaid" } else { "" };
    let of_ask = |show: &dyn Fn(&Ask) -> String| payment.ask.as_ref().map(show).unwrap_or_default();
    vec![
        ("Payment", payment.number.to_string()),
        ("Status", format!("{}{test}{overpaid}", payment.status)),
        ("Waits for", waits_for(payment).to_owned()),
        ("Store", story.shop.clone()),
        ("Order", payment.order.external_id.clone()),
        ("For", payment.order.description.clone()),
        ("Customer", payment.order.customer_email.clone()),
        ("Price", price(session, payment)),
        ("Rate", of_ask(&|ask| rate(session, payment, ask))),
        ("Due", due(session, payment)),
        ("Tolerance", of_ask(&|ask| tolerance(session, payment, ask))),
        (
            "Address",
            payment
                .asked()
                .map(|ask| ask.address.to_string())
                .unwrap_or_default(),
        ),
        ("Way", of_ask(&|ask| ask.way.to_string())),
        (
            "Received",
            of_ask(&|_| {
                let progress = &payment.progress;
                let (seen, settled) = (progress.seen, progress.settled);
                format!(
                    "{}, settled {}",
                    amount(session, payment, seen),
                    amount(session, payment, settled)
                )
            }),
        ),
        ("Made", output::time(payment.created_at)),
        ("Expires", output::time(payment.expires_at)),
        ("Paid", payment.confirmed_at.map(output::time).unwrap_or_default()),
        ("Checkout", checkout_url(session, payment)),
    ]
}

/// What a payment costs: in money, or in an asset.
#[must_use]
pub fn price(session: &Session, payment: &Payment) -> String {
    match &payment.price {
        Price::Fiat(price) => price.to_string(),
        Price::Asset {
            network,
            currency,
            amount,
        } => match session.registry.asset(network, currency) {
            Some(asset) => format!("{} {}", asset.show(*amount), asset.symbol),
            None => format!("{amount} base units of {currency}"),
        },
    }
}

fn rate(session: &Session, payment: &Payment, ask: &Ask) -> String {
    let unit = match &payment.price {
        Price::Fiat(price) => price.currency.to_string(),
        Price::Asset {
            network, currency, ..
        } => {
            let asset = session.registry.asset(network, currency);
            asset.map_or_else(|| currency.to_string(), |asset| asset.symbol.to_string())
        }
    };
    format!("{} {unit} ({})", ask.rate.normalize(), ask.rate_source)
}

fn due(session: &Session, payment: &Payment) -> String {
    match (payment.asked(), &payment.ask) {
        (Some(ask), _) => format!("{} on {}", amount(session, payment, ask.due), ask.network),
        (None, Some(ask)) => format!("nothing yet: it waits for its turn on {}", ask.network),
        (None, None) => "nothing yet: the customer has to choose the currency".to_owned(),
    }
}

fn tolerance(session: &Session, payment: &Payment, ask: &Ask) -> String {
    if ask.required == ask.due {
        return String::new();
    }
    format!("{} is enough", amount(session, payment, ask.required))
}

/// What a payment with enough money, deep enough, is not paid for. Empty for all others.
fn waits_for(payment: &Payment) -> &'static str {
    if payment.status == Status::Confirming
        && payment
            .ask
            .as_ref()
            .is_some_and(|ask| payment.progress.settled >= ask.required)
    {
        "the word of its providers: that they agree on its blocks and, where their chain proves little, that a second one \
         vouches for so much money (trust.one_provider_max_usd); the log says which, `payd doctor` how they do"
    } else {
        ""
    }
}

fn sections(session: &Session, payment: &Payment, story: &Story) -> String {
    let mut text = String::new();
    if !story.transfers.is_empty() {
        let mut rows = Rows::new(&["block time", "amount", "confirmed", "counts", "transaction"]);
        for transfer in &story.transfers {
            rows.push([
                output::time(transfer.seen.block.time),
                transfer_amount(session, transfer),
                if transfer.orphaned {
                    "-".to_owned()
                } else {
                    confirmations(story, payment, transfer)
                },
                meaning(transfer).to_owned(),
                transfer.seen.txid.to_string(),
            ]);
        }
        let _ = write!(text, "\nTransfers\n{}", rows.or(""));
    }
    if let Some(latest) = payment
        .progress
        .latest
        .as_ref()
        .filter(|latest| latest.height.is_none())
    {
        let _ = writeln!(text, "\nIn no block yet: transaction {}", latest.txid);
    }
    if !story.events.is_empty() {
        let mut rows = Rows::new(&["time", "event", "status", "received"]);
        for event in &story.events {
            rows.push([
                output::time(event.at),
                event.kind.to_string(),
                event.status.to_string(),
                amount(session, payment, event.received),
            ]);
        }
        let _ = write!(text, "\nEvents\n{}", rows.or(""));
    }
    if !story.deliveries.is_empty() {
        let _ = write!(
            text,
            "\nWebhook deliveries\n{}",
            sent_rows(&story.deliveries).or("")
        );
    }
    for (what, before) in gone_words(&story.gone) {
        if let Some(before) = before {
            let _ = write!(
                text,
                "\n{what} from before {} are no longer kept.",
                output::time(before)
            );
        }
    }
    text
}

/// Deliveries as a table.
#[must_use]
pub fn sent_rows(deliveries: &[Sent]) -> Rows {
    let mut rows = Rows::new(&["id", "event", "state", "tries", "latest answer", "endpoint"]);
    for sent in deliveries {
        let replay = sent
            .delivery
            .replay_of
            .map(|of| format!(" (replay of {of})"))
            .unwrap_or_default();
        rows.push([
            sent.delivery.id.to_string(),
            format!("{}{replay}", sent.event),
            sent.delivery.state.to_string(),
            sent.delivery.attempts.to_string(),
            sent.latest.as_ref().map_or_else(String::new, answer),
            sent.url.clone(),
        ]);
    }
    rows
}

fn answer(attempt: &Attempt) -> String {
    match (attempt.status, &attempt.error) {
        (Some(status), _) => format!("{status} in {} ms", attempt.latency_ms),
        (None, Some(error)) => error.chars().take(60).collect(),
        (None, None) => "none".to_owned(),
    }
}

/// A delivery as JSON.
#[must_use]
pub fn sent_json(sent: &Sent) -> Value {
    json!({
        "delivery_id": sent.delivery.id.get(),
        "event": sent.event,
        "endpoint_id": sent.delivery.endpoint.get(),
        "url": sent.url,
        "state": sent.delivery.state.word(),
        "attempts": sent.delivery.attempts,
        "next_at": output::json_time(sent.delivery.next_at),
        "replay_of": sent.delivery.replay_of.map(|id| id.get()),
        "created_at": output::json_time(sent.delivery.created_at),
        "latest": sent.latest.as_ref().map(|attempt| json!({
            "at": output::json_time(attempt.at),
            "status": attempt.status,
            "error": attempt.error,
            "latency_ms": attempt.latency_ms,
            "reply": String::from_utf8_lossy(&attempt.reply),
        })),
    })
}

/// What a transfer means, in plain words.
const fn meaning(transfer: &Transfer) -> &'static str {
    if transfer.orphaned {
        return "no: its block was replaced";
    }
    match transfer.judgement {
        Judgement::Counted => "yes",
        Judgement::Late => "no: late",
        Judgement::WrongAsset => "no: wrong asset",
        Judgement::AfterEnd => "no: after the end",
        Judgement::Unmatched => "no: unmatched",
    }
}

fn confirmations(story: &Story, payment: &Payment, transfer: &Transfer) -> String {
    let required = payment.ask.as_ref().map_or(0, |ask| ask.confirmations);
    let reached = depth(story, transfer).min(required);
    format!("{reached}/{required}")
}

fn depth(story: &Story, transfer: &Transfer) -> u32 {
    story.tip.map_or(0, |tip| {
        Network::confirmations_at(transfer.seen.block.height, tip)
    })
}

/// An amount of the payment's asset with its symbol; base units when the asset is no longer configured.
#[must_use]
pub fn amount(session: &Session, payment: &Payment, units: BaseUnits) -> String {
    let Some(ask) = &payment.ask else {
        return String::new();
    };
    match session.registry.asset(&ask.network, &ask.currency) {
        Some(asset) => format!("{} {}", asset.show(units), asset.symbol),
        None => format!("{units} base units of {}", ask.currency),
    }
}

/// What a transfer moved, as people read it.
pub fn transfer_amount(session: &Session, transfer: &Transfer) -> String {
    let seen = &transfer.seen;
    match session.registry.asset(&transfer.network, &seen.currency) {
        Some(asset) => format!("{} {}", asset.show(seen.amount), asset.symbol),
        None => format!("{} base units of {}", seen.amount, seen.currency),
    }
}

/// Where the customer pays.
fn checkout_url(session: &Session, payment: &Payment) -> String {
    format!("{}/pay/{}", session.public_url(), payment.token.as_str())
}

/// A payment as JSON. Amounts are texts: they lose nothing on the way.
#[must_use]
pub fn as_json(session: &Session, shop: &str, payment: &Payment) -> Value {
    let ask = payment.ask.as_ref();
    let asset = ask.and_then(|ask| session.registry.asset(&ask.network, &ask.currency));
    let shown = |units: BaseUnits| asset.map(|asset| asset.show(units));
    json!({
        "payment_number": payment.number.as_str(),
        "payment_uuid": payment.uuid.as_str(),
        "payment_code": payment.code.get(),
        "store": shop,
        "mode": payment.mode.word(),
        "origin": payment.origin.word(),
        "status": payment.status.word(),
        "is_overpaid": ask.is_some_and(|ask| payment.progress.seen > ask.due),
        "network": ask.map(|ask| ask.network.as_str()),
        "currency": ask.map(|ask| ask.currency.as_str()),
        "symbol": asset.map(|asset| asset.symbol.to_string()),
        "way": ask.map(|ask| ask.way.word()),
        "address": payment.asked().map(|ask| &*ask.address),
        "price": price(session, payment),
        "rate": ask.map(|ask| ask.rate.normalize().to_string()),
        "rate_source": ask.map(|ask| &ask.rate_source),
        "due": payment.asked().map(|ask| shown(ask.due)),
        "required": payment.asked().map(|ask| shown(ask.required)),
        "received": shown(payment.progress.seen),
        "settled": shown(payment.progress.settled),
        "confirmations_required": ask.map(|ask| ask.confirmations),
        "order_id": payment.order.external_id,
        "description": payment.order.description,
        "customer_email": payment.order.customer_email,
        "checkout_url": checkout_url(session, payment),
        "payment_token": payment.token.as_str(),
        "created_at": output::json_time(payment.created_at),
        "asked_at": output::json_time_or_null(payment.asked_at),
        "expires_at": output::json_time(payment.expires_at),
        "confirmed_at": output::json_time_or_null(payment.confirmed_at),
    })
}

fn transfer_json(session: &Session, story: &Story, transfer: &Transfer) -> Value {
    let seen = &transfer.seen;
    let asset = session.registry.asset(&transfer.network, &seen.currency);
    json!({
        "txid": &*seen.txid,
        "position": seen.position,
        "currency": seen.currency.as_str(),
        "amount": asset.map(|asset| asset.show(seen.amount)),
        "amount_base_units": seen.amount.to_string(),
        "height": seen.block.height,
        "block_hash": &*seen.block.hash,
        "block_time": output::json_time(seen.block.time),
        "judgement": transfer.judgement.word(),
        "is_orphaned": transfer.orphaned,
        "confirmations": if transfer.orphaned { 0 } else { depth(story, transfer) },
    })
}

fn event_json(session: &Session, payment: &Payment, event: &Event) -> Value {
    let ask = payment.ask.as_ref();
    let asset = ask.and_then(|ask| session.registry.asset(&ask.network, &ask.currency));
    json!({
        "event_id": event.id.get(),
        "event": event.kind.word(),
        "at": output::json_time(event.at),
        "status": event.status.word(),
        "received": asset.map(|asset| asset.show(event.received)),
        "txid": event.txid,
        "confirmations": event.confirmations,
    })
}
