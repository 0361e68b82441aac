//! One transfer of the inbox: attach it to a payment, or dismiss it.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::payments::shown::{price, tone};
use super::super::{Dashboard, Form, Frame, InShop, Mistakes, Room, flash::Flash, problem};
use super::{Shown, shown, words};
use crate::domain::ids::TransferId;
use crate::domain::transfer::Judgement;
use crate::domain::user::Role;
use crate::engine::inbox::InboxError;
use crate::engine::office::OfficeError;
use crate::engine::office::inbox::Letter;

/// A payment that the transfer could count for.
struct Proposal {
    number: String,
    about: String,
    price: String,
    /// What it still lacks, in its asset.
    lacks: String,
    status: String,
    badge: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "dashboard/inbox/letter.html")]
struct LetterPage {
    frame: Frame,
    back: String,
    shown: Shown,
    /// Whether anything can be done about it, and the reader may.
    may_act: bool,
    may_dismiss: bool,
    proposals: Vec<Proposal>,
    /// What was typed.
    other: String,
    is_other: bool,
    attach_reason: String,
    dismiss_reason: String,
    attach_mistakes: Mistakes,
    dismiss_mistakes: Mistakes,
}

/// What was typed, and what was wrong with it.
#[derive(Default)]
struct Typed {
    payment: String,
    other: String,
    attach_reason: String,
    dismiss_reason: String,
    attach_mistakes: Mistakes,
    dismiss_mistakes: Mistakes,
}

fn id_of(path: &(String, String)) -> TransferId {
    // What is no number is no transfer's.
    TransferId::new(path.1.parse().unwrap_or(0))
}

pub(super) async fn page(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path(path): Path<(String, String)>,
) -> Response {
    render(&dashboard, &place, id_of(&path), Typed::default()).await
}

async fn render(dashboard: &Dashboard, place: &InShop, id: TransferId, typed: Typed) -> Response {
    let letter = match dashboard.office.letter(place.shop.id, id).await {
        Ok(letter) => letter,
        Err(OfficeError::NotFound) => return problem::not_found(&place.visit),
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let is_mistaken = !typed.attach_mistakes.is_empty() || !typed.dismiss_mistakes.is_empty();
    let status = if is_mistaken {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = letter_page(dashboard, place, letter, typed);
    html_with(status, &page)
}

fn letter_page(dashboard: &Dashboard, place: &InShop, letter: Letter, typed: Typed) -> LetterPage {
    let office = &dashboard.office;
    let t = place.visit.t;
    let entry = &letter.entry;
    let is_open = entry.transfer.judgement != Judgement::Counted && !entry.transfer.orphaned;
    let may = place.visit.may(Role::Staff);
    // The first is the obvious one, unless another was typed.
    let chosen = if typed.payment.is_empty() && typed.other.is_empty() {
        letter.proposed.first().map(|payment| payment.number.to_string())
    } else {
        Some(typed.payment.clone())
    };
    let proposals: Vec<Proposal> = letter
        .proposed
        .iter()
        .map(|payment| {
            let number = payment.number.to_string();
            let order = &payment.order;
            let about = [&order.external_id, &order.description, &order.customer_email];
            let about = about.into_iter().find(|text| !text.is_empty());
            let lacks = payment.ask.as_ref().and_then(|ask| {
                let asset = office.registry().asset(&ask.network, &ask.currency)?;
                let lacks = ask.due.saturating_sub(payment.progress.seen);
                Some(format!("{}\u{a0}{}", asset.show(lacks), asset.symbol))
            });
            Proposal {
                about: about
                    .map(|text| text.chars().take(80).collect())
                    .unwrap_or_default(),
                price: price(t, office.registry(), &payment.price),
                lacks: lacks.unwrap_or_default(),
                status: t.say(&format!("status-{}", payment.status)),
                badge: tone(payment.status),
                is_chosen: chosen.as_ref() == Some(&number),
                number,
            }
        })
        .collect();
    LetterPage {
        frame: place.visit.frame(t.say("inbox-letter-title"), Room::Inbox),
        back: place.path("inbox"),
        shown: shown(office, place, entry, letter.usd_cents),
        may_act: may && is_open,
        may_dismiss: may && is_open && entry.handled.is_none(),
        is_other: proposals.iter().all(|proposal| !proposal.is_chosen),
        proposals,
        other: typed.other,
        attach_reason: typed.attach_reason,
        dismiss_reason: typed.dismiss_reason,
        attach_mistakes: typed.attach_mistakes,
        dismiss_mistakes: typed.dismiss_mistakes,
    }
}

pub(super) async fn attach(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path(path): Path<(String, String)>,
    form: Form,
) -> Response {
    let (office, id) = (&dashboard.office, id_of(&path));
    let (payment, other, reason) = (form.get("payment"), form.get("other"), form.get("reason"));
    let named = if payment.is_empty() { other } else { payment };
    let by = place.visit.by(office);
    match office.attach(&by, place.shop.id, id, named, reason).await {
        Ok(_) => Flash::new("inbox-attached", place.path("inbox")).into_response(),
        Err(error) => {
            let mistakes = match wrong(&place, error) {
                Ok(mistakes) => mistakes,
                Err(response) => return *response,
            };
            let typed = Typed {
                payment: payment.to_owned(),
                other: other.to_owned(),
                attach_reason: reason.to_owned(),
                attach_mistakes: mistakes,
                ..Typed::default()
            };
            render(&dashboard, &place, id, typed).await
        }
    }
}

pub(super) async fn dismiss(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path(path): Path<(String, String)>,
    form: Form,
) -> Response {
    let (office, id) = (&dashboard.office, id_of(&path));
    let reason = form.get("reason");
    let by = place.visit.by(office);
    match office.dismiss(&by, place.shop.id, id, reason).await {
        Ok(_) => Flash::new("inbox-dismissed", place.path("inbox")).into_response(),
        Err(error) => {
            let mistakes = match wrong(&place, error) {
                Ok(mistakes) => mistakes,
                Err(response) => return *response,
            };
            let typed = Typed {
                dismiss_reason: reason.to_owned(),
                dismiss_mistakes: mistakes,
                ..Typed::default()
            };
            render(&dashboard, &place, id, typed).await
        }
    }
}

/// What was wrong with the form, or the page that says that it was not the form.
fn wrong(place: &InShop, error: InboxError) -> Result<Mistakes, Box<Response>> {
    match words::mistake(place.visit.t, &error) {
        Some((field, text)) => Ok(Mistakes::one(field, text)),
        None if matches!(error, InboxError::NotFound { .. }) => {
            Err(Box::new(problem::not_found(&place.visit)))
        }
        None => Err(Box::new(problem::failed(place.visit.t, &error))),
    }
}
