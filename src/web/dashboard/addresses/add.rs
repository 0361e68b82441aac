//! Adding addresses to a pool: pasted or from a file, checked line by line while they are typed.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::words;
use super::{network_of, path};
use crate::domain::network::{Mode, Network};
use crate::engine::office::OfficeError;
use crate::engine::office::addresses::AddError;
use crate::engine::office::receivers::{ListCheck, without_secrets};
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::web::text::Language;

/// Lines that are shown of what is wrong, and of what is good.
const SHOWN_MAX: usize = 100;

struct Line {
    number: usize,
    text: String,
    /// What is wrong; empty when nothing is.
    fault: String,
    is_proved: bool,
}

/// What a list comes to.
struct Findings {
    t: &'static Language,
    given: usize,
    good: usize,
    has_secret: bool,
    lines: Vec<Line>,
    /// How many lines are not shown.
    hidden: usize,
}

impl Findings {
    fn of(t: &'static Language, check: &ListCheck) -> Self {
        let faults = check.refusals.iter().map(|refusal| Line {
            number: refusal.entry.place.number(),
            text: refusal.entry.text.chars().take(100).collect(),
            fault: words::reason(t, &refusal.reason),
            is_proved: false,
        });
        let good = check.good.iter().map(|line| Line {
            number: line.place.number(),
            text: line.address.clone(),
            fault: String::new(),
            is_proved: line.is_proved,
        });
        let lines: Vec<Line> = faults.chain(good).take(SHOWN_MAX).collect();
        Self {
            t,
            given: check.given(),
            good: check.good.len(),
            has_secret: check.has_secret(),
            hidden: check.given().saturating_sub(lines.len()),
            lines,
        }
    }

    fn bad(&self) -> usize {
        self.given.saturating_sub(self.good)
    }

    fn summary(&self) -> String {
        self.t.say_with(
            "addresses-findings",
            &[("good", self.good.into()), ("bad", self.bad().into())],
        )
    }

    fn hidden_text(&self) -> String {
        self.t
            .say_with("addresses-findings-hidden", &[("count", self.hidden.into())])
    }
}

#[derive(Template)]
#[template(path = "dashboard/addresses/findings.html")]
struct FindingsPart {
    findings: Findings,
}

#[derive(Template)]
#[template(path = "dashboard/addresses/add.html")]
struct AddPage {
    frame: Frame,
    here: String,
    check: String,
    back: String,
    name: String,
    typed: String,
    findings: Option<Findings>,
    mistakes: Mistakes,
}

fn render(
    place: &InShop,
    network: &Network,
    status: StatusCode,
    typed: String,
    findings: Option<Findings>,
    mistakes: Mistakes,
) -> Response {
    let t = place.visit.t;
    let name = network.name.to_string();
    let title = t.say_with("addresses-add-title", &[("network", name.as_str().into())]);
    let page = AddPage {
        frame: place.visit.frame(title, Room::Addresses),
        here: path(place, network, "/add"),
        check: path(place, network, "/check"),
        back: path(place, network, ""),
        name,
        typed,
        findings: findings.filter(|findings| findings.given > 0),
        mistakes,
    };
    html_with(status, &page)
}

/// The live network of the path: simulated ones make their own addresses.
fn pool_network(d: &Dashboard, place: &InShop, word: &str) -> Result<std::sync::Arc<Network>, Box<Response>> {
    let network = network_of(d, place, word)?;
    if network.mode == Mode::Live {
        Ok(network)
    } else {
        Err(Box::new(problem::not_found(&place.visit)))
    }
}

pub(super) async fn page(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word)): Path<(String, String)>,
) -> Response {
    match pool_network(&d, &place, &word) {
        Ok(network) => render(
            &place,
            &network,
            StatusCode::OK,
            String::new(),
            None,
            Mistakes::default(),
        ),
        Err(response) => *response,
    }
}

/// What the list that is being typed comes to, as a part of the page.
pub(super) async fn check(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word)): Path<(String, String)>,
    form: Form,
) -> Response {
    let checked = d
        .office
        .check_addresses(&place.shop, &word, form.raw("addresses"));
    match checked.await {
        Ok(check) => {
            let findings = Findings::of(place.visit.t, &check);
            html(&FindingsPart { findings })
        }
        Err(OfficeError::NotFound) => problem::not_found(&place.visit),
        Err(error) => problem::failed(place.visit.t, &error),
    }
}

pub(super) async fn add(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word)): Path<(String, String)>,
    again: Again,
    form: Form,
) -> Response {
    let network = match pool_network(&d, &place, &word) {
        Ok(network) => network,
        Err(response) => return *response,
    };
    let (t, typed) = (place.visit.t, form.raw("addresses"));
    let check = match d.office.check_addresses(&place.shop, &word, typed).await {
        Ok(check) => check,
        Err(error) => return problem::failed(t, &error),
    };
    let only_good = form.has("only_good");
    let shown = without_secrets(typed, &check);
    let refuse = |status, mistakes| {
        let findings = Some(Findings::of(t, &check));
        render(&place, &network, status, shown.clone(), findings, mistakes)
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if check.given() == 0 {
        return refuse(
            unprocessable,
            Mistakes::one("addresses", t.say("addresses-none-given")),
        );
    }
    if check.good.is_empty() || (!check.refusals.is_empty() && !only_good) {
        return refuse(
            unprocessable,
            Mistakes::one("addresses", t.say("addresses-lines-wrong")),
        );
    }
    if let Err(refused) = again.check(&d, &place.visit, &form).await {
        return refuse(refused.status, Mistakes::one("again", refused.text));
    }
    let by = place.visit.by(&d.office);
    let added = d
        .office
        .add_addresses(by, place.shop.clone(), &word, typed, only_good);
    match added.await {
        Ok(_) => Flash::new("addresses-added", path(&place, &network, "")).into_response(),
        // Somebody else added one meanwhile: what is wrong is found anew.
        Err(AddError::Refused(_) | AddError::None | AddError::TooMany | AddError::NoNetwork) => refuse(
            unprocessable,
            Mistakes::one("addresses", t.say("addresses-lines-wrong")),
        ),
        Err(AddError::Store(error)) => problem::failed(t, &error),
    }
}
