//! `payd address`: add, list, remove. What is added is checked down to its checksum; all of it, or nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::address_file::{self, ADDRESSES_MAX, Checked, Entry, Refusal, Refused};
use super::args::AddressCommand;
use super::output::{self, Output, Rows};
use super::prove;
use super::session::{Session, shop_named, write_down};
use super::store::quoted;
use crate::domain::ids::AddressId;
use crate::domain::network::{Network, NetworkId};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::store::addresses::{self, PoolAddress};
use crate::store::{StoreError, Txn, payments, shops, wallets};

const PAGE: u32 = 1000;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it, or [`Refused`].
pub async fn run(session: &Session, command: AddressCommand) -> anyhow::Result<Output> {
    match command {
        AddressCommand::Add {
            store,
            network,
            file,
            addresses,
        } => {
            let entries = match file {
                Some(file) => read_file(&file)?,
                None => address_file::from_arguments(&addresses),
            };
            add(session, store, &network, entries).await
        }
        AddressCommand::List {
            store,
            network,
            limit,
        } => list(session, store, network, limit).await,
        AddressCommand::Remove {
            store,
            network,
            addresses,
        } => remove(session, store, &network, &addresses).await,
        AddressCommand::Prove(options) => prove::run(session, options).await,
    }
}

fn read_file(file: &Path) -> anyhow::Result<Vec<Entry>> {
    if file == Path::new("-") {
        return address_file::from_reader(std::io::stdin().lock(), "standard input");
    }
    let name = file.display().to_string();
    let opened = std::fs::File::open(file).with_context(|| format!("cannot open {name}"))?;
    address_file::from_reader(opened, &name)
}

/// How many were new, how many had been removed before and were put back, and how many of both came with a proof.
#[derive(Debug, Default, Clone, Copy)]
struct Added {
    new: usize,
    put_back: usize,
    proved: usize,
}

async fn add(session: &Session, store: String, word: &str, entries: Vec<Entry>) -> anyhow::Result<Output> {
    let network = session.live_network(word)?;
    if entries.is_empty() {
        bail!("no addresses given: the file has none");
    }
    if entries.len() > ADDRESSES_MAX {
        bail!("more than {ADDRESSES_MAX} addresses at once; add them in several files");
    }
    let shop = session.shop(&store).await?;
    let checked = address_file::check(network.family, entries)?;
    let (now, id, shop_of) = (session.now(), network.id.clone(), shop.clone());
    let progress = output::progress("checking signatures", checked.len());
    let checked = address_file::prove(network.family, &shop.name, now, checked, || progress.inc(1))?;
    progress.finish_and_clear();
    let progress = output::progress("adding", checked.len());
    let steps = progress.clone();
    let added = session
        .write(move |txn| {
            let added = add_all(txn, &shop_of, &id, checked, now, || steps.inc(1))?;
            let total = count(added.new.saturating_add(added.put_back));
            write_down(
                txn,
                now,
                "address.add",
                &shop_of.name,
                &format!("{total} on {id}"),
            )?;
            Ok(added)
        })
        .await;
    progress.finish_and_clear();
    let added = added?;
    let (store, on) = (shop.id, network.id.clone());
    let wallet = session
        .read(move |txn| Ok(wallets::in_use(txn, store, &on)?))
        .await?;
    let output = added_output(session, &shop, &network, added);
    Ok(match wallet.filter(|wallet| wallet.way != Way::Pool) {
        Some(wallet) => output.warn(format!(
            "store `{0}` receives on {1} in another way ({2}), and the pool waits: `payd wallet set {0} {1} pool` \
             goes back to it",
            shop.name, network.id, wallet.way
        )),
        None => output,
    })
}

fn add_all(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &NetworkId,
    checked: Vec<Checked>,
    now: UnixMillis,
    each: impl Fn(),
) -> anyhow::Result<Added> {
    let given = checked.len();
    let mut refusals = Vec::new();
    let mut added = Added::default();
    for Checked {
        entry,
        address,
        proof,
    } in checked
    {
        each();
        match addresses::insert(txn, shop.id, network, &address, now) {
            Ok(_) => added.new = added.new.saturating_add(1),
            Err(StoreError::Duplicate { .. }) => match put_back(txn, shop, network, address.text())? {
                None => added.put_back = added.put_back.saturating_add(1),
                Some(reason) => refusals.push(Refusal { entry, reason }),
            },
            Err(error) => return Err(error.into()),
        }
        if let Some(proof) = proof {
            addresses::prove(txn, shop.id, network, address.text(), proof, now)?;
            added.proved = added.proved.saturating_add(1);
        }
    }
    if refusals.is_empty() {
        Ok(added)
    } else {
        Err(Refused { given, refusals }.into())
    }
}

/// Puts an address that the store had removed back into its pool; else says why it cannot be added.
fn put_back(txn: &Txn<'_>, shop: &Shop, network: &NetworkId, text: &str) -> anyhow::Result<Option<String>> {
    let there = addresses::by_text(txn, network, text)?.context("an address vanished while it was added")?;
    if there.shop != shop.id {
        let owner = shops::by_id(txn, there.shop)?
            .map(|owner| owner.name)
            .unwrap_or_default();
        return Ok(Some(format!(
            "store `{owner}` has it already; an address belongs to one store"
        )));
    }
    if there.way != Way::Pool {
        return Ok(Some(format!(
            "this store receives at it in another way ({}); see `payd wallet list`",
            there.way
        )));
    }
    if there.retired_at.is_none() {
        return Ok(Some("this store has it already".to_owned()));
    }
    if !there.is_authentic {
        return Ok(Some(
            "its row in the database was altered from outside; do not use it".to_owned(),
        ));
    }
    addresses::retire(txn, shop.id, network, text, None)?;
    Ok(None)
}

fn added_output(session: &Session, shop: &Shop, network: &Network, added: Added) -> Output {
    let mut parts = Vec::new();
    if added.new > 0 || added.put_back == 0 {
        parts.push(format!("{} added", count(added.new)));
    }
    if added.put_back > 0 {
        parts.push(format!(
            "{} put back that had been removed",
            count(added.put_back)
        ));
    }
    if added.proved > 0 {
        parts.push(format!("{} verified", added.proved));
    }
    let text = format!("{}: store `{}`, {}.", parts.join(", "), shop.name, network.name);
    let json = json!({
        "store": shop.name,
        "network": &*network.slug,
        "added": added.new,
        "put_back": added.put_back,
        "verified": added.proved,
    });
    let output = Output::new(text, json);
    if session.settings.is_scanned(network) {
        return output;
    }
    let slug = &network.slug;
    output.warn(format!(
        "nobody watches {slug} yet, so live payments on it are refused: \
         set providers under [networks.{slug}] in the configuration"
    ))
}

fn count(addresses: usize) -> String {
    if addresses == 1 {
        "1 address".to_owned()
    } else {
        format!("{addresses} addresses")
    }
}

async fn list(
    session: &Session,
    store: String,
    word: Option<String>,
    limit: usize,
) -> anyhow::Result<Output> {
    let network = word.map(|word| session.live_network(&word)).transpose()?;
    let network = network.map(|network| network.id.clone());
    let now = session.now();
    let (shop, found, is_more) = session
        .read(move |txn| {
            let shop = shop_named(txn, &store)?;
            let (found, is_more) = collect(txn, &shop, network.as_ref(), limit, now)?;
            Ok((shop, found, is_more))
        })
        .await?;
    let mut rows = Rows::new(&["network", "address", "state", "owner"]);
    for (address, state) in &found {
        rows.push([
            address.network.to_string(),
            address.address.to_string(),
            state.clone(),
            address.proved.map_or("-", |_| "verified").to_owned(),
        ]);
    }
    let mut text = rows.or(&format!(
        "No addresses. Add some with `payd address add --store {} --network bsc 0x...`.",
        quoted(&shop.name)
    ));
    if is_more {
        text.push_str("There are more; see them with a larger --limit.\n");
    } else if found.len() > 20 {
        text.push_str(&tally(&found));
    }
    let json: Vec<Value> = found
        .iter()
        .map(|(address, state)| as_json(address, state, now))
        .collect();
    Ok(Output::new(
        text,
        json!({ "store": shop.name, "addresses": json, "is_more": is_more }),
    ))
}

/// The addresses of a store with what each is doing, up to `limit`; and whether there are more.
fn collect(
    txn: &Txn<'_>,
    shop: &Shop,
    network: Option<&NetworkId>,
    limit: usize,
    now: UnixMillis,
) -> anyhow::Result<(Vec<(PoolAddress, String)>, bool)> {
    let mut found = Vec::new();
    let mut after = AddressId::new(0);
    loop {
        let page = addresses::of_shop(txn, shop.id, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok((found, false));
        };
        after = last.id;
        for address in page {
            // The pools of simulated networks are payd's own.
            if network.map_or(is_simulated(&address.network), |network| {
                *network != address.network
            }) {
                continue;
            }
            if found.len() >= limit {
                return Ok((found, true));
            }
            let state = state(txn, &address, now)?;
            found.push((address, state));
        }
    }
}

fn is_simulated(network: &NetworkId) -> bool {
    network.as_str().starts_with("test-")
}

fn state(txn: &Txn<'_>, address: &PoolAddress, now: UnixMillis) -> anyhow::Result<String> {
    if !address.is_authentic {
        return Ok("ALTERED: never given out".to_owned());
    }
    let holder = match address.held_by {
        Some(payment) => payments::by_id(txn, payment)?.map(|payment| payment.number.to_string()),
        None => None,
    };
    Ok(match (holder, address.retired_at) {
        (Some(number), None) => format!("held by {number}"),
        (Some(number), Some(_)) => format!("removed, held by {number}"),
        (None, _) if address.way == Way::Shared => {
            let wallet = wallets::in_use(txn, address.shop, &address.network)?;
            if wallet.map(|wallet| wallet.id) == address.wallet {
                "shared by all payments".to_owned()
            } else {
                "was shared; still watched".to_owned()
            }
        }
        (None, _) if address.way == Way::Xpub => "used once".to_owned(),
        (None, Some(_)) => "removed".to_owned(),
        (None, None) if address.available_at > now => {
            format!("rests until {}", output::time(address.available_at))
        }
        (None, None) => "free".to_owned(),
    })
}

fn tally(found: &[(PoolAddress, String)]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, state) in found {
        let word = state.split([' ', ',', ':']).next().unwrap_or_default();
        let entry = counts.entry(word).or_default();
        *entry = entry.saturating_add(1);
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    format!("\n{}: {}\n", count(found.len()), parts.join(", "))
}

fn as_json(address: &PoolAddress, state: &str, now: UnixMillis) -> Value {
    json!({
        "network": address.network.as_str(),
        "address": &*address.address,
        "state": state,
        "rests_until": output::json_time_or_null(Some(address.available_at).filter(|at| *at > now)),
        "created_at": output::json_time(address.created_at),
        "removed_at": output::json_time_or_null(address.retired_at),
        "is_authentic": address.is_authentic,
        "proof": address.proved.map(|(proof, _)| proof.word()),
        "proved_at": output::json_time_or_null(address.proved.map(|(_, at)| at)),
    })
}

async fn remove(session: &Session, store: String, word: &str, texts: &[String]) -> anyhow::Result<Output> {
    let network = session.live_network(word)?;
    let mut wanted = Vec::new();
    for text in texts {
        wanted.push(address_file::address(network.family, text).context("nothing was removed")?);
    }
    let (now, id) = (session.now(), network.id.clone());
    let removed = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let mut removed: Vec<(Arc<str>, Option<String>)> = Vec::new();
        for address in wanted {
            let there = addresses::by_text(txn, &id, address.text())?;
            let there = there.filter(|there| there.shop == shop.id);
            let there = there.with_context(|| {
                format!(
                    "store `{}` does not have {address} on {id}; nothing was removed",
                    shop.name
                )
            })?;
            if there.way != Way::Pool {
                bail!("{address} is not of the pool: see `payd wallet set --help`; nothing was removed");
            }
            if there.retired_at.is_none() {
                addresses::retire(txn, shop.id, &id, address.text(), Some(now))?;
            }
            let holder = match there.held_by {
                Some(payment) => payments::by_id(txn, payment)?.map(|payment| payment.number.to_string()),
                None => None,
            };
            removed.push((Arc::clone(address.text()), holder));
        }
        for (address, _) in &removed {
            write_down(
                txn,
                now,
                "address.remove",
                &shop.name,
                &format!("{address} on {id}"),
            )?;
        }
        Ok(removed)
    });
    let removed = removed.await?;
    let mut text = format!(
        "{} removed: no new payment gets it. Money that still arrives is recorded.\n",
        count(removed.len())
    );
    for (address, holder) in &removed {
        if let Some(number) = holder {
            text.push_str(&format!(
                "  {address} stays with {number} until that payment ends\n"
            ));
        }
    }
    let json: Vec<Value> = removed
        .iter()
        .map(|(address, holder)| json!({ "address": &**address, "held_by": holder }))
        .collect();
    Ok(Output::new(
        text,
        json!({ "network": &*network.slug, "removed": json }),
    ))
}
