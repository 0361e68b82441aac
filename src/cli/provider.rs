//! `payd provider`: what payd remembers of providers and a person may make it forget.

use anyhow::bail;
use serde_json::json;

use super::args::ProviderCommand;
use super::output::Output;
use super::session::{Session, write_down};
use crate::store::pins;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: ProviderCommand) -> anyhow::Result<Output> {
    match command {
        ProviderCommand::ForgetCertificate { host } => forget_certificate(session, host).await,
    }
}

async fn forget_certificate(session: &Session, host: String) -> anyhow::Result<Output> {
    let (now, named) = (session.clock.now(), host.clone());
    let was_pinned = session
        .write(move |txn| {
            let was_pinned = pins::forget(txn, &named)?;
            if was_pinned {
                write_down(txn, now, "provider.forget-certificate", &named, "")?;
            }
            Ok(was_pinned)
        })
        .await?;
    if !was_pinned {
        bail!(
            "no certificate of `{host}` is remembered: write host and port as the log does, like electrum.example.com:50002"
        );
    }
    let text =
        format!("The certificate of {host} is forgotten; the next one it shows is remembered in its place.");
    Ok(Output::new(text, json!({ "forgotten": host })))
}
