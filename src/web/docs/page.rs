//! The two pages: the overview, and the one of an API.

use askama::Template;

use super::programs::{self, Code, Program};
use super::reference::{Field, Reference};
use super::{Choice, DocsContext};
use crate::domain::shop::Dialect;
use crate::web::api::description;
use crate::web::assets;
use crate::web::text::{self, Language};

/// What every page has.
struct Frame<'a> {
    t: &'static Language,
    title: String,
    style: String,
    script: String,
    icon: String,
    context: &'a DocsContext,
    /// The overview and the APIs: name, link, and whether it is this page.
    pages: Vec<(String, String, bool)>,
    /// The page in each language: code, its own name, link.
    languages: Vec<(&'static str, &'static str, String)>,
}

impl<'a> Frame<'a> {
    fn new(context: &'a DocsContext, choice: Choice, title: String, here: Option<Dialect>) -> Self {
        let t = choice.language;
        let asset = |file: &str| format!("{}{}", context.assets, assets::path(file));
        let overview = (
            t.say("docs-overview"),
            link(context, None, choice),
            here.is_none(),
        );
        let of_api = |dialect: &Dialect| {
            let is_here = here == Some(*dialect);
            (
                name(*dialect).to_owned(),
                link(context, Some(*dialect), choice),
                is_here,
            )
        };
        Self {
            t,
            title,
            style: asset("docs/docs.css"),
            script: asset("docs/docs.js"),
            icon: asset("checkout/favicon.svg"),
            context,
            pages: std::iter::once(overview)
                .chain(Dialect::ALL.iter().map(of_api))
                .collect(),
            languages: text::languages()
                .map(|language| {
                    let code = language.code();
                    (code, language.name(), choice.in_language(language).query())
                })
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "docs/overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    apis: Vec<Api>,
}

/// An API in the list to choose from.
struct Api {
    name: &'static str,
    link: String,
    description_link: String,
    text: String,
    price: &'static str,
    authentication: &'static str,
    events: &'static str,
}

#[derive(Template)]
#[template(path = "docs/dialect.html")]
struct DialectPage<'a> {
    frame: Frame<'a>,
    name: &'static str,
    word: &'static str,
    intro: String,
    tabs: Vec<(&'static str, String, bool)>,
    programs: Vec<Program>,
    is_curl: bool,
    key_command: String,
    /// Where webhooks go, and what they are signed with.
    endpoint: String,
    webhook_command: String,
    /// Crypto Pay's projects need a site of their own before they make payments.
    site_command: Option<String>,
    reference: Reference,
}

#[derive(Template)]
#[template(path = "docs/fields.html")]
struct FieldList<'a> {
    t: &'static Language,
    fields: &'a [Field],
}

impl DialectPage<'_> {
    /// Escaped by its own template.
    fn fields(&self, fields: &[Field]) -> String {
        let list = FieldList {
            t: self.frame.t,
            fields,
        };
        rendered(&list)
    }
}

/// The overview: which APIs there are, which to pick, test mode, webhooks.
#[must_use]
pub fn overview(context: &DocsContext, choice: Choice) -> String {
    let t = choice.language;
    let api = |dialect: &Dialect| Api {
        name: name(*dialect),
        link: link(context, Some(*dialect), choice),
        description_link: format!("{}/{}/openapi.json", context.root, dialect.word()),
        text: t.say(about_key(*dialect)),
        price: price(*dialect),
        authentication: authentication(*dialect),
        events: events(*dialect),
    };
    rendered(&OverviewPage {
        frame: Frame::new(context, choice, t.say("docs-heading"), None),
        apis: Dialect::ALL.iter().map(api).collect(),
    })
}

/// The page of an API: its quick start in the chosen language, and its reference.
#[must_use]
pub fn dialect(context: &DocsContext, dialect: Dialect, choice: Choice) -> String {
    let (t, word) = (choice.language, dialect.word());
    let document = description::text(word, &context.base_url).unwrap_or_default();
    let Some(reference) = Reference::read(&document) else {
        return String::new();
    };
    let store = context.store.as_deref().unwrap_or("demo");
    let tab = |code: Code| {
        let link = format!("{}#quick-start", choice.with_code(code).query());
        (code.title(), link, code == choice.code)
    };
    rendered(&DialectPage {
        frame: Frame::new(
            context,
            choice,
            t.say_with("docs-title", &[("api", name(dialect).into())]),
            Some(dialect),
        ),
        name: name(dialect),
        word,
        intro: t.say(about_key(dialect)),
        tabs: Code::ALL.into_iter().map(tab).collect(),
        programs: programs::of(dialect, choice.code, context),
        is_curl: choice.code == Code::Curl,
        key_command: format!("payd key add --store {store} --mode test"),
        endpoint: t.say(endpoint_key(dialect)),
        webhook_command: webhook_command(store, dialect),
        site_command: (dialect == Dialect::CryptoPay)
            .then(|| format!("payd store set {store} --website https://shop.example.com")),
        reference,
    })
}

fn webhook_command(store: &str, dialect: Dialect) -> String {
    let key = if dialect == Dialect::Cryptopayment {
        " --key KEY_ID"
    } else {
        ""
    };
    let url = "https://shop.example.com/webhook";
    format!(
        "payd webhook add --store {store} --url {url} --format {}{key}",
        dialect.word()
    )
}

fn link(context: &DocsContext, dialect: Option<Dialect>, choice: Choice) -> String {
    let below = dialect
        .map(|dialect| format!("{}/", dialect.word()))
        .unwrap_or_default();
    format!("{}/{below}{}", context.root, choice.query())
}

/// The name that the API has among people.
const fn name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook => "PayHook",
        Dialect::Soko => "soko",
        Dialect::CryptoPay => "Crypto Pay",
        Dialect::UsdtPayments => "USDT Payments",
        Dialect::Cryptopayment => "CryptoPayment",
    }
}

const fn about_key(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook => "docs-payhook-text",
        Dialect::Soko => "docs-soko-text",
        Dialect::CryptoPay => "docs-crypto-pay-text",
        Dialect::UsdtPayments => "docs-usdt-payments-text",
        Dialect::Cryptopayment => "docs-cryptopayment-text",
    }
}

const fn endpoint_key(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook | Dialect::Soko => "docs-endpoint-text",
        Dialect::CryptoPay | Dialect::UsdtPayments => "docs-endpoint-own-text",
        Dialect::Cryptopayment => "docs-endpoint-key-text",
    }
}

/// The field that says how much is asked for.
const fn price(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook => "amount_usd_cents: 5000",
        Dialect::Soko => "amount: \"100.00\", fiat_amount + fiat_currency",
        Dialect::CryptoPay | Dialect::UsdtPayments => "amount: \"50.00\" USDT",
        Dialect::Cryptopayment => "amount_usd: 50.00",
    }
}

const fn authentication(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook => "X-API-Key",
        Dialect::Soko => "X-Api-Key, X-Timestamp, X-Signature",
        Dialect::CryptoPay | Dialect::UsdtPayments => "X-API-Key, X-Signature",
        Dialect::Cryptopayment => "Authorization: Bearer",
    }
}

const fn events(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook => "confirmed, expired, cancelled",
        Dialect::Soko => "confirming, completed, underpaid, expired",
        Dialect::CryptoPay | Dialect::UsdtPayments => "paid",
        Dialect::Cryptopayment => "detected, confirmed",
    }
}

/// A page as text. What keeps a template from being written is a fault inside payd.
fn rendered(page: &impl Template) -> String {
    page.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a page of the documentation could not be made");
        String::new()
    })
}
