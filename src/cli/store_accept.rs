//! `payd store accept`: what a store accepts, in the order in which customers are offered it.

use serde_json::json;

use super::output::Output;
use super::session::{Session, shop_named};
use super::store::quoted;
use crate::domain::asset::Asset;
use crate::engine::office::accepted as office;
use crate::store::accepted;

/// Runs the command: sets, with `reset` clears, and shows when there is nothing to do.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, name: String, codes: &[String], reset: bool) -> anyhow::Result<Output> {
    if codes.is_empty() && !reset {
        return show(session, name).await;
    }
    let registry = session.registry.clone();
    let assets = office::assets_of(&registry, codes)?;
    let (by, wanted) = (session.by(), assets.clone());
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &name)?;
        Ok(office::set(txn, &by, &registry, shop.id, &wanted)?.name)
    });
    let name = written.await?;
    let shown: Vec<String> = assets.iter().map(|asset| session.registry.code(asset)).collect();
    let text = match shown.as_slice() {
        [] => format!("Store `{name}` accepts all that it has somewhere to receive."),
        [only] => format!("Store `{name}` accepts {only}: its payments are made in it at once."),
        _ => format!(
            "Store `{name}` accepts, and offers in this order: {}.",
            shown.join(", ")
        ),
    };
    let mut output = Output::new(text, json!({ "store": name, "accepts": shown }));
    for asset in assets.iter().filter(|asset| !is_watched(session, asset)) {
        output = output.warn(format!(
            "{} is not offered with live keys yet: add providers under [networks.{}] in the configuration",
            session.registry.code(asset),
            asset.network
        ));
    }
    Ok(output)
}

async fn show(session: &Session, name: String) -> anyhow::Result<Output> {
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &name)?;
        let all = accepted::of_shop(txn, shop.id)?;
        Ok((shop.name, all))
    });
    let (name, all) = read.await?;
    let shown = office::codes_of(&session.registry, &all);
    let text = if shown.is_empty() {
        format!(
            "Store `{name}` accepts all that it has somewhere to receive. Say what and in which order with `payd store accept \
             {} CODE...`; there are: {}.",
            quoted(&name),
            office::known(&session.registry)
        )
    } else {
        format!(
            "Store `{name}` accepts, and offers in this order: {}.",
            shown.join(", ")
        )
    };
    Ok(Output::new(text, json!({ "store": name, "accepts": shown })))
}

fn is_watched(session: &Session, asset: &Asset) -> bool {
    let watched = session.settings.watched();
    watched
        .iter()
        .any(|(network, currency)| *network == asset.network && *currency == asset.currency)
}
