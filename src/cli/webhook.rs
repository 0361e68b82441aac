//! `payd webhook`: list, remove, test, deliveries, replay; `add` makes endpoints and shows what signs for them.

mod add;

use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use serde_json::{Value, json};

use super::args::WebhookCommand;
use super::output::{self, Output, Rows};
use super::payment::find_in;
use super::payment_show;
use super::session::{Session, shop_named};
use crate::domain::event::EventKind;
use crate::domain::ids::{DeliveryId, EndpointId, KeyId};
use crate::domain::shop::Endpoint;
use crate::engine::office::deliveries;
use crate::engine::office::endpoints::{self, EndpointError};
use crate::outbox::attempt::Sender;
use crate::outbox::delivery::{Outcome, Target};
use crate::outbox::format::Formats;
use crate::outbox::guard::Guard;
use crate::outbox::ledger::signing_secret;
use crate::outbox::transport::HttpTransport;
use crate::store::{self, shops};
use crate::web;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: WebhookCommand) -> anyhow::Result<Output> {
    match command {
        WebhookCommand::Add {
            store,
            url,
            format,
            key,
            events,
        } => {
            let wanted = add::Wanted {
                store,
                url,
                format,
                key: key.map(KeyId::new),
                events,
            };
            add::run(session, wanted).await
        }
        WebhookCommand::Secret { id } => add::secret(session, EndpointId::new(id)).await,
        WebhookCommand::List { store } => list(session, store).await,
        WebhookCommand::Remove { id } => remove(session, EndpointId::new(id)).await,
        WebhookCommand::Test { id } => test(session, EndpointId::new(id)).await,
        WebhookCommand::Deliveries { payment } => list_deliveries(session, payment).await,
        WebhookCommand::Replay { delivery, payment } => match (delivery, payment) {
            (Some(id), _) => replay_one(session, DeliveryId::new(id)).await,
            (None, Some(payment)) => replay_payment(session, payment).await,
            (None, None) => bail!("say which delivery, or which payment with --payment"),
        },
    }
}

fn formats(session: &Session) -> Formats {
    web::api::formats(&session.public_url())
}

async fn list(session: &Session, store: Option<String>) -> anyhow::Result<Output> {
    let found = session.read(move |txn| {
        let shop = store.map(|name| shop_named(txn, &name)).transpose()?;
        let mut found = Vec::new();
        for endpoint in store::endpoints::all(txn, shop.map(|shop| shop.id))? {
            let shop = shops::by_id(txn, endpoint.shop)?.map(|shop| shop.name);
            found.push((shop.unwrap_or_default(), endpoint));
        }
        Ok(found)
    });
    let found = found.await?;
    let mut rows = Rows::new(&["id", "store", "format", "key", "state", "url", "events"]);
    for (shop, endpoint) in &found {
        rows.push([
            endpoint.id.to_string(),
            shop.clone(),
            endpoint.format.to_string(),
            endpoint
                .key
                .map_or_else(|| "all".to_owned(), |key| key.to_string()),
            if endpoint.disabled_at.is_some() {
                "off"
            } else {
                "on"
            }
            .to_owned(),
            endpoint.url.clone(),
            short_words(&endpoint.events),
        ]);
    }
    let json: Vec<Value> = found
        .iter()
        .map(|(shop, endpoint)| as_json(endpoint, shop))
        .collect();
    let text = rows.or("No endpoints. Add one with `payd webhook add --store NAME --url URL`.");
    Ok(Output::new(text, json!({ "endpoints": json })))
}

async fn remove(session: &Session, id: EndpointId) -> anyhow::Result<Output> {
    let by = session.by();
    let now = by.at;
    let removed = session.write(move |txn| endpoints::remove(txn, &by, id).map_err(told));
    let url = removed.await?.url;
    let json = json!({ "endpoint_id": id.get(), "removed_at": output::json_time(now) });
    Ok(Output::new(
        format!("Endpoint {id} ({url}) is switched off: nothing more is sent to it."),
        json,
    ))
}

/// The office's errors, with their times as people read them.
fn told(error: EndpointError) -> anyhow::Error {
    match error {
        EndpointError::OffAlready { id, at } => {
            anyhow!("endpoint {id} was switched off on {} already", output::time(at))
        }
        EndpointError::KeyRevoked { shop, key, at } => anyhow!(
            "key {key} was revoked on {}, so no payments are made with it any more; see `payd key list --store {shop}`",
            output::time(at)
        ),
        error => error.into(),
    }
}

async fn test(session: &Session, id: EndpointId) -> anyhow::Result<Output> {
    let target = session.read(move |txn| {
        let endpoint = endpoints::known(txn, id)?;
        let secret = signing_secret(txn, &endpoint, None)?;
        let secret = secret.context(
            "its posts are signed with the secret of an API key, and the store has none: make one with \
            `payd key add`",
        )?;
        Ok(Target {
            endpoint: id,
            url: endpoint.url,
            format: endpoint.format,
            secret,
        })
    });
    let target = target.await?;
    let guard = Guard {
        allow_private: session.settings.webhooks.allow_private,
    };
    let sender = Sender {
        clock: Arc::clone(&session.clock),
        random: Arc::clone(&session.random),
        transport: Arc::new(HttpTransport::new(guard)?),
        formats: formats(session),
        guard,
    };
    let report = sender.test_fire(&target).await;
    let is_received = report.verdict == crate::outbox::format::Verdict::Received;
    let latency_ms = report.latency.as_millis();
    let (status, reply, text) = match &report.outcome {
        Outcome::Replied { status, reply } => {
            let reply = String::from_utf8_lossy(reply).into_owned();
            (
                Some(*status),
                Some(reply),
                format!("answered {status} after {latency_ms} ms"),
            )
        }
        Outcome::Failed(why) => (None, None, why.clone()),
    };
    let verdict = if is_received {
        "Received."
    } else {
        "Not received: a real event would be sent again or given up, as the format says."
    };
    let json = json!({
        "endpoint_id": id.get(),
        "is_received": is_received,
        "status": status,
        "latency_ms": u64::try_from(latency_ms).unwrap_or(u64::MAX),
        "reply": reply,
        "error": if status.is_none() { Some(&text) } else { None },
    });
    let mut shown = format!("{}: {text}. {verdict}\n", target.url);
    if let Some(reply) = reply
        .as_deref()
        .filter(|reply| !is_received && !reply.trim().is_empty())
    {
        shown.push_str(&format!("It said: {}\n", one_line(reply)));
    }
    let mut output = Output::new(shown, json);
    output.is_bad_news = !is_received;
    Ok(output)
}

/// The beginning of a reply on one line.
fn one_line(reply: &str) -> String {
    let words: Vec<&str> = reply.split_whitespace().collect();
    output::printable(&words.join(" ").chars().take(200).collect::<String>())
}

async fn list_deliveries(session: &Session, payment: String) -> anyhow::Result<Output> {
    let sent = session.read(move |txn| {
        let payment = find_in(txn, payment.trim())?;
        payment_show::sent(txn, &payment)
    });
    let sent = sent.await?;
    let json: Vec<Value> = sent.iter().map(payment_show::sent_json).collect();
    let text = payment_show::sent_rows(&sent)
        .or("No deliveries: no endpoint wanted this payment's events, or they are no longer kept.");
    Ok(Output::new(text, json!({ "deliveries": json })))
}

async fn replay_one(session: &Session, id: DeliveryId) -> anyhow::Result<Output> {
    let by = session.by();
    let made = session.write(move |txn| Ok(deliveries::replay_one(txn, &by, id)?));
    Ok(replayed(vec![(id, made.await?)]))
}

async fn replay_payment(session: &Session, payment: String) -> anyhow::Result<Output> {
    let by = session.by();
    let made = session.write(move |txn| {
        let payment = find_in(txn, payment.trim())?;
        Ok(deliveries::replay_payment(txn, &by, &payment)?)
    });
    Ok(replayed(made.await?))
}

fn replayed(made: Vec<(DeliveryId, DeliveryId)>) -> Output {
    let lines: Vec<String> = made
        .iter()
        .map(|(old, new)| format!("Delivery {old} is repeated as {new}."))
        .collect();
    let json: Vec<Value> = made
        .iter()
        .map(|(old, new)| json!({ "delivery_id": new.get(), "replay_of": old.get() }))
        .collect();
    let text = format!("{}\nThe running daemon posts within a second.", lines.join("\n"));
    Output::new(text, json!({ "deliveries": json }))
}

fn words(events: &[EventKind]) -> String {
    events
        .iter()
        .map(|kind| kind.word())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The events without the part that all of them share.
fn short_words(events: &[EventKind]) -> String {
    let short = |kind: &EventKind| kind.word().trim_start_matches("payment.");
    events.iter().map(short).collect::<Vec<_>>().join(" ")
}

fn as_json(endpoint: &Endpoint, shop: &str) -> Value {
    json!({
        "endpoint_id": endpoint.id.get(),
        "store": shop,
        "url": endpoint.url,
        "format": endpoint.format.word(),
        "key_id": endpoint.key.map(KeyId::get),
        "events": endpoint.events.iter().map(|kind| kind.word()).collect::<Vec<_>>(),
        "created_at": output::json_time(endpoint.created_at),
        "removed_at": output::json_time_or_null(endpoint.disabled_at),
    })
}
