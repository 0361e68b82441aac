//! The donation page, from a view of it and what was typed: pure, so that every state can be looked at.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fluent_bundle::FluentValue;
use sha2::{Digest, Sha256};

use super::gift::{Refusal, money};
use super::look::Look;
use crate::domain::asset::Means;
use crate::domain::donation::{MESSAGE_LENGTH_MAX, NAME_LENGTH_MAX};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::engine::gateway::DonationView;
use crate::web::api::header::API_KEY_BYTES_MAX;
use crate::web::assets;
use crate::web::brand::Look as Brand;
use crate::web::checkout::Frame;
use crate::web::colour::Colour;
use crate::web::text::{self, Language};

/// The value of the button for an amount that is not among those to choose from.
pub(super) const OWN: &str = "own";

/// From so many things to pay with on, they are a list to open rather than buttons.
const BUTTONS_MAX: usize = 6;

/// Characters from which on an amount needs a wider button.
const NARROW_LENGTH_MAX: usize = 9;

/// What a visitor has typed and chosen so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// A preset as a decimal amount, or [`OWN`]; empty before anything was chosen.
    pub(super) preset: String,
    pub(super) own: String,
    pub(super) currency: String,
    pub(super) name: String,
    pub(super) message: String,
}

/// Why the form was given back: what to say, and the field it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) text: String,
    pub(super) field: Field,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Amount,
    Currency,
    Name,
    Message,
    /// None that the visitor could change.
    None,
}

impl Mistake {
    /// What to tell a visitor whose gift cannot be read.
    pub(super) fn of(refusal: &Refusal, t: &'static Language, view: &DonationView) -> Self {
        let length = |key: &str, count: usize| t.say_with(key, &[("count", FluentValue::from(count))]);
        let (text, field) = match refusal {
            Refusal::AmountMissing => (t.say("donate-error-missing"), Field::Amount),
            Refusal::AmountZero => (t.say("donate-error-zero"), Field::Amount),
            Refusal::AmountTooLarge => (t.say("donate-error-large"), Field::Amount),
            Refusal::AmountMalformed | Refusal::AmountTooPrecise(_) | Refusal::UnknownFiat => {
                let example = [("example", example(t, view.page.fiat).into())];
                (t.say_with("donate-error-amount", &example), Field::Amount)
            }
            Refusal::CurrencyMissing(_) | Refusal::CurrencyNotAccepted(_) => {
                (t.say("donate-error-currency"), Field::Currency)
            }
            Refusal::NameTooLong => (length("donate-error-name", NAME_LENGTH_MAX), Field::Name),
            Refusal::MessageTooLong => (length("donate-error-message", MESSAGE_LENGTH_MAX), Field::Message),
        };
        Self { text, field }
    }
}

/// An amount as a visitor can write it.
fn example(t: &Language, fiat: Fiat) -> String {
    let amount = money("12", fiat).map(FiatAmount::amount).unwrap_or_default();
    // Before three digits a comma could stand between thousands, and is not taken for the point.
    if fiat.digits() < 3 {
        t.number(&amount)
    } else {
        amount
    }
}

/// How a page is to be shown.
pub(super) struct Shown<'a> {
    pub(super) view: &'a DonationView,
    /// As it stands in the URL.
    pub(super) api_key: &'a str,
    pub(super) look: &'a Look,
    pub(super) language: &'static Language,
    /// The path below which payd is mounted; empty at the root.
    pub(super) base: &'a str,
    pub(super) typed: &'a Typed,
    pub(super) mistake: Option<&'a Mistake>,
}

/// A page and the policy that its browser is to hold to.
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) content_policy: String,
}

#[derive(Template)]
#[template(path = "donate/page.html")]
struct Page<'a> {
    frame: Frame,
    t: &'static Language,
    style: String,
    accent: String,
    is_test: bool,
    origin: Option<String>,
    title: &'a str,
    shop: &'a str,
    text: String,
    goal: Option<Goal>,
    action: String,
    kept: Vec<(&'static str, &'a str)>,
    api_key: &'a str,
    presets: Vec<Preset>,
    is_wide: bool,
    own: &'a str,
    is_own: bool,
    unit: String,
    means: Vec<Payable<'a>>,
    has_list: bool,
    typed: &'a Typed,
    mistake: Option<&'a Mistake>,
}

impl Page<'_> {
    /// Whether what is wrong is in this field.
    fn is_wrong(&self, field: Field) -> bool {
        self.mistake.is_some_and(|mistake| mistake.field == field)
    }

    fn too_long(&self, key: &str, length_max: usize) -> String {
        self.t.say_with(key, &[("count", FluentValue::from(length_max))])
    }
}

/// What is to be reached.
struct Goal {
    text: String,
    /// None while it is not known what was given.
    percent: Option<u8>,
    count: Option<String>,
}

/// An amount to choose.
struct Preset {
    value: String,
    label: String,
    is_chosen: bool,
}

/// Something to pay with.
struct Payable<'a> {
    code: &'a str,
    symbol: &'a str,
    network: &'a str,
    is_chosen: bool,
}

/// The page.
pub(super) fn page(shown: &Shown<'_>) -> Rendered {
    let page = page_of(shown);
    let content_policy = content_policy(&page.accent);
    Rendered {
        html: page.render().unwrap_or_default(),
        content_policy,
    }
}

/// Nothing is loaded from elsewhere, nothing runs that is not a file of payd's own, and the one style that is written
/// into the page is let through by its hash. Any site may frame it: donation widgets are for all of them.
fn content_policy(accent: &str) -> String {
    let hash = BASE64.encode(Sha256::digest(accent));
    format!(
        "default-src 'none'; style-src 'self' 'sha256-{hash}'; script-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors https: http:"
    )
}

fn page_of<'a>(shown: &'a Shown<'a>) -> Page<'a> {
    let Shown { view, look, .. } = *shown;
    let (t, shop) = (shown.language, view.caller.shop.name.as_str());
    let title = if view.page.title.is_empty() {
        shop
    } else {
        &view.page.title
    };
    let presets = presets(shown);
    Page {
        frame: Frame {
            languages: links(shown.base, shown.api_key, look),
            is_embedded: look.is_embedded(),
            brand: Brand::of(&view.caller.shop, shown.base).without_colour(),
            ..frame(t, shown.base, title)
        },
        t,
        style: format!("{}{}", shown.base, assets::path("donate/donate.css")),
        accent: look
            .colour(&view.page)
            .or_else(|| Colour::parse(&view.caller.shop.brand.colour))
            .map(|colour| colour.style())
            .unwrap_or_default(),
        is_test: view.caller.mode == Mode::Test,
        origin: look.origin().filter(|_| look.is_embedded()),
        title,
        shop,
        text: look.text(&view.page),
        goal: goal(t, view),
        action: format!("{}/donate/create", shown.base),
        kept: look.parameters(),
        api_key: shown.api_key,
        is_wide: presets
            .iter()
            .any(|preset| preset.label.chars().count() > NARROW_LENGTH_MAX),
        is_own: presets.iter().all(|preset| !preset.is_chosen),
        presets,
        own: &shown.typed.own,
        unit: view.page.fiat.to_string(),
        means: payable(&view.accepted, &shown.typed.currency),
        has_list: view.accepted.len() > BUTTONS_MAX,
        typed: shown.typed,
        mistake: shown.mistake,
    }
}

/// Head and foot, as the checkout has them.
pub(super) fn frame(t: &'static Language, base: &str, title: &str) -> Frame {
    let mut frame = Frame::new(t, base, title.to_owned());
    frame.script = format!("{base}{}", assets::path("donate/donate.js"));
    frame
}

/// The same page in each language: code, its own name, URL.
fn links(base: &str, api_key: &str, look: &Look) -> Vec<(&'static str, String, String)> {
    let path = path(base, api_key);
    let link = |language: &'static Language| {
        let code = language.code();
        let url = format!("{path}{}", look.query_in(code));
        (code, language.name().to_owned(), url)
    };
    text::languages().map(link).collect()
}

/// The path of a key's page. Keys that payd makes need no escaping; of others, whose page says that there is none, only as
/// much is kept as needs none.
fn path(base: &str, api_key: &str) -> String {
    let is_plain = |character: &char| character.is_ascii_alphanumeric() || "_-".contains(*character);
    let key: String = api_key.chars().filter(is_plain).take(API_KEY_BYTES_MAX).collect();
    format!("{base}/donate/{key}")
}

fn goal(t: &Language, view: &DonationView) -> Option<Goal> {
    let goal = view.page.goal()?;
    let shown = FluentValue::from(price(t, goal));
    let Some(given) = view.given else {
        return Some(Goal {
            text: t.say_with("donate-goal", &[("goal", shown)]),
            percent: None,
            count: None,
        });
    };
    let given_of = [("given", FluentValue::from(price(t, given))), ("goal", shown)];
    let count = [("count", FluentValue::from(view.count))];
    Some(Goal {
        text: t.say_with("donate-given", &given_of),
        percent: Some(percent(given.minor, goal.minor)),
        count: (view.count > 0).then(|| t.say_with("donate-count", &count)),
    })
}

/// How much of `whole` is there, rounded down, and not more than all of it.
fn percent(part: u64, whole: u64) -> u8 {
    let percent = u128::from(part)
        .saturating_mul(100)
        .checked_div(u128::from(whole));
    u8::try_from(percent.unwrap_or(0).min(100)).unwrap_or(100)
}

fn presets(shown: &Shown<'_>) -> Vec<Preset> {
    let amounts = shown.look.presets(&shown.view.page);
    let preset = |(index, amount): (usize, FiatAmount)| {
        let value = amount.amount();
        Preset {
            is_chosen: match shown.typed.preset.as_str() {
                "" => index == 0,
                chosen => chosen == value,
            },
            label: price(shown.language, amount),
            value,
        }
    };
    amounts.into_iter().enumerate().map(preset).collect()
}

fn payable<'a>(accepted: &'a [Means], chosen: &str) -> Vec<Payable<'a>> {
    let is_known = accepted
        .iter()
        .any(|means| means.code.eq_ignore_ascii_case(chosen));
    let payable = |(index, means): (usize, &'a Means)| Payable {
        code: &means.code,
        symbol: &means.asset.symbol,
        network: &means.network.name,
        is_chosen: if is_known {
            means.code.eq_ignore_ascii_case(chosen)
        } else {
            index == 0
        },
    };
    accepted.iter().enumerate().map(payable).collect()
}

/// An amount of money as people say it: `$5` rather than `$5.00`.
fn price(t: &Language, amount: FiatAmount) -> String {
    let digits = usize::from(amount.currency.digits());
    let (exact, zeros) = (t.price(amount), "0".repeat(digits));
    if digits == 0 || !amount.amount().ends_with(&format!(".{zeros}")) {
        return exact;
    }
    let cents = format!("{}{zeros}", t.say("decimal-mark"));
    match exact.rsplit_once(&cents) {
        Some((before, after)) => format!("{before}{after}"),
        None => exact,
    }
}

/// A page that says one thing, in the design of the others.
#[derive(Template)]
#[template(path = "checkout/problem.html")]
struct ProblemPage {
    frame: Frame,
    title: String,
    text: String,
    can_retry: bool,
    /// The donation page, by GET.
    retry: String,
}

/// What there is to say where there is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// No key of payd's.
    NotFound,
    /// The store takes no donations.
    Closed,
    /// The form was not one of ours.
    NotUnderstood,
    /// It may work in a moment.
    Unavailable,
    /// Too often.
    TooMany,
}

/// The page of a problem. Its links lead to the donation page of the key, also where a form was answered, which has no page
/// to go back to.
pub(super) fn problem(
    problem: Problem,
    t: &'static Language,
    base: &str,
    api_key: &str,
    look: &Look,
) -> Rendered {
    let (title, text) = match problem {
        Problem::NotFound => ("donate-not-found-title", "donate-not-found-text"),
        Problem::Closed => ("donate-closed-title", "donate-closed-text"),
        Problem::NotUnderstood => ("not-understood-title", "donate-not-understood-text"),
        Problem::Unavailable => ("unavailable-title", "donate-unavailable-text"),
        Problem::TooMany => ("too-many-title", "too-many-text"),
    };
    let title = t.say(title);
    let page = ProblemPage {
        frame: Frame {
            languages: links(base, api_key, look),
            is_embedded: look.is_embedded(),
            ..frame(t, base, &title)
        },
        text: t.say(text),
        retry: format!("{}{}", path(base, api_key), look.query()),
        can_retry: matches!(problem, Problem::Unavailable | Problem::TooMany),
        title,
    };
    Rendered {
        html: page.render().unwrap_or_default(),
        content_policy: content_policy(""),
    }
}

#[cfg(test)]
mod tests;
