//! `payd address`: add, list, remove. What is added is checked down to its checksum; all of it, or nothing.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::address_file::{self, ADDRESSES_MAX, Refused};
use super::args::AddressCommand;
use super::output::{self, Output, Rows};
use super::prove;
use super::session::{Session, shop_named};
use super::store::quoted;
use crate::domain::ids::AddressId;
use crate::domain::network::{Network, NetworkId};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::engine::office::address_list::{self, Entry};
use crate::engine::office::addresses::{self as office, AddError, Added, Retired, State, count};
use crate::store::addresses::{self, PoolAddress};
use crate::store::{Txn, wallets};

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
        AddressCommand::Restore {
            store,
            network,
            addresses,
        } => restore(session, store, &network, &addresses).await,
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

async fn add(session: &Session, store: String, word: &str, entries: Vec<Entry>) -> anyhow::Result<Output> {
    let network = session.live_network(word)?;
    if entries.is_empty() {
        bail!("no addresses given: the file has none");
    }
    if entries.len() > ADDRESSES_MAX {
        bail!("more than {ADDRESSES_MAX} addresses at once; add them in several files");
    }
    let shop = session.shop(&store).await?;
    let checked = address_list::check(network.family, entries).map_err(Refused)?;
    let (by, id, shop_of) = (session.by(), network.id.clone(), shop.clone());
    let progress = output::progress("checking signatures", checked.len());
    let checked = address_list::prove(network.family, &shop.name, by.at, checked, || progress.inc(1));
    progress.finish_and_clear();
    let checked = checked.map_err(Refused)?;
    let progress = output::progress("adding", checked.len());
    let steps = progress.clone();
    let added = session
        .write(move |txn| {
            let added = office::add(txn, &by, &shop_of, &id, checked, || steps.inc(1));
            added.map_err(|error| match error {
                AddError::Refused(refused) => Refused(refused).into(),
                error => error.into(),
            })
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
    Ok(match office::state(txn, address, now)? {
        State::Altered => "ALTERED: never given out".to_owned(),
        State::Held(number) => format!("held by {number}"),
        State::RetiredHeld(number) => format!("removed, held by {number}"),
        State::Shared => "shared by all payments".to_owned(),
        State::WasShared => "was shared; still watched".to_owned(),
        State::Used => "used once".to_owned(),
        State::Retired => "removed".to_owned(),
        State::Resting(until) => format!("rests until {}", output::time(until)),
        State::Free => "free".to_owned(),
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
    let (by, id) = (session.by(), network.id.clone());
    let removed = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let removed = wanted
            .iter()
            .map(|address| office::retire(txn, &by, &shop, &id, address.text()));
        Ok(removed.collect::<Result<Vec<Retired>, _>>()?)
    });
    let removed = removed.await?;
    let mut text = format!(
        "{} removed: no new payment gets it. Money that still arrives is recorded.\n",
        count(removed.len())
    );
    for Retired { address, holder } in &removed {
        if let Some(number) = holder {
            text.push_str(&format!(
                "  {address} stays with {number} until that payment ends\n"
            ));
        }
    }
    let json: Vec<Value> = removed
        .iter()
        .map(|Retired { address, holder }| json!({ "address": &**address, "held_by": holder }))
        .collect();
    Ok(Output::new(
        text,
        json!({ "network": &*network.slug, "removed": json }),
    ))
}

async fn restore(session: &Session, store: String, word: &str, texts: &[String]) -> anyhow::Result<Output> {
    let network = session.live_network(word)?;
    let mut wanted = Vec::new();
    for text in texts {
        wanted.push(address_file::address(network.family, text).context("nothing was put back")?);
    }
    let (by, id) = (session.by(), network.id.clone());
    let restored = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let mut restored = Vec::new();
        for address in wanted {
            let is_new = office::restore(txn, &by, &shop, &id, address.text())?;
            restored.push((address, is_new));
        }
        Ok(restored)
    });
    let restored = restored.await?;
    let news = restored.iter().filter(|(_, is_new)| *is_new).count();
    let json: Vec<Value> = restored
        .iter()
        .map(|(address, is_new)| json!({ "address": &**address.text(), "was_removed": is_new }))
        .collect();
    Ok(Output::new(
        format!("{} put back: new payments may get them again.", count(news)),
        json!({ "network": &*network.slug, "restored": json }),
    ))
}
