//! `payd webhook add` and `payd webhook secret`: endpoints, and what signs for them.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{as_json, formats, words};
use crate::cli::output::{self, Output};
use crate::cli::session::Session;
use crate::domain::event::EventKind;
use crate::domain::ids::{EndpointId, KeyId};
use crate::domain::shop::{Endpoint, Format, Shop};
use crate::engine::office::endpoints::{self, Signs};
use crate::outbox::guard::check_url;

/// What is to be added.
pub(super) struct Wanted {
    pub(super) store: String,
    pub(super) url: String,
    /// That of the store's own API, when none is named.
    pub(super) format: Option<Format>,
    /// The API key whose payments alone it is told of.
    pub(super) key: Option<KeyId>,
    /// What the format's receivers expect, when there are none.
    pub(super) events: Vec<EventKind>,
}

/// Adds an endpoint.
///
/// # Errors
/// A text for the person who called it.
pub(super) async fn run(session: &Session, wanted: Wanted) -> anyhow::Result<Output> {
    let url = wanted.url.trim().to_owned();
    // The URL is not quoted: what is wrong with it may be a password in it.
    check_url(&url, session.settings.webhooks.allow_private).context("the URL was refused")?;
    let shop = session.shop(&wanted.store).await?;
    let format = wanted.format.unwrap_or_else(|| Format::from(shop.dialect));
    let mut events = wanted.events;
    if events.is_empty() {
        events = formats(session).get(format).default_events().to_vec();
    }
    let secret = endpoints::new_secret(session.random.as_ref(), format)?;
    let wanted = endpoints::Wanted {
        url,
        format,
        key: wanted.key,
        events,
        secret: secret.clone(),
    };
    let (random, by, of) = (Arc::clone(&session.random), session.by(), shop.clone());
    let added = session
        .write(move |txn| endpoints::add(txn, &by, &of, &wanted, random.as_ref()).map_err(super::told));
    Ok(shown(&added.await?, &shop, &secret))
}

fn shown(endpoint: &Endpoint, shop: &Shop, secret: &str) -> Output {
    let (id, signs) = (endpoint.id, Signs::from(endpoint.format));
    let (advice, name, value) = match signs {
        Signs::Secret => (
            "Keep the secret on your server; it is not shown again.".to_owned(),
            "  secret",
            secret,
        ),
        Signs::AppKey => (
            format!(
                "Its secret is the APP_KEY that receivers check by; `payd webhook secret {id}` shows it again."
            ),
            "  APP_KEY",
            secret,
        ),
        Signs::ApiSecret => (
            "Its posts are signed with the API secret of the key that made the payment.".to_owned(),
            "  secret",
            "",
        ),
    };
    let key = endpoint.key.map(|key| key.to_string());
    let text = format!(
        "Endpoint {id} of store `{}`. {advice}\n{}Next: `payd webhook test {id}`\n",
        shop.name,
        output::pairs(&[
            ("  URL", endpoint.url.clone()),
            ("  format", endpoint.format.to_string()),
            ("  only key", key.unwrap_or_default()),
            ("  events", words(&endpoint.events)),
            (name, value.to_owned()),
        ]),
    );
    let mut json = as_json(endpoint, &shop.name);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("signed_with".to_owned(), json!(signs.word()));
        if signs != Signs::ApiSecret {
            fields.insert("secret".to_owned(), Value::String(secret.to_owned()));
        }
    }
    Output::new(text, json)
}

/// Shows an APP_KEY again, which CryptoPayment's page has the dashboard do. Who asks is written down.
///
/// # Errors
/// A text for the person who called it.
pub(super) async fn secret(session: &Session, id: EndpointId) -> anyhow::Result<Output> {
    let by = session.by();
    let found = session.write(move |txn| Ok(endpoints::show_secret(txn, &by, id)?));
    let secret = found.await?;
    let json = json!({ "endpoint_id": id.get(), "secret": &*secret });
    Ok(Output::new(secret.as_str(), json))
}
