//! `payd inbox`: money that counted for nothing, and what becomes of it. `payd audit-log`: who did what by hand.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::actor::actor;
use super::args::inbox::{AuditLogOptions, InboxCommand};
use super::output::{self, Output, Rows};
use super::payment::{find_in, shop_name};
use super::payment_show::transfer_amount;
use super::session::{Session, shop_named};
use super::{span, wiring};
use crate::domain::ids::{AuditId, ShopId, TransferId};
use crate::domain::network::Mode;
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::engine::inbox::{AuditEntry, Entry, Filter};
use crate::engine::office::audit::AuditFilter;
use crate::store::audit_log;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: InboxCommand) -> anyhow::Result<Output> {
    match command {
        InboxCommand::List {
            store,
            all,
            test,
            limit,
            before,
        } => {
            let shop = match store {
                Some(store) => Some(session.read(move |txn| shop_named(txn, &store)).await?.id),
                None => None,
            };
            let filter = Filter {
                shop,
                mode: if test { Mode::Test } else { Mode::Live },
                with_handled: all,
            };
            list(session, filter, before, limit).await
        }
        InboxCommand::Show { id } => show(session, id).await,
        InboxCommand::Attach { id, payment, reason } => attach(session, id, payment, &reason).await,
        InboxCommand::Dismiss { id, reason } => dismiss(session, id, &reason).await,
    }
}

async fn list(session: &Session, filter: Filter, before: Option<i64>, limit: u32) -> anyhow::Result<Output> {
    let before = TransferId::new(before.unwrap_or(i64::MAX));
    let mut found = wiring::gateway(session)?
        .inbox(filter, before, limit.saturating_add(1))
        .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    let stores = store_names(session, &found).await?;
    let mut rows = Rows::new(&[
        "id", "age", "store", "network", "amount", "address", "reason", "payment",
    ]);
    for entry in &found {
        rows.push([
            entry.transfer.id.to_string(),
            age(session, entry),
            store_of(&stores, entry),
            entry.transfer.network.to_string(),
            transfer_amount(session, &entry.transfer),
            entry.transfer.seen.address.to_string(),
            reason(entry),
            payment_of(entry),
        ]);
    }
    let mut text = rows.or("Nothing to look at: all money that came counts for a payment.");
    if let (true, Some(last)) = (is_more, found.last()) {
        text.push_str(&format!("There are more: add `--before {}`.\n", last.transfer.id));
    }
    if !found.is_empty() {
        text.push_str(
            "\nNext: `payd inbox attach ID PAYMENT --reason TEXT`, or `payd inbox dismiss ID --reason TEXT`.\n",
        );
    }
    let json: Vec<Value> = found
        .iter()
        .map(|entry| as_json(session, &store_of(&stores, entry), entry))
        .collect();
    Ok(Output::new(
        text,
        json!({ "transfers": json, "is_more": is_more }),
    ))
}

async fn show(session: &Session, id: i64) -> anyhow::Result<Output> {
    let entry = wiring::gateway(session)?.inbox_entry(TransferId::new(id)).await?;
    let stores = store_names(session, std::slice::from_ref(&entry)).await?;
    let store = store_of(&stores, &entry);
    let seen = &entry.transfer.seen;
    let handled = entry.handled.map_or_else(String::new, |(handled, at)| {
        format!("{handled} at {}", output::time(at))
    });
    let text = output::pairs(&[
        ("transfer", entry.transfer.id.to_string()),
        ("reason", reason(&entry)),
        ("handled", handled),
        ("amount", transfer_amount(session, &entry.transfer)),
        ("store", store.clone()),
        ("network", entry.transfer.network.to_string()),
        ("address", seen.address.to_string()),
        ("transaction", seen.txid.to_string()),
        ("position", seen.position.to_string()),
        (
            "block",
            format!("{} of {}", seen.block.height, output::time(seen.block.time)),
        ),
        ("recorded", output::time(entry.recorded_at)),
        ("payment", payment_of(&entry)),
    ]);
    Ok(Output::new(text, as_json(session, &store, &entry)))
}

async fn attach(session: &Session, id: i64, payment: String, reason: &str) -> anyhow::Result<Output> {
    let payment = session.read(move |txn| find_in(txn, payment.trim())).await?;
    let is_new = wiring::gateway(session)?
        .attach(&actor(), TransferId::new(id), &payment.number, reason)
        .await?;
    let number = &payment.number;
    let text = if is_new {
        format!(
            "Transfer {id} counts for {number} now. The running daemon settles it as soon as it has its confirmations; \
             see `payd payment show {number}`."
        )
    } else {
        format!("Transfer {id} counts for {number} already; nothing was changed.")
    };
    Ok(Output::new(
        text,
        json!({ "id": id, "payment_number": number.as_str(), "is_new": is_new }),
    ))
}

async fn dismiss(session: &Session, id: i64, reason: &str) -> anyhow::Result<Output> {
    let is_new = wiring::gateway(session)?
        .dismiss(&actor(), TransferId::new(id), reason)
        .await?;
    let text = if is_new {
        format!("Transfer {id} is out of the inbox; see it with `payd inbox list --all`.")
    } else {
        format!("Transfer {id} was handled before; nothing was changed.")
    };
    Ok(Output::new(text, json!({ "id": id, "is_new": is_new })))
}

/// Why a transfer counts for nothing, in words.
fn reason(entry: &Entry) -> String {
    let status = entry.payment.as_ref().map(|(_, status)| *status);
    let reason = match (entry.transfer.judgement, status) {
        (Judgement::Counted, _) => "counts",
        (Judgement::Late, _) => "late",
        (Judgement::WrongAsset, _) => "wrong token",
        (Judgement::AfterEnd, Some(Status::Paid)) => "second payment",
        (Judgement::AfterEnd, _) => "after the end",
        (Judgement::Unmatched, _) => "unknown",
    };
    let gone = if entry.transfer.orphaned {
        ", its block left the chain"
    } else {
        ""
    };
    match entry.handled {
        Some((handled, _)) => format!("{reason}, {handled}{gone}"),
        None => format!("{reason}{gone}"),
    }
}

fn payment_of(entry: &Entry) -> String {
    match &entry.payment {
        Some((number, status)) => format!("{number} ({status})"),
        None => "-".to_owned(),
    }
}

fn age(session: &Session, entry: &Entry) -> String {
    let minutes = session.now().since(entry.recorded_at).as_secs() / 60;
    let shown = match minutes {
        0..60 => minutes,
        // Whole hours, then whole days: nobody counts the minutes of what is old.
        60..2880 => (minutes / 60).saturating_mul(60),
        _ => (minutes / 1440).saturating_mul(1440),
    };
    span::show(std::time::Duration::from_secs(shown.saturating_mul(60)))
}

async fn store_names(session: &Session, entries: &[Entry]) -> anyhow::Result<HashMap<ShopId, String>> {
    let shops: BTreeSet<ShopId> = entries.iter().filter_map(|entry| entry.shop).collect();
    session
        .read(move |txn| {
            shops
                .into_iter()
                .map(|shop| Ok((shop, shop_name(txn, shop)?)))
                .collect()
        })
        .await
}

fn store_of(stores: &HashMap<ShopId, String>, entry: &Entry) -> String {
    entry
        .shop
        .and_then(|shop| stores.get(&shop))
        .cloned()
        .unwrap_or_default()
}

fn as_json(session: &Session, store: &str, entry: &Entry) -> Value {
    let seen = &entry.transfer.seen;
    let asset = session.registry.asset(&entry.transfer.network, &seen.currency);
    json!({
        "id": entry.transfer.id.get(),
        "store": store,
        "network": entry.transfer.network.as_str(),
        "currency": seen.currency.as_str(),
        "amount": asset.map(|asset| asset.show(seen.amount)),
        "base_units": seen.amount.to_string(),
        "address": &*seen.address,
        "txid": &*seen.txid,
        "position": seen.position,
        "height": seen.block.height,
        "block_time": output::json_time(seen.block.time),
        "recorded_at": output::json_time(entry.recorded_at),
        "judgement": entry.transfer.judgement.word(),
        "is_orphaned": entry.transfer.orphaned,
        "handled": entry.handled.map(|(handled, _)| handled.word()),
        "handled_at": output::json_time_or_null(entry.handled.map(|(_, at)| at)),
        "payment_number": entry.payment.as_ref().map(|(number, _)| number.as_str()),
        "payment_status": entry.payment.as_ref().map(|(_, status)| status.word()),
    })
}

/// Runs `payd audit-log`.
///
/// # Errors
/// Those of the store.
pub async fn audit_log(session: &Session, options: AuditLogOptions) -> anyhow::Result<Output> {
    let before = AuditId::new(options.before.unwrap_or(i64::MAX));
    let filter = AuditFilter {
        actor: options.actor,
        action: options.action,
    };
    let limit = options.limit.saturating_add(1);
    let mut found = session
        .read(move |txn| Ok(audit_log::narrowed(txn, &filter, before, limit)?))
        .await
        .context("cannot read the audit log")?;
    let limit = usize::try_from(options.limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    let mut rows = Rows::new(&["id", "at", "who", "what", "to", "detail"]);
    for entry in &found {
        rows.push([
            entry.id.to_string(),
            output::time(entry.at),
            entry.actor.clone(),
            entry.action.clone(),
            entry.subject.clone(),
            entry.detail.clone(),
        ]);
    }
    let mut text = rows.or("Nothing was done by hand yet.");
    if let (true, Some(last)) = (is_more, found.last()) {
        text.push_str(&format!("There are more: add `--before {}`.\n", last.id));
    }
    let json: Vec<Value> = found.iter().map(audit_json).collect();
    Ok(Output::new(text, json!({ "entries": json, "is_more": is_more })))
}

fn audit_json(entry: &AuditEntry) -> Value {
    json!({
        "id": entry.id.get(),
        "at": output::json_time(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
    })
}
