//! `payd store confirmations`: how deep a store's money has to be buried, by what a payment is worth.

use std::sync::Arc;

use serde_json::{Value, json};

use super::args::confirmations::ConfirmationsCommand;
use super::output::{Output, Rows};
use super::session::{Session, shop_named};
use crate::domain::confirmations::Tiers;
use crate::domain::network::{Mode, Network};
use crate::engine::office::confirmations as office;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: ConfirmationsCommand) -> anyhow::Result<Output> {
    match command {
        ConfirmationsCommand::Set {
            store,
            network,
            steps,
        } => set(session, store, &network, Some(steps)).await,
        ConfirmationsCommand::Clear { store, network } => set(session, store, &network, None).await,
        ConfirmationsCommand::Show { store } => show(session, store).await,
    }
}

async fn set(session: &Session, store: String, word: &str, steps: Option<Tiers>) -> anyhow::Result<Output> {
    let network = session.live_network(word)?;
    let (by, on, kept) = (session.by(), Arc::clone(&network), steps.clone());
    let shop = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        Ok(office::set(txn, &by, shop.id, &on, kept.as_ref())?)
    });
    let shop = shop.await?;
    let in_force = steps.as_ref().unwrap_or(&network.confirmations);
    let text = format!(
        "Payments of store `{}` made from now on need on {}: {}.",
        shop.name,
        network.name,
        in_words(in_force)
    );
    let json = json!({
        "store": shop.name,
        "network": &*network.slug,
        "steps": in_force.to_string(),
        "is_own": steps.is_some(),
    });
    Ok(Output::new(text, json))
}

async fn show(session: &Session, store: String) -> anyhow::Result<Output> {
    let networks: Vec<Arc<Network>> = session
        .registry
        .networks()
        .filter(|network| network.mode == Mode::Live)
        .cloned()
        .collect();
    let (shop, found) = session
        .read(move |txn| {
            let shop = shop_named(txn, &store)?;
            let found = office::of_shop(txn, networks, shop.id)?;
            Ok((shop, found))
        })
        .await?;
    let mut rows = Rows::new(&["network", "by", "confirmations"]);
    let mut json: Vec<Value> = Vec::new();
    for (network, own) in &found {
        let in_force = own.as_ref().unwrap_or(&network.confirmations);
        let by = if own.is_some() { "store" } else { "configuration" };
        rows.push([network.slug.to_string(), by.to_owned(), in_words(in_force)]);
        json.push(json!({
            "network": &*network.slug,
            "steps": in_force.to_string(),
            "is_own": own.is_some(),
        }));
    }
    Ok(Output::new(
        rows.or("No networks."),
        json!({ "store": shop.name, "confirmations": json }),
    ))
}

/// `1, from 100 USD 2, from 1000 USD 3`.
fn in_words(tiers: &Tiers) -> String {
    let steps = tiers.iter().map(|tier| match tier.from_usd_cents {
        0 => tier.confirmations.to_string(),
        from if from % 100 == 0 => format!("from {} USD {}", from / 100, tier.confirmations),
        from => format!("from {}.{:02} USD {}", from / 100, from % 100, tier.confirmations),
    });
    steps.collect::<Vec<_>>().join(", ")
}
