//! `payd store accept`: what a store accepts, in the order in which customers are offered it.

use std::sync::Arc;

use anyhow::bail;
use serde_json::json;

use super::output::{Output, printable};
use super::session::{Session, shop_named, write_down};
use super::store::quoted;
use crate::domain::asset::{Asset, Registry};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::Accepted;
use crate::store::accepted;

/// Runs the command: sets, with `reset` clears, and shows when there is nothing to do.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, name: String, codes: &[String], reset: bool) -> anyhow::Result<Output> {
    if codes.is_empty() && !reset {
        return show(session, name).await;
    }
    let assets = codes
        .iter()
        .map(|code| asset_of_code(&session.registry, code))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let accepted = assets.iter().map(|asset| accepted_of(&session.registry, asset));
    let all = accepted.collect::<anyhow::Result<Vec<_>>>()?;
    if let Some(twice) =
        (1..all.len()).find(|index| all.iter().take(*index).any(|one| all.get(*index) == Some(one)))
    {
        bail!(
            "{} is named twice",
            codes.get(twice).map(|code| printable(code)).unwrap_or_default()
        );
    }
    let shown = codes_of(&session.registry, &all);
    let (now, detail) = (
        session.now(),
        if reset {
            "reset".to_owned()
        } else {
            shown.join(", ")
        },
    );
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &name)?;
        accepted::set(txn, shop.id, &all)?;
        write_down(txn, now, "store.accept", &shop.name, &detail)?;
        Ok(shop.name)
    });
    let name = written.await?;
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
    let shown = codes_of(&session.registry, &all);
    let text = if shown.is_empty() {
        format!(
            "Store `{name}` accepts all that it has somewhere to receive. Say what and in which order with `payd store accept \
             {} CODE...`; there are: {}.",
            quoted(&name),
            known(&session.registry)
        )
    } else {
        format!(
            "Store `{name}` accepts, and offers in this order: {}.",
            shown.join(", ")
        )
    };
    Ok(Output::new(text, json!({ "store": name, "accepts": shown })))
}

/// The codes of what a store accepts, in its order. What the configuration no longer has is named by its words.
#[must_use]
pub fn codes_of(registry: &Registry, all: &[Accepted]) -> Vec<String> {
    let code = |accepted: &Accepted| {
        let network = registry.network_by_slug(accepted.slug.as_str(), Mode::Live);
        let asset = network.and_then(|network| registry.asset(&network.id, &accepted.currency));
        asset.map_or_else(
            || format!("{}/{} (not configured)", accepted.slug, accepted.currency),
            |asset| registry.code(asset),
        )
    };
    all.iter().map(code).collect()
}

fn asset_of_code(registry: &Registry, code: &str) -> anyhow::Result<Arc<Asset>> {
    match registry.asset_by_code(code.trim(), Mode::Live) {
        Some(asset) => Ok(Arc::clone(asset)),
        None => bail!(
            "no currency has the code `{}`; there are: {}",
            printable(code),
            known(registry)
        ),
    }
}

fn accepted_of(registry: &Registry, asset: &Asset) -> anyhow::Result<Accepted> {
    let slug = registry
        .network(&asset.network)
        .and_then(|network| NetworkId::parse(&network.slug));
    match slug {
        Some(slug) => Ok(Accepted {
            slug,
            currency: asset.currency.clone(),
        }),
        None => bail!("network {} has no word in the APIs", asset.network),
    }
}

fn known(registry: &Registry) -> String {
    let live = registry.networks().filter(|network| network.mode == Mode::Live);
    let assets = live.flat_map(|network| registry.assets_of(&network.id));
    assets
        .map(|asset| registry.code(asset))
        .collect::<Vec<_>>()
        .join(", ")
}

fn is_watched(session: &Session, asset: &Asset) -> bool {
    let watched = session.settings.watched();
    watched
        .iter()
        .any(|(network, currency)| *network == asset.network && *currency == asset.currency)
}
