//! The page on which a network is switched on, changed or switched off.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::OfNetwork;
use super::choice::Choice;
use crate::engine::office::networks::{
    NetworkChange, NetworkError, NetworkSource, NetworkState, ProviderProbe,
};
use crate::web::dashboard::again::Again;
use crate::web::dashboard::{Dashboard, Form, Frame, Mistakes, Room, Visit, problem};
use crate::web::text::Language;

#[derive(Template)]
#[template(path = "dashboard/nodes/network.html")]
struct NetworkPage {
    frame: Frame,
    style: String,
    name: String,
    href: String,
    is_live: bool,
    choice: Choice,
    kinds: Vec<&'static str>,
    mistakes: Mistakes,
    /// Whether the providers were asked, and one may go on although not all of them answered well.
    was_probed: bool,
    may_go_on: bool,
    limit: u32,
}

impl NetworkPage {
    fn found(&self, probe: &ProviderProbe) -> Found {
        found(self.frame.t, &self.name, probe)
    }
}

/// What was learnt of a provider, in words.
struct Found {
    class: &'static str,
    lines: Vec<String>,
}

fn found(t: &Language, network: &str, probe: &ProviderProbe) -> Found {
    let mut lines = Vec::new();
    if let Some(other) = &probe.other_network {
        let arguments = [
            ("served", other.clone().into()),
            ("network", network.to_owned().into()),
        ];
        lines.push(t.say_with("nodes-probe-other", &arguments));
    } else if !probe.is_usable() {
        lines.push(t.say_with("nodes-probe-fault", &[("reason", probe.faults.join("; ").into())]));
    } else {
        let ms = probe.latency.map_or(0, |latency| latency.as_millis());
        let arguments = [
            (
                "height",
                t.number(&probe.height.unwrap_or_default().to_string()).into(),
            ),
            ("ms", u64::try_from(ms).unwrap_or(u64::MAX).into()),
        ];
        lines.push(t.say_with("nodes-probe-good", &arguments));
    }
    // Of a node of another network no more is of interest.
    if probe.other_network.is_none() {
        lines.extend(probe.remarks.iter().cloned());
    }
    let class = match (probe.is_usable(), probe.remarks.is_empty()) {
        (false, _) => "bad",
        (true, false) => "warn",
        (true, true) => "good",
    };
    Found { class, lines }
}

/// The page, with what is said of the choice.
fn render(visit: &Visit, state: &NetworkState, choice: Choice, told: Told) -> Response {
    let name = state.network.name.to_string();
    let title = if state.is_live {
        "nodes-change-title"
    } else {
        "nodes-on-title"
    };
    let title = visit.t.say_with(title, &[("network", name.clone().into())]);
    let frame = visit.frame(title, Room::Nodes);
    let page = NetworkPage {
        style: frame.asset("nodes.css"),
        frame,
        href: format!("/nodes/networks/{}", state.network.slug),
        name,
        is_live: state.is_live,
        choice,
        kinds: state.kinds.clone(),
        mistakes: told.mistakes,
        was_probed: told.was_probed,
        may_go_on: told.may_go_on,
        limit: state.network.final_depth.saturating_sub(1),
    };
    html_with(page.mistakes.status(), &page)
}

#[derive(Default)]
struct Told {
    mistakes: Mistakes,
    was_probed: bool,
    may_go_on: bool,
}

/// A network that can be changed here, or the page that says why not.
fn changeable(dashboard: &Dashboard, visit: &Visit, slug: &str) -> Result<NetworkState, Box<Response>> {
    match dashboard.office.network_state(slug) {
        None => Err(Box::new(problem::not_found(visit))),
        // The page of all networks says who has set it.
        Some(state) if state.source == NetworkSource::File => {
            Err(Box::new(Redirect::to("/nodes").into_response()))
        }
        Some(state) => Ok(state),
    }
}

pub(super) async fn page(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(slug): OfNetwork,
) -> Response {
    match changeable(&dashboard, &visit, &slug) {
        Ok(state) => render(&visit, &state, Choice::of(&state), Told::default()).into_response(),
        Err(refusal) => *refusal,
    }
}

/// Tries the chosen providers out; and unless that was all that was wanted, and they are good, has them asked from now on.
pub(super) async fn posted(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(slug): OfNetwork,
    again: Again,
    form: Form,
) -> Response {
    let state = match changeable(&dashboard, &visit, &slug) {
        Ok(state) => state,
        Err(refusal) => return *refusal,
    };
    let mut choice = Choice::read(&state, &form);
    let office = &dashboard.office;
    let providers = choice.providers();
    if providers.is_empty() {
        let told = Told {
            mistakes: Mistakes::one("providers", visit.t.say("nodes-no-providers")),
            ..Told::default()
        };
        return render(&visit, &state, choice, told);
    }
    let probes = match office.probe_providers(&slug, &providers).await {
        Ok(probes) => probes,
        Err(error) => return problem::failed(visit.t, &error),
    };
    let is_wrong = probes.iter().any(|probe| probe.other_network.is_some());
    let is_good = probes.iter().all(ProviderProbe::is_usable);
    let goes_on = is_good || (form.has("anyway") && !is_wrong);
    choice.note(probes);
    let mut told = Told {
        was_probed: true,
        may_go_on: !is_good && !is_wrong,
        mistakes: Mistakes::default(),
    };
    if form.get("do") == "test" {
        return render(&visit, &state, choice, told);
    }
    if !goes_on {
        told.mistakes.add("providers", visit.t.say("nodes-not-good"));
        return render(&visit, &state, choice, told);
    }
    // Whom payd asks decides what it believes of money.
    if let Err(doubt) = again.check(&dashboard, &visit, &form).await {
        told.mistakes.add("again", doubt.text.clone());
        return doubt.on(render(&visit, &state, choice, told));
    }
    let run = office.run();
    match office
        .set_networks(visit.by(office), vec![choice.change(&state)])
        .await
    {
        Ok(()) => Redirect::to(&format!("/nodes/applying?run={run}")).into_response(),
        Err(error) => match mistake(visit.t, &choice, &error, &state) {
            Some((field, text)) => {
                told.mistakes.add(field, text);
                render(&visit, &state, choice, told)
            }
            None => problem::failed(visit.t, &error),
        },
    }
}

/// Which field is wrong, and how; `None` where it is not the merchant's mistake.
fn mistake(
    t: &Language,
    choice: &Choice,
    error: &NetworkError,
    state: &NetworkState,
) -> Option<(&'static str, String)> {
    let said = |reason: &str| t.say_with("nodes-refused", &[("reason", reason.to_owned().into())]);
    match error {
        NetworkError::NoProviders(_) => Some(("providers", t.say("nodes-no-providers"))),
        NetworkError::Provider { number, reason } => {
            let field = choice.field_of(number.saturating_sub(1)).unwrap_or("providers");
            Some((field, said(reason)))
        }
        NetworkError::Confirmations(_) => {
            let limit = state.network.final_depth.saturating_sub(1);
            let text = t.say_with("nodes-confirmations-wrong", &[("limit", limit.into())]);
            Some(("confirmations", text))
        }
        NetworkError::Refused(reason) => Some(("providers", said(reason))),
        NetworkError::SetInFile(_) | NetworkError::Token { .. } => {
            Some(("providers", said(&error.to_string())))
        }
        NetworkError::Store(_)
        | NetworkError::Unknown(_)
        | NetworkError::Unwritten(_)
        | NetworkError::Overtaken
        | NetworkError::Unavailable => None,
    }
}

#[derive(Template)]
#[template(path = "dashboard/nodes/off.html")]
struct OffPage {
    frame: Frame,
    name: String,
    href: String,
    open: u32,
}

pub(super) async fn off_page(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(slug): OfNetwork,
) -> Response {
    let state = match changeable(&dashboard, &visit, &slug) {
        Ok(state) => state,
        Err(refusal) => return *refusal,
    };
    let views = match dashboard.office.network_views().await {
        Ok(views) => views,
        Err(error) => return problem::failed(visit.t, &error),
    };
    let view = views
        .iter()
        .find(|view| view.state.network.id == state.network.id);
    let name = state.network.name.to_string();
    let title = visit
        .t
        .say_with("nodes-off-title", &[("network", name.clone().into())]);
    let page = OffPage {
        frame: visit.frame(title, Room::Nodes),
        href: format!("/nodes/networks/{slug}"),
        open: view.map_or(0, |view| view.open),
        name,
    };
    html(&page)
}

pub(super) async fn off(State(dashboard): State<Dashboard>, visit: Visit, Path(slug): OfNetwork) -> Response {
    let state = match changeable(&dashboard, &visit, &slug) {
        Ok(state) => state,
        Err(refusal) => return *refusal,
    };
    let office = &dashboard.office;
    let run = office.run();
    let change = NetworkChange::Off {
        network: state.network.slug.to_string(),
    };
    match office.set_networks(visit.by(office), vec![change]).await {
        Ok(()) => Redirect::to(&format!("/nodes/applying?run={run}")).into_response(),
        Err(error) => problem::failed(visit.t, &error),
    }
}
