//! A store's figures: the page that a merchant looks at every day.

mod attention;
mod chart;
#[cfg(test)]
pub(super) mod tests;

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use self::attention::{Notice, Step};
use self::chart::Chart;
use super::payments::shown;
use super::{Dashboard, Frame, InShop, Room, Visit, problem};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::engine::office::figures::{self, Figures, Sales};
use crate::engine::office::{Office, OfficeError};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/", get(first))
        .route("/stores/{store}/overview", get(page))
}

/// The first store that somebody sees.
async fn first(visit: Visit) -> Response {
    let to = match visit.shops.first() {
        Some(shop) => format!("/stores/{}/overview", shop.id),
        None => "/stores".to_owned(),
    };
    Redirect::to(&to).into_response()
}

/// The mode that a page is asked to show: `?mode=test`, and otherwise what the store is in.
pub(super) fn mode_of(uri: &Uri, place: &InShop) -> Mode {
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = query
        .into_iter()
        .find(|(name, _)| name == "mode")
        .and_then(|(_, word)| word.parse().ok());
    asked.unwrap_or(place.shop.mode)
}

/// What was sold in a span of days.
struct Sold {
    sum: String,
    /// What that is in dollars, where it is told in another currency.
    dollars: Option<String>,
    count: u64,
    /// As the reader writes it.
    shown: String,
    /// How many are in no sum.
    unvalued: u64,
}

/// How a span of days compares with the one before.
struct Change {
    text: String,
    class: &'static str,
}

/// A part of a whole: a name, a figure, and a bar.
struct Share {
    label: String,
    value: String,
    /// Of a thousand.
    width: u64,
    class: &'static str,
}

/// A payment in the list of the latest.
struct Latest {
    number: String,
    href: String,
    /// What the merchant or the customer calls it.
    about: String,
    price: String,
    asset: String,
    status: String,
    badge: &'static str,
    at: String,
    at_iso: String,
}

#[derive(Template)]
#[template(path = "dashboard/overview/page.html")]
struct OverviewPage {
    frame: Frame,
    is_test: bool,
    base: String,
    live_path: String,
    test_path: String,
    payments_path: String,
    new_path: String,
    may_make: bool,
    notices: Vec<Notice>,
    steps: Vec<Step>,
    today: Sold,
    now: Sold,
    sum_change: Option<Change>,
    count_change: Option<Change>,
    /// In percent, of the payments that are over.
    paid_percent: Option<u64>,
    chart: Chart,
    by_asset: Vec<Share>,
    funnel: Vec<Share>,
    latest: Vec<Latest>,
    /// Where sums are in dollars because prices are in several currencies.
    is_mixed: bool,
}

async fn page(State(dashboard): State<Dashboard>, place: InShop, uri: Uri) -> Response {
    let mode = mode_of(&uri, &place);
    match look(&dashboard.office, &place, mode).await {
        Ok(page) => html(&page),
        Err(error) => problem::failed(place.visit.t, &error),
    }
}

async fn look(office: &Office, place: &InShop, mode: Mode) -> Result<OverviewPage, OfficeError> {
    let figures = office.figures(place.shop.id, mode).await?;
    let state = office.state(&place.shop).await?;
    let t = place.visit.t;
    let unit = figures.unit;
    let is_mixed = unit.is_none() && figures.now.count > 0;
    let steps = attention::steps(place, state.steps);
    let funnel = figures.funnel;
    let over = funnel
        .paid
        .saturating_add(funnel.underpaid)
        .saturating_add(funnel.expired);
    Ok(OverviewPage {
        frame: place.visit.frame(t.say("nav-overview"), Room::Overview),
        is_test: mode == Mode::Test,
        base: format!("/stores/{}", place.shop.id),
        live_path: place.path("overview?mode=live"),
        test_path: place.path("overview?mode=test"),
        payments_path: match mode {
            Mode::Live => place.path("payments?mode=live"),
            Mode::Test => place.path("payments?mode=test"),
        },
        new_path: place.path("payments/new"),
        may_make: place.visit.may(crate::domain::user::Role::Staff),
        notices: attention::notices(place, &state.attention, &steps),
        steps,
        today: sold(t, &figures.today, &figures),
        now: sold(t, &figures.now, &figures),
        sum_change: change(t, figures.now.sum(unit).minor, figures.before.sum(unit).minor),
        count_change: change(t, figures.now.count, figures.before.count),
        paid_percent: funnel.paid.saturating_mul(100).checked_div(over),
        chart: Chart::of(t, &figures),
        by_asset: by_asset(t, office, &figures),
        funnel: funnel_shares(t, &figures),
        latest: figures
            .latest
            .iter()
            .map(|payment| latest(office, place, payment))
            .collect(),
        is_mixed,
    })
}

fn sold(t: &'static Language, sales: &Sales, figures: &Figures) -> Sold {
    let sum = sales.sum(figures.unit);
    let is_dollars = figures.unit.is_none();
    let dollars = figures
        .unit
        .filter(|unit| *unit != crate::domain::money::Fiat::Usd);
    Sold {
        sum: t.price(sum),
        dollars: dollars
            .filter(|_| sales.valued > 0)
            .map(|_| t.price(sales.sum(None))),
        count: sales.count,
        shown: t.number(&sales.count.to_string()),
        unvalued: if is_dollars { sales.unvalued() } else { 0 },
    }
}

fn change(t: &'static Language, now: u64, before: u64) -> Option<Change> {
    let percent = figures::change_percent(now, before)?;
    let (key, class) = match percent {
        0 => ("overview-change-none", ""),
        1.. => ("overview-change-more", "good"),
        _ => ("overview-change-less", ""),
    };
    let text = t.say_with(key, &[("percent", percent.unsigned_abs().into())]);
    Some(Change { text, class })
}

/// `part` of `whole`, in thousandths; a part that is there can be seen.
fn of_thousand(part: u64, whole: u64) -> u64 {
    let share = u128::from(part)
        .saturating_mul(1000)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    let least = if part > 0 { 4 } else { 0 };
    u64::try_from(share).unwrap_or(1000).max(least)
}

fn by_asset(t: &'static Language, office: &Office, figures: &Figures) -> Vec<Share> {
    let whole = figures.now.sum(figures.unit).minor;
    let share = |(network, currency, sales): &(_, _, Sales)| {
        let sum = sales.sum(figures.unit);
        let label = match office.registry().means(network, currency) {
            Some(means) => format!("{} · {}", means.asset.symbol, means.network.name),
            None => format!("{currency} · {network}"),
        };
        let arguments = [
            ("sum", t.price(sum).into()),
            ("count", sales.count.into()),
            ("shown", t.number(&sales.count.to_string()).into()),
        ];
        Share {
            label,
            value: t.say_with("overview-asset-sold", &arguments),
            width: of_thousand(sum.minor, whole),
            class: "accent",
        }
    };
    figures.by_asset.iter().map(share).collect()
}

fn funnel_shares(t: &'static Language, figures: &Figures) -> Vec<Share> {
    let funnel = figures.funnel;
    let share = |key: &str, count: u64, class| Share {
        label: t.say(key),
        value: t.number(&count.to_string()),
        width: of_thousand(count, funnel.made),
        class,
    };
    let mut shares = vec![
        share("overview-funnel-made", funnel.made, "soft"),
        share("overview-funnel-seen", funnel.seen, "accent"),
        share("overview-funnel-paid", funnel.paid, "good"),
        share("overview-funnel-underpaid", funnel.underpaid, "warn"),
        share("overview-funnel-expired", funnel.expired, "soft"),
    ];
    if funnel.cancelled > 0 {
        shares.push(share("overview-funnel-cancelled", funnel.cancelled, "soft"));
    }
    if funnel.open > 0 {
        shares.push(share("overview-funnel-open", funnel.open, "soft"));
    }
    shares
}

fn latest(office: &Office, place: &InShop, payment: &Payment) -> Latest {
    let t = place.visit.t;
    let means = payment
        .ask
        .as_ref()
        .and_then(|ask| office.registry().means(&ask.network, &ask.currency));
    let order = &payment.order;
    let about = [&order.external_id, &order.description, &order.customer_email];
    let about = about.into_iter().find(|text| !text.is_empty());
    Latest {
        number: payment.number.to_string(),
        href: place.path(&format!("payments/{}", payment.number)),
        about: about
            .map(|text| text.chars().take(80).collect())
            .unwrap_or_default(),
        price: shown::price(t, office.registry(), &payment.price),
        asset: means.map_or_else(String::new, |means| {
            format!("{} · {}", means.asset.symbol, means.network.name)
        }),
        status: t.say(&format!("status-{}", payment.status)),
        badge: shown::tone(payment.status),
        at: t.moment(payment.created_at),
        at_iso: payment.created_at.rfc3339(),
    }
}
