//! `payd audit`: holds what the chain says that addresses hold against what payd recorded.

use std::sync::Arc;

use anyhow::bail;
use serde_json::{Value, json};

use super::args::AuditOptions;
use super::output::{Output, Rows};
use super::session::Session;
use super::{progress, wiring};
use crate::daemon::{self, Source, Surroundings};
use crate::domain::asset::Asset;
use crate::domain::network::Network;
use crate::engine::audit::{Audit, Findings, Unexplained, Unknowns};
use crate::store::addresses;

/// Runs the command.
///
/// # Errors
/// When there is no such network, or a chain or the database cannot be read.
pub async fn run(session: &Session, options: &AuditOptions, as_json: bool) -> anyhow::Result<Output> {
    let surroundings = Surroundings::real(&session.settings, Some(&session.database))?;
    let mut sources = daemon::live_sources(&session.settings, &surroundings)?;
    if let Some(word) = &options.network {
        let network = session.live_network(word)?;
        sources.retain(|source| source.network.id == network.id);
    }
    if sources.is_empty() {
        bail!("no live network to audit: one is read once it has providers in the configuration");
    }
    let engine = wiring::engine(session)?;
    let unknowns = if options.accept {
        Unknowns::Accept
    } else {
        Unknowns::Keep
    };
    let mut audits = Vec::new();
    for Source { network, source, .. } in sources {
        let id = network.id.clone();
        let count = session
            .read(move |txn| Ok(addresses::count_of_network(txn, &id)?))
            .await?;
        let bar = progress::bar(count, &network.slug, as_json);
        let audit = engine
            .audit(&network, &*source, unknowns, |looked_at| {
                bar.set_position(looked_at)
            })
            .await;
        bar.finish_and_clear();
        audits.push((network, audit?));
    }
    Ok(report(session, &audits, unknowns))
}

fn report(session: &Session, audits: &[(Arc<Network>, Audit)], unknowns: Unknowns) -> Output {
    let asset = |network: &Network, unexplained: &Unexplained| {
        session
            .registry
            .asset(&network.id, &unexplained.currency)
            .cloned()
    };
    let mut rows = Rows::new(&["network", "address", "currency", "unexplained", "blocks"]);
    let (mut lines, mut networks, mut found) = (Vec::new(), Vec::new(), 0_usize);
    for (network, audit) in audits {
        lines.push(format!("{}: {}", network.slug, said(audit)));
        networks.push(as_json(network, audit, |unexplained| {
            shown(unexplained, asset(network, unexplained).as_deref())
        }));
        let Audit::Done(findings) = audit else { continue };
        found = found.saturating_add(findings.unexplained.len());
        for unexplained in &findings.unexplained {
            rows.push([
                network.slug.to_string(),
                unexplained.address.to_string(),
                unexplained.currency.to_string(),
                shown(unexplained, asset(network, unexplained).as_deref()),
                format!("above {}, up to {}", unexplained.above, findings.at.height),
            ]);
        }
    }
    let mut text = format!("{}\n", lines.join("\n"));
    if found > 0 {
        text.push('\n');
        text.push_str(&rows.or(""));
        text.push('\n');
        text.push_str(what_to_do(unknowns));
    }
    // Where nothing was audited, nothing was found either: not good news.
    let is_any_done = audits.iter().any(|(_, audit)| matches!(audit, Audit::Done(_)));
    let is_bad_news = (found > 0 && unknowns == Unknowns::Keep) || !is_any_done;
    let mut output = Output::new(text, json!({ "unexplained": found, "networks": networks }));
    output.is_bad_news = is_bad_news;
    output
}

const fn what_to_do(unknowns: Unknowns) -> &'static str {
    match unknowns {
        Unknowns::Keep => {
            "Coins that a contract sent are recorded by the running daemon within minutes: audit again then. For all \
             else look the address up in a block explorer, at these blocks; once you know what it was, \
             `payd audit --accept` takes today's balances as explained.\n"
        }
        Unknowns::Accept => {
            "Accepted: from now on these balances count as explained. No payment was changed.\n"
        }
    }
}

fn said(audit: &Audit) -> String {
    match audit {
        Audit::NotRead => "not read yet; start `payd serve` or run `payd catch-up`".to_owned(),
        Audit::Unsaid => "this network's providers cannot say what addresses hold; of Bitcoin and Litecoin, Esplora and Electrum \
                          servers can"
            .to_owned(),
        Audit::Done(findings) => {
            let Findings {
                at,
                compared,
                first_seen,
                lower,
                unexplained,
            } = findings;
            let mut said = format!(
                "{} unexplained of {compared} balances at block {}",
                unexplained.len(),
                at.height
            );
            if *first_seen > 0 {
                said.push_str(&format!(
                    "; {first_seen} taken down for the first time, to be compared from now on"
                ));
            }
            if *lower > 0 {
                said.push_str(&format!(
                    "; {lower} lower than what came: make sure that it was you who moved it"
                ));
            }
            said
        }
    }
}

fn shown(unexplained: &Unexplained, asset: Option<&Asset>) -> String {
    asset.map_or_else(
        || format!("{} base units", unexplained.amount),
        |asset| format!("{} {}", asset.show(unexplained.amount), asset.symbol),
    )
}

fn as_json(network: &Network, audit: &Audit, shown: impl Fn(&Unexplained) -> String) -> Value {
    let Audit::Done(findings) = audit else {
        return json!({ "network": &*network.slug, "audited": false, "reason": said(audit) });
    };
    let unexplained: Vec<Value> = findings
        .unexplained
        .iter()
        .map(|unexplained| {
            json!({
                "address": &*unexplained.address,
                "currency": unexplained.currency.as_str(),
                "base_units": unexplained.amount.to_string(),
                "amount": shown(unexplained),
                "above_height": unexplained.above,
            })
        })
        .collect();
    json!({
        "network": &*network.slug,
        "audited": true,
        "height": findings.at.height,
        "compared": findings.compared,
        "first_seen": findings.first_seen,
        "lower": findings.lower,
        "unexplained": unexplained,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::UnixMillis;
    use crate::domain::transfer::BlockRef;

    #[test]
    fn what_was_found_is_said_in_one_line() {
        let findings = Findings {
            at: BlockRef {
                height: 9,
                hash: "0x9".into(),
                time: UnixMillis::new(0),
            },
            compared: 4,
            first_seen: 0,
            lower: 0,
            unexplained: Vec::new(),
        };
        assert_eq!(
            said(&Audit::Done(findings.clone())),
            "0 unexplained of 4 balances at block 9"
        );
        let more = Findings {
            first_seen: 2,
            lower: 1,
            ..findings
        };
        let said_of_more = said(&Audit::Done(more));
        assert!(said_of_more.contains("2 taken down for the first time") && said_of_more.contains("1 lower"));
        assert!(said(&Audit::Unsaid).contains("cannot say"));
    }
}
