//! `payd wallet`: sets how a store receives. What may be set is the engine's to say.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::actor::actor;
use super::address_file;
use super::args::WalletCommand;
use super::output::{self, Output};
use super::session::{Session, shop_named};
use super::store::quoted;
use super::wallet_show::{as_json, explained, export, list, show};
use crate::chain::accounts::Account;
use crate::domain::asset::Asset;
use crate::domain::network::Network;
use crate::domain::shop::Dialect;
use crate::domain::wallet::{Slots, Wallet, Way};
use crate::engine::wallets::{self as rules, Choice};
use crate::store::{addresses, audit_log, wallets};

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
    /// The choice, and what was assumed to make it.
    fn choice(self, way: Way, network: &Network, dialect: Dialect) -> anyhow::Result<(Choice, Vec<String>)> {
        if way != Way::Xpub && self.next_index.is_some() {
            bail!("--next-index is for xpub");
        }
        if way != Way::Shared && (self.slots.is_some() || self.step.is_some()) {
            bail!("--slots and --step are for shared");
        }
        let account = self.account.as_deref().map(str::trim);
        Ok(match (way, account) {
            (Way::Pool, None) => (Choice::Pool, Vec::new()),
            (Way::Pool, Some(_)) => bail!("a pool takes its addresses from `payd address add`"),
            (Way::Xpub, None) => bail!(
                "xpub needs the account's extended public key or its descriptor behind it, as your wallet shows it \
                 (xpub6..., zpub6...)"
            ),
            (Way::Xpub, Some(text)) => {
                let account = Account::parse(network.family, text)?;
                let remarks = account.remarks().to_vec();
                let next_index = self.next_index;
                (Choice::Xpub { account, next_index }, remarks)
            }
            (Way::Shared, None) => bail!("shared needs the address to receive at behind it"),
            (Way::Shared, Some(text)) => {
                let address = address_file::address(network.family, text)?;
                let slots = self.slots(Slots::usual(dialect, network.family).unwrap_or(Slots::CENTS))?;
                (Choice::Shared { address, slots }, Vec::new())
            }
        })
    }

    /// What was set of how amounts are told apart; `usual` fills in the half of it that was not.
    fn slots(&self, usual: Slots) -> anyhow::Result<Option<Slots>> {
        if self.slots.is_none() && self.step.is_none() {
            return Ok(None);
        }
        let digits = self.step.as_deref().map(digits_of_step).transpose()?;
        let digits = digits.unwrap_or(usual.digits);
        // Thousands of amounts are for small steps: by cents they would ask for dollars more than the price.
        let usual = if digits == usual.digits {
            usual
        } else {
            Slots::CENTS
        };
        Ok(Some(Slots {
            count: self.slots.unwrap_or(usual.count),
            digits,
        }))
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
    let (choice, remarks) = given.choice(way, &network, dialect)?;
    let assets: Vec<Arc<Asset>> = session.registry.assets_of(&network.id).cloned().collect();
    let (now, on, actor) = (session.now(), Arc::clone(&network), actor());
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let assets = assets.iter().map(AsRef::as_ref);
        let is_new = rules::set(txn, &shop, &on, assets, &choice, now)?;
        let wallet = wallets::in_use(txn, shop.id, &on.id)?;
        if let (true, Some(wallet)) = (is_new, &wallet) {
            let subject = format!("store {} on {}", shop.name, on.id);
            audit_log::record(txn, &actor, "wallet.set", &subject, &in_short(wallet), now)?;
        }
        let is_pool_empty = !addresses::has_any(txn, shop.id, &on.id)?;
        Ok((shop.name.clone(), wallet, is_new, is_pool_empty))
    });
    let (shop, wallet, is_new, is_pool_empty) = written.await?;
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

/// A wallet in one line, for the audit log.
fn in_short(wallet: &Wallet) -> String {
    match (wallet.way, wallet.slots) {
        (Way::Pool, _) => "pool".to_owned(),
        (Way::Xpub, _) => format!("xpub {} from child {}", wallet.account, wallet.next_index),
        (Way::Shared, None) => format!("shared {}", wallet.account),
        (Way::Shared, Some(slots)) => format!(
            "shared {}, {} amounts by digit {}",
            wallet.account, slots.count, slots.digits
        ),
    }
}
