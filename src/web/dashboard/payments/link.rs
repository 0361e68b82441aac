//! The link to a payment's checkout, as a code to scan, to copy, to share, and to print as an invoice.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::shown::Row;
use super::story::{checkout_url, find};
use crate::web::checkout::qr;
use crate::web::dashboard::{Dashboard, Frame, InShop, Room};

#[derive(Template)]
#[template(path = "dashboard/payments/link.html")]
struct LinkPage {
    frame: Frame,
    base: String,
    shop: String,
    row: Row,
    description: String,
    email: String,
    expires: String,
    expires_iso: String,
    checkout: String,
    qr: String,
}

pub(super) async fn page(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    let story = match find(&dashboard, &place, &number).await {
        Ok(story) => story,
        Err(refusal) => return *refusal,
    };
    let t = place.visit.t;
    let payment = &story.payment;
    let base = format!("/stores/{}", place.shop.id);
    let checkout = checkout_url(&dashboard, payment);
    let page = LinkPage {
        frame: place.visit.frame(t.say("payments-link-title"), Room::Payments),
        shop: place.shop.name.clone(),
        row: Row::new(t, dashboard.office.registry(), &base, payment),
        description: payment.order.description.clone(),
        email: payment.order.customer_email.clone(),
        expires: t.moment(payment.expires_at),
        expires_iso: payment.expires_at.rfc3339(),
        qr: qr::svg(&checkout).unwrap_or_default(),
        checkout,
        base,
    };
    html(&page)
}
