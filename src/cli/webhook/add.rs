//! `payd webhook add` and `payd webhook secret`: endpoints, and what signs for them.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{as_json, formats, known, shop_name, words};
use crate::ambient::random_bytes;
use crate::cli::output::{self, Output};
use crate::cli::session::{Session, write_down};
use crate::domain::event::EventKind;
use crate::domain::ids::{EndpointId, KeyId};
use crate::domain::shop::{Endpoint, Format, Shop};
use crate::outbox::guard::check_url;
use crate::store::endpoints::NewEndpoint;
use crate::store::{Txn, endpoints, keys};

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

/// What a post of a format is signed with, as the merchant knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// The endpoint's secret, shown once.
    Secret,
    /// The endpoint's secret, which its page calls the APP_KEY and has the dashboard show.
    AppKey,
    /// The secret of the API key that made the payment.
    ApiSecret,
}

impl From<Format> for Signs {
    fn from(format: Format) -> Self {
        match format {
            Format::Payhook | Format::Standard | Format::Soko => Self::Secret,
            Format::Cryptopayment => Self::AppKey,
            Format::CryptoPay | Format::UsdtPayments => Self::ApiSecret,
        }
    }
}

impl Signs {
    const fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::AppKey => "app_key",
            Self::ApiSecret => "api_secret",
        }
    }
}

/// A new secret in the form its page shows.
fn new_secret(session: &Session, format: Format) -> anyhow::Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(random_bytes::<32>(session.random.as_ref())?);
    Ok(Zeroizing::new(match format {
        Format::Payhook | Format::Soko => hex::encode(*bytes),
        // What its page calls the APP_KEY.
        Format::Cryptopayment => STANDARD.encode(*bytes),
        // Signed with the secrets of API keys; the endpoint's own is there to be, and never shown.
        Format::CryptoPay | Format::UsdtPayments => hex::encode(*bytes),
        Format::Standard => format!("whsec_{}", STANDARD.encode(*bytes)),
    }))
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
    events.sort_unstable();
    events.dedup();
    let secret = new_secret(session, format)?;
    let (random, now, sealed) = (Arc::clone(&session.random), session.now(), secret.clone());
    let (of, key) = (shop.clone(), wanted.key);
    let added = session.write(move |txn| {
        if let Some(key) = key {
            check_key(txn, &of, key)?;
        }
        let new = NewEndpoint {
            shop: of.id,
            url: &url,
            format,
            key,
            events: &events,
            secret: &sealed,
        };
        let id = endpoints::insert(txn, &new, now, random.as_ref())?;
        let endpoint = endpoints::by_id(txn, id)?.context("the endpoint vanished")?;
        let detail = match key {
            Some(key) => format!("endpoint {id} for key {key}"),
            None => format!("endpoint {id}"),
        };
        write_down(txn, now, "webhook.add", &of.name, &detail)?;
        Ok(endpoint)
    });
    Ok(shown(&added.await?, &shop, &secret))
}

/// Only a key of the store that works can have an endpoint: nobody else's payments are told.
fn check_key(txn: &Txn<'_>, shop: &Shop, id: KeyId) -> anyhow::Result<()> {
    let key = keys::by_id(txn, id)?.filter(|key| key.shop == shop.id);
    let Some(key) = key else {
        bail!(
            "store `{0}` has no key {id}; see `payd key list --store {0}`",
            shop.name
        );
    };
    if let Some(revoked) = key.revoked_at {
        bail!(
            "key {id} was revoked on {}, so no payments are made with it any more; see `payd key list --store {}`",
            output::time(revoked),
            shop.name
        );
    }
    Ok(())
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
    let now = session.now();
    let found = session.write(move |txn| {
        let endpoint = known(txn, id)?;
        match Signs::from(endpoint.format) {
            Signs::AppKey => {}
            Signs::Secret => bail!(
                "the secret of a {} endpoint is shown once only, when it is added: add another endpoint with \
                 `payd webhook add` and remove this one",
                endpoint.format
            ),
            Signs::ApiSecret => bail!(
                "posts of a {} endpoint are signed with the API secret of the key that made the payment, which is shown \
                 once only, when the key is made",
                endpoint.format
            ),
        }
        let secret = endpoints::secret(txn, id)?;
        let shop = shop_name(txn, endpoint.shop)?;
        write_down(txn, now, "webhook.secret", &shop, &format!("endpoint {id}"))?;
        Ok(secret)
    });
    let secret = found.await?;
    let json = json!({ "endpoint_id": id.get(), "secret": &*secret });
    Ok(Output::new(secret.as_str(), json))
}
