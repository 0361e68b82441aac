//! `payd wallet show`, `list` and `export`: how stores receive, in words and as JSON.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::output::{self, Output, Rows};
use super::session::{Session, shop_named};
use crate::domain::money::BaseUnits;
use crate::domain::network::Network;
use crate::domain::wallet::{GAP_LIMIT, Slots, Wallet, Way};
use crate::engine::office::wallets::{each_child, largest_gap, next_children};
use crate::store::slots::SlotCount;
use crate::store::{payments, shops, slots, wallets};

/// Addresses shown to be compared with those of the merchant's own wallet.
const SHOWN: u32 = 3;

/// How a store receives, in words.
pub(super) fn explained(wallet: Option<&Wallet>, network: &Network) -> String {
    let Some(wallet) = wallet else {
        return "  from its pool of addresses\n".to_owned();
    };
    let mut text = match wallet.way {
        Way::Pool => "  from its pool of addresses\n".to_owned(),
        Way::Xpub => format!("  at the children of {}\n", wallet.account),
        Way::Shared => {
            let slots = wallet.slots.unwrap_or(Slots::CENTS);
            format!(
                "  at {}, where the exact amount says whose money it is\n  {} amounts of a stablecoin beside each other, \
                 {} apart\n",
                wallet.account,
                slots.count,
                step_of(slots.digits)
            )
        }
    };
    if !wallet.is_authentic {
        text.push_str("  ALTERED in the database: never paid to; set it again\n");
    }
    for (index, address) in next_children(wallet, network, SHOWN) {
        let _ = writeln!(text, "  next: {index:>6}  {address}");
    }
    if wallet.way == Way::Xpub {
        text.push_str(
            "Compare these with the receive addresses that your wallet shows before you take money.\n",
        );
    }
    text
}

fn step_of(digits: u8) -> String {
    BaseUnits::new(1).to_decimal(digits, digits)
}

/// A wallet as JSON.
pub(super) fn as_json(shop: &str, wallet: &Wallet, network: &Network) -> Value {
    let next = next_children(wallet, network, SHOWN);
    let next: Vec<Value> = next
        .iter()
        .map(|(index, address)| json!({ "index": index, "address": address }))
        .collect();
    json!({
        "store": shop,
        "wallet_id": wallet.id.get(),
        "network": wallet.network.as_str(),
        "way": wallet.way.word(),
        "account": &*wallet.account,
        "first_index": wallet.first_index,
        "next_index": wallet.next_index,
        "highest_paid_index": wallet.paid_index,
        "unpaid_in_a_row": wallet.unpaid_in_a_row(),
        "slots": wallet.slots.map(|slots| json!({ "count": slots.count, "step": step_of(slots.digits) })),
        "next": next,
        "is_authentic": wallet.is_authentic,
        "created_at": output::json_time(wallet.created_at),
        "retired_at": output::json_time_or_null(wallet.retired_at),
    })
}

/// `payd wallet show`.
pub(super) async fn show(session: &Session, store: String, network: Arc<Network>) -> anyhow::Result<Output> {
    let (on, now) = (Arc::clone(&network), session.now());
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &store)?;
        let wallet = wallets::in_use(txn, shop.id, &on.id)?;
        let (gap, counts) = match &wallet {
            Some(wallet) if wallet.way == Way::Xpub => {
                (Some(largest_gap(txn, wallet, usize::MAX)?), Vec::new())
            }
            Some(wallet) if wallet.way == Way::Shared => {
                (None, slots::counts(txn, &on.id, &wallet.account, now)?)
            }
            Some(_) | None => (None, Vec::new()),
        };
        Ok((shop.name, wallet, gap, counts))
    });
    let (shop, wallet, gap, counts) = read.await?;
    let mut text = format!("Store `{shop}` receives on {} so:\n", network.id);
    text.push_str(&explained(wallet.as_ref(), &network));
    let mut warning = None;
    if let (Some(wallet), Some(gap)) = (&wallet, gap) {
        let given_out = wallet.next_index.saturating_sub(wallet.first_index);
        let _ = match wallet.unpaid_in_a_row() {
            0 => writeln!(text, "{given_out} given out so far"),
            1 => writeln!(
                text,
                "{given_out} given out so far, the last without any money yet"
            ),
            unpaid => writeln!(
                text,
                "{given_out} given out so far, the last {unpaid} without any money yet"
            ),
        };
        warning = gap_warning(gap);
    }
    if !counts.is_empty() {
        text.push_str(&counts_text(&counts));
    }
    let json = json!({
        "store": shop,
        "network": network.id.as_str(),
        "wallet": wallet.as_ref().map(|wallet| as_json(&shop, wallet, &network)),
        "gap_limit_needed": gap,
        "amounts": counts.iter().map(count_json).collect::<Vec<_>>(),
    });
    let output = Output::new(text, json);
    Ok(match warning {
        Some(warning) => output.warn(warning),
        None => output,
    })
}

/// What the merchant has to do in the wallet that holds the key, once its usual gap limit does not reach.
fn gap_warning(gap: u32) -> Option<String> {
    (gap > GAP_LIMIT).then(|| {
        format!(
            "up to {gap} addresses in a row have received nothing, and wallets commonly stop to look after {GAP_LIMIT}: \
             set the gap limit of the wallet that holds the key to {} or more, or it will not show all your money (Electrum: \
             wallet.change_gap_limit({}) in the console; Sparrow: Settings, Advanced, Gap limit)",
            gap.saturating_add(GAP_LIMIT),
            gap.saturating_add(GAP_LIMIT),
        )
    })
}

fn counts_text(counts: &[SlotCount]) -> String {
    let mut rows = Rows::new(&["currency", "held", "resting", "waiting"]);
    for count in counts {
        rows.push([
            count.currency.to_string(),
            count.held.to_string(),
            count.resting.to_string(),
            count.queued.to_string(),
        ]);
    }
    rows.or("No amounts were given out yet.")
}

fn count_json(count: &SlotCount) -> Value {
    json!({
        "currency": count.currency.as_str(),
        "held": count.held,
        "resting": count.resting,
        "queued": count.queued,
    })
}

/// `payd wallet list`.
pub(super) async fn list(session: &Session, store: Option<String>) -> anyhow::Result<Output> {
    let found = session.read(move |txn| {
        let shops = match store {
            Some(name) => vec![shop_named(txn, &name)?],
            None => shops::all(txn)?,
        };
        let mut found = Vec::new();
        for shop in shops {
            for wallet in wallets::of_shop(txn, shop.id)? {
                found.push((shop.name.clone(), wallet));
            }
        }
        Ok(found)
    });
    let found = found.await?;
    let mut rows = Rows::new(&["store", "network", "way", "state", "next", "account"]);
    for (shop, wallet) in &found {
        rows.push([
            shop.clone(),
            wallet.network.to_string(),
            wallet.way.to_string(),
            state(wallet).to_owned(),
            if wallet.way == Way::Xpub {
                wallet.next_index.to_string()
            } else {
                String::new()
            },
            wallet.account.to_string(),
        ]);
    }
    let json: Vec<Value> = found
        .iter()
        .map(|(shop, wallet)| {
            match session.registry.network(&wallet.network) {
                Some(network) => as_json(shop, wallet, network),
                // Its network is no longer configured.
                None => {
                    json!({ "store": shop, "network": wallet.network.as_str(), "account": &*wallet.account })
                }
            }
        })
        .collect();
    Ok(Output::new(
        rows.or("Every store receives from its pool of addresses. Another way: `payd wallet set --help`."),
        json!({ "wallets": json }),
    ))
}

const fn state(wallet: &Wallet) -> &'static str {
    match (wallet.is_authentic, wallet.retired_at) {
        (false, _) => "ALTERED",
        (true, None) => "in use",
        (true, Some(_)) => "replaced",
    }
}

/// `payd wallet export`.
pub(super) async fn export(
    session: &Session,
    store: String,
    network: Arc<Network>,
    from_index: u32,
) -> anyhow::Result<Output> {
    let on = Arc::clone(&network);
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &store)?;
        let all = wallets::of_shop(txn, shop.id)?.into_iter();
        let of_network = all.filter(|wallet| wallet.network == on.id && wallet.way == Way::Xpub);
        let mut rows = Vec::new();
        for wallet in of_network {
            each_child::<anyhow::Error>(txn, &wallet, from_index, |child| {
                let payment = child.payment.map(|id| payments::by_id(txn, id)).transpose()?;
                let number = payment.flatten().map(|payment| payment.number.to_string());
                rows.push((wallet.account.clone(), child.clone(), number.unwrap_or_default()));
                Ok(())
            })?;
        }
        Ok((shop.name, rows))
    });
    let (shop, rows) = read.await?;
    let mut text = "index,address,payment,has_money,given_out_at,account\n".to_owned();
    for (account, child, number) in &rows {
        // None of these texts holds a comma but the account's, nor a quotation mark.
        let _ = writeln!(
            text,
            "{},{},{number},{},{},\"{account}\"",
            child.index,
            child.address,
            child.is_paid,
            output::time(child.created_at).replacen(' ', "T", 1)
        );
    }
    let json: Vec<Value> = rows
        .iter()
        .map(|(account, child, number)| {
            json!({
                "index": child.index,
                "address": child.address,
                "payment": number,
                "has_money": child.is_paid,
                "given_out_at": output::json_time(child.created_at),
                "account": &**account,
            })
        })
        .collect();
    let json = json!({ "store": shop, "network": network.id.as_str(), "children": json });
    Ok(Output::new(text, json))
}
