//! `payd wallet`: sets how a store receives. What may be set is the office's to say.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::args::WalletCommand;
use super::output::{self, Output};
use super::session::{Session, shop_named};
use super::store::quoted;
use super::wallet_show::{as_json, explained, export, list, show};
use crate::domain::asset::Asset;
use crate::domain::network::Network;
use crate::domain::wallet::Way;
use crate::engine::office::address_list::Reason;
use crate::engine::office::wallets::{self as office, SetWalletError, WalletChoice, WalletSet};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: WalletCommand) -> anyhow::Result<Output> {
    match command {
        WalletCommand::Set {
            store,
            network,
            way,
            account,
            next_index,
            slots,
            step,
        } => {
            let given = Given {
                account,
                next_index,
                slots,
                step,
            };
            set(session, store, session.any_network(&network)?, way, given).await
        }
        WalletCommand::Show { store, network } => show(session, store, session.any_network(&network)?).await,
        WalletCommand::List { store } => list(session, store).await,
        WalletCommand::Export {
            store,
            network,
            from_index,
        } => export(session, store, session.any_network(&network)?, from_index).await,
    }
}

/// What was given besides the way.
struct Given {
    account: Option<String>,
    next_index: Option<u32>,
    slots: Option<u32>,
    step: Option<String>,
}

impl Given {
    /// The choice as it was typed.
    fn choice(self, way: Way) -> anyhow::Result<WalletChoice> {
        if way != Way::Xpub && self.next_index.is_some() {
            bail!("--next-index is for xpub");
        }
        if way != Way::Shared && (self.slots.is_some() || self.step.is_some()) {
            bail!("--slots and --step are for shared");
        }
        Ok(match (way, self.account) {
            (Way::Pool, None) => WalletChoice::Pool,
            (Way::Pool, Some(_)) => bail!("a pool takes its addresses from `payd address add`"),
            (Way::Xpub, None) => bail!(
                "xpub needs the account's extended public key or its descriptor behind it, as your wallet shows it \
                 (xpub6..., zpub6...)"
            ),
            (Way::Xpub, Some(account)) => WalletChoice::Xpub {
                account,
                next_index: self.next_index,
            },
            (Way::Shared, None) => bail!("shared needs the address to receive at behind it"),
            (Way::Shared, Some(address)) => WalletChoice::Shared {
                address,
                slots: self.slots,
                digits: self.step.as_deref().map(digits_of_step).transpose()?,
            },
        })
    }
}

/// The digit after the point in which amounts a step apart differ: 2 for `0.01`.
fn digits_of_step(step: &str) -> anyhow::Result<u8> {
    let wrong = || {
        format!(
            "`{}` is no step: take 1, 0.1, 0.01, 0.001 ...",
            output::printable(step)
        )
    };
    if step == "1" {
        return Ok(0);
    }
    let zeros = step.strip_prefix("0.").and_then(|rest| rest.strip_suffix('1'));
    let zeros = zeros.filter(|zeros| zeros.bytes().all(|byte| byte == b'0'));
    let digits = zeros.with_context(wrong)?.len().checked_add(1);
    digits
        .and_then(|digits| u8::try_from(digits).ok())
        .filter(|digits| *digits <= 18)
        .with_context(wrong)
}

async fn set(
    session: &Session,
    store: String,
    network: Arc<Network>,
    way: Way,
    given: Given,
) -> anyhow::Result<Output> {
    let name = store.clone();
    let dialect = session
        .read(move |txn| Ok(shop_named(txn, &name)?.dialect))
        .await?;
    let given = given.choice(way)?;
    let (choice, remarks) = office::read_choice(&network, dialect, &given).map_err(|error| match &given {
        WalletChoice::Shared { address, .. } => match error {
            SetWalletError::Address(Reason::Secret) => error.into(),
            SetWalletError::Address(reason) => {
                anyhow::anyhow!("{}: {reason}", output::printable(address.trim()))
            }
            error => error.into(),
        },
        WalletChoice::Pool | WalletChoice::Xpub { .. } => anyhow::Error::from(error),
    })?;
    let assets: Vec<Arc<Asset>> = session.registry.assets_of(&network.id).cloned().collect();
    let (by, on) = (session.by(), Arc::clone(&network));
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let assets = assets.iter().map(AsRef::as_ref);
        let set = office::set(txn, &by, &shop, &on, assets, &choice)?;
        Ok((shop.name, set))
    });
    let (shop, set) = written.await?;
    let WalletSet {
        wallet,
        is_new,
        is_pool_empty,
        ..
    } = set;
    let mut text = if is_new {
        format!("From now on store `{shop}` receives on {} so:\n", network.id)
    } else {
        format!("Store `{shop}` receives on {} so already:\n", network.id)
    };
    text.push_str(&explained(wallet.as_ref(), &network));
    if wallet.is_some() && is_new {
        text.push_str("What was received with before stays watched; its open payments go on.\n");
    }
    let json = json!({
        "store": shop, "network": network.id.as_str(), "is_new": is_new,
        "wallet": wallet.as_ref().map(|wallet| as_json(&shop, wallet, &network)),
    });
    let mut output = Output::new(text, json);
    for remark in remarks {
        output = output.warn(remark);
    }
    if way == Way::Pool && is_pool_empty && !network.id.as_str().starts_with("test-") {
        output = output.warn(format!(
            "the pool is empty: add addresses with `payd address add --store {} --network {}`",
            quoted(&shop),
            network.slug
        ));
    }
    Ok(output)
}
