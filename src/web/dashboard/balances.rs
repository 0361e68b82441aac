//! What a store's payments have received of each asset, real money and that of test payments apart.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::overview::mode_of;
use super::{Dashboard, Frame, InShop, Room, problem};
use crate::domain::money::BaseUnits;
use crate::domain::network::Mode;
use crate::engine::office::balances::{Balance, Balances};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/balances", get(page))
        .route("/stores/{store}/balances.csv", get(csv))
}

/// What was received of an asset, as the page shows it.
struct Row {
    symbol: String,
    network: String,
    settled: String,
    pending: Option<String>,
    held: Option<String>,
    worth: Option<String>,
}

#[derive(Template)]
#[template(path = "dashboard/balances/page.html")]
struct BalancesPage {
    frame: Frame,
    is_test: bool,
    live_path: String,
    test_path: String,
    csv_path: String,
    rows: Vec<Row>,
    worth: Option<String>,
    /// Some asset has no rate, so that the sum is of the others.
    is_short: bool,
    has_held: bool,
}

async fn page(State(dashboard): State<Dashboard>, place: InShop, uri: Uri) -> Response {
    let mode = mode_of(&uri, &place);
    let t = place.visit.t;
    let balances = match dashboard.office.balances(place.shop.id, mode).await {
        Ok(balances) => balances,
        Err(error) => return problem::failed(t, &error),
    };
    let shown = |balance: &Balance, amount: BaseUnits| {
        let symbol = &balance.asset.symbol;
        format!("{}\u{a0}{symbol}", t.number(&short(balance, amount)))
    };
    let page = BalancesPage {
        frame: place.visit.frame(t.say("nav-balances"), Room::Balances),
        is_test: mode == Mode::Test,
        live_path: place.path("balances?mode=live"),
        test_path: place.path("balances?mode=test"),
        csv_path: place.path(&format!("balances.csv?mode={mode}")),
        rows: balances
            .all
            .iter()
            .map(|balance| Row {
                symbol: balance.asset.symbol.to_string(),
                network: balance.network.name.to_string(),
                settled: shown(balance, balance.settled),
                pending: (!balance.pending.is_zero()).then(|| shown(balance, balance.pending)),
                held: balance.held.map(|held| shown(balance, held)),
                worth: balance.worth.map(|worth| t.price(worth)),
            })
            .collect(),
        worth: balances.worth().map(|worth| t.price(worth)),
        is_short: balances.all.iter().any(|balance| balance.worth.is_none()),
        has_held: balances.all.iter().any(|balance| balance.held.is_some()),
    };
    html(&page)
}

/// With two digits after the point where that says all of it.
fn short(balance: &Balance, amount: BaseUnits) -> String {
    amount.to_decimal(balance.asset.decimals, 2)
}

async fn csv(State(dashboard): State<Dashboard>, place: InShop, uri: Uri) -> Response {
    let mode = mode_of(&uri, &place);
    match dashboard.office.balances(place.shop.id, mode).await {
        Ok(balances) => {
            let name = format!("attachment; filename=\"balances-{}-{mode}.csv\"", place.shop.id);
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (CONTENT_DISPOSITION, name),
            ];
            (headers, table(&balances)).into_response()
        }
        Err(error) => problem::failed(place.visit.t, &error),
    }
}

/// Amounts whole, as the chain has them; nothing in it comes from shops or customers, so that nothing has to be quoted.
fn table(balances: &Balances) -> String {
    let mut text = "network,asset,settled,pending,held_on_chain,worth,worth_currency\r\n".to_owned();
    for balance in &balances.all {
        let amount = |amount: BaseUnits| amount.to_decimal(balance.asset.decimals, 0);
        let worth = balance.worth;
        let cells = [
            balance.network.id.to_string(),
            balance.asset.symbol.to_string(),
            amount(balance.settled),
            amount(balance.pending),
            balance.held.map(amount).unwrap_or_default(),
            worth.map(|worth| worth.amount()).unwrap_or_default(),
            worth.map(|worth| worth.currency.to_string()).unwrap_or_default(),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests;
