//! `payd address prove`: shows the text that a wallet is to sign, and checks what it made of it.

use anyhow::bail;
use serde_json::{Value, json};

use super::address_file;
use super::args::ProveOptions;
use super::output::{self, Output};
use super::session::{Session, shop_named};
use super::store::quoted;
use crate::chain::ownership;
use crate::domain::address::Address;
use crate::domain::network::{Family, Network};
use crate::engine::office::ownership as office;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, options: ProveOptions) -> anyhow::Result<Output> {
    let network = session.live_network(&options.network)?;
    let mut wanted = Vec::new();
    for text in &options.addresses {
        wanted.push(address_file::address(network.family, text)?);
    }
    match (options.signature, wanted.as_slice()) {
        (None, wanted) => show(session, &options.store, &network, wanted).await,
        (Some(signature), [address]) => {
            check(session, options.store, &network, address.clone(), &signature).await
        }
        (Some(_), _) => bail!(
            "a signature is of one address; prove them one by one, or add them from a file with a signature beside each"
        ),
    }
}

async fn show(
    session: &Session,
    store: &str,
    network: &Network,
    wanted: &[Address],
) -> anyhow::Result<Output> {
    let shop = session.shop(store).await?;
    let mut text = format!("Sign this text with {}:\n\n", how(network.family));
    let mut json: Vec<Value> = Vec::new();
    for address in wanted {
        let challenge = ownership::challenge(&shop.name, address, session.now());
        text.push_str(&format!("{challenge}\n\n"));
        json.push(json!({ "address": &**address.text(), "text": challenge }));
    }
    text.push_str(&format!(
        "Copy it without a line break at its end. Then, within 30 days:\n  \
         payd address prove --store {} --network {} ADDRESS --signature SIGNATURE\n",
        quoted(&shop.name),
        network.slug
    ));
    Ok(Output::new(
        text,
        json!({ "store": shop.name, "network": &*network.slug, "to_sign": json }),
    ))
}

const fn how(family: Family) -> &'static str {
    match family {
        Family::Bitcoin(_) | Family::Litecoin(_) => "your wallet's \"sign message\", at the address itself",
        Family::Evm { .. } => "your wallet's \"sign message\" (personal_sign), from the account itself",
        Family::Tron => "your wallet's \"sign message\" (signMessageV2), from the account itself",
    }
}

async fn check(
    session: &Session,
    store: String,
    network: &Network,
    address: Address,
    signature: &str,
) -> anyhow::Result<Output> {
    let (by, id) = (session.by(), network.id.clone());
    let now = by.at;
    let shop = session.shop(&store).await?;
    let proof = ownership::verify_challenge(network.family, &shop.name, &address, now, signature)?;
    let text = address.text().clone();
    session
        .write(move |txn| {
            let shop = shop_named(txn, &store)?;
            Ok(office::keep(txn, &by, &shop, &id, &text, proof)?)
        })
        .await?;
    Ok(Output::new(
        format!("{address} is verified ({proof}): its key is in the hands of who signed."),
        json!({
            "store": shop.name,
            "network": &*network.slug,
            "address": &**address.text(),
            "proof": proof.word(),
            "proved_at": output::json_time(now),
        }),
    ))
}
