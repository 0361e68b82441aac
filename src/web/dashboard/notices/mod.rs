//! Notifications: how the merchant is told of payments and of trouble. For owners.

mod fields;
#[cfg(test)]
mod tests;

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use self::fields::{Typed, read};
use super::{Dashboard, Flash, Form, Frame, Mistakes, Room, Visit, problem};
use crate::domain::ids::ChannelId;
use crate::domain::notice::{ChannelKind, NoticeState, Topic};
use crate::engine::office::OfficeError;
use crate::engine::office::notices::ChannelView;
use crate::web::text::{self, Language};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/notices", get(list))
        .route("/notices/new/{kind}", get(new).post(add))
        .route("/notices/{channel}", get(one).post(change))
        .route("/notices/{channel}/test", post(test))
        .route("/notices/{channel}/switch", post(switch))
        .route("/notices/{channel}/remove", post(remove))
}

/// A channel in the list.
struct Row {
    id: ChannelId,
    name: String,
    kind: String,
    leads_to: String,
    topics: String,
    store: Option<String>,
    is_on: bool,
    /// What came of the last notice that is not waiting: its time, and the error if there was one.
    last: Option<(String, String, Option<String>)>,
}

impl Row {
    fn of(visit: &Visit, view: &ChannelView) -> Self {
        let (t, channel) = (visit.t, &view.channel);
        let topics: Vec<String> = channel
            .topics
            .iter()
            .map(|topic| t.say(&format!("topic-{topic}")))
            .collect();
        let tried = view
            .latest
            .iter()
            .find(|notice| notice.state != NoticeState::Pending || notice.error.is_some());
        Self {
            id: channel.id,
            name: channel.name.clone(),
            kind: t.say(&format!("channel-{}", channel.kind)),
            leads_to: view.destination.shown(),
            topics: topics.join(", "),
            store: channel.shop.map(|id| {
                let shop = visit.shops.iter().find(|shop| shop.id == id);
                shop.map_or_else(|| id.to_string(), |shop| shop.name.clone())
            }),
            is_on: channel.disabled_at.is_none(),
            last: tried.map(|notice| {
                (
                    notice.made_at.rfc3339(),
                    t.moment(notice.made_at),
                    notice.error.clone(),
                )
            }),
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/notices/list.html")]
struct ListPage {
    frame: Frame,
    channels: Vec<Row>,
    kinds: Vec<(&'static str, String)>,
}

async fn list(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    let t = visit.t;
    let channels = match dashboard.office.channels().await {
        Ok(channels) => channels,
        Err(error) => return problem::failed(t, &error),
    };
    let page = ListPage {
        frame: visit.frame(t.say("nav-notices"), Room::Notices),
        channels: channels.iter().map(|view| Row::of(&visit, view)).collect(),
        kinds: kinds(t),
    };
    html(&page)
}

fn kinds(t: &Language) -> Vec<(&'static str, String)> {
    let kinds = ChannelKind::ALL.iter();
    kinds
        .map(|kind| (kind.word(), t.say(&format!("channel-{kind}"))))
        .collect()
}

/// What came of a test.
enum Tested {
    Arrived,
    Refused(String),
    Waiting,
}

#[derive(Template)]
#[template(path = "dashboard/notices/form.html")]
struct FormPage {
    frame: Frame,
    kind: ChannelKind,
    action: String,
    typed: Typed,
    mistakes: Mistakes,
    topics: Vec<(&'static str, String, bool)>,
    /// Of an existing channel: its row number, whether it is on, and its latest notices.
    existing: Option<Existing>,
    tested: Option<Tested>,
    /// What is said below a secret of an existing channel.
    secret_hint: &'static str,
    /// The key of what to know about this kind.
    hint: &'static str,
    languages: Vec<(&'static str, String)>,
    stores: Vec<(String, String)>,
}

struct Existing {
    id: ChannelId,
    is_on: bool,
    /// Time, time in words, topic, state and error.
    latest: Vec<(String, String, String, NoticeState, Option<String>)>,
}

impl Existing {
    fn of(t: &Language, view: &ChannelView) -> Self {
        let latest = view.latest.iter();
        Self {
            id: view.channel.id,
            is_on: view.channel.disabled_at.is_none(),
            latest: latest
                .map(|notice| {
                    (
                        notice.made_at.rfc3339(),
                        t.moment(notice.made_at),
                        t.say(&format!("topic-{}", notice.topic)),
                        notice.state,
                        notice.error.clone(),
                    )
                })
                .collect(),
        }
    }
}

fn form(
    visit: &Visit,
    kind: ChannelKind,
    typed: Typed,
    mistakes: Mistakes,
    existing: Option<&ChannelView>,
    tested: Option<Tested>,
) -> Response {
    let t = visit.t;
    let topics = Topic::CHOICES.iter();
    let status = mistakes.status();
    let page = FormPage {
        frame: visit.frame(t.say(&format!("channel-{kind}")), Room::Notices),
        kind,
        action: existing.map_or_else(
            || format!("/notices/new/{kind}"),
            |view| format!("/notices/{}", view.channel.id),
        ),
        topics: topics
            .map(|topic| {
                (
                    topic.word(),
                    t.say(&format!("topic-{topic}")),
                    typed.topics.contains(topic),
                )
            })
            .collect(),
        typed,
        mistakes,
        existing: existing.map(|view| Existing::of(t, view)),
        tested,
        hint: match kind {
            ChannelKind::Email => "channel-hint-email",
            ChannelKind::Telegram => "channel-hint-telegram",
            ChannelKind::Ntfy => "channel-hint-ntfy",
            ChannelKind::Webhook => "channel-hint-webhook",
        },
        secret_hint: existing.map_or("", |_| "notices-secret-hint"),
        languages: text::languages()
            .map(|language| (language.code(), language.say("language-name")))
            .collect(),
        stores: visit
            .shops
            .iter()
            .map(|shop| (shop.id.to_string(), shop.name.clone()))
            .collect(),
    };
    html_with(status, &page)
}

async fn new(visit: Visit, Path(kind): Path<String>) -> Response {
    match kind.parse() {
        Ok(kind) => form(
            &visit,
            kind,
            Typed::new(visit.t, kind),
            Mistakes::default(),
            None,
            None,
        ),
        Err(_) => problem::not_found(&visit),
    }
}

async fn add(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(kind): Path<String>,
    posted: Form,
) -> Response {
    let Ok(kind) = kind.parse::<ChannelKind>() else {
        return problem::not_found(&visit);
    };
    let wanted = match read(&visit, kind, &posted, None) {
        Ok(wanted) => wanted,
        Err((typed, mistakes)) => return form(&visit, kind, *typed, mistakes, None, None),
    };
    let Some(destination) = wanted.destination.clone() else {
        return problem::not_found(&visit);
    };
    let by = visit.by(&dashboard.office);
    match dashboard.office.add_channel(by, wanted, destination).await {
        Ok(id) => Flash::new("notices-added", format!("/notices/{id}")).into_response(),
        Err(error) => problem::failed(visit.t, &error),
    }
}

/// The channel of this row number, or the page that says there is none.
async fn found(dashboard: &Dashboard, visit: &Visit, id: &str) -> Result<ChannelView, Box<Response>> {
    let wanted = id.parse().ok().map(ChannelId::new);
    let channels = dashboard.office.channels().await;
    let channels = channels.map_err(|error| Box::new(problem::failed(visit.t, &error)))?;
    let mut channels = channels.into_iter();
    channels
        .find(|view| Some(view.channel.id) == wanted)
        .ok_or_else(|| Box::new(problem::not_found(visit)))
}

async fn one(State(dashboard): State<Dashboard>, visit: Visit, Path(id): Path<String>) -> Response {
    match found(&dashboard, &visit, &id).await {
        Ok(view) => form(
            &visit,
            view.channel.kind,
            Typed::of(&view),
            Mistakes::default(),
            Some(&view),
            None,
        ),
        Err(refusal) => *refusal,
    }
}

async fn change(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Form,
) -> Response {
    let view = match found(&dashboard, &visit, &id).await {
        Ok(view) => view,
        Err(refusal) => return *refusal,
    };
    let wanted = match read(&visit, view.channel.kind, &posted, Some(&view.destination)) {
        Ok(wanted) => wanted,
        Err((typed, mistakes)) => {
            return form(&visit, view.channel.kind, *typed, mistakes, Some(&view), None);
        }
    };
    let by = visit.by(&dashboard.office);
    let path = format!("/notices/{}", view.channel.id);
    answer(
        &visit,
        dashboard.office.change_channel(by, view.channel.id, wanted).await,
        Flash::new("notices-saved", path),
    )
}

async fn test(State(dashboard): State<Dashboard>, visit: Visit, Path(id): Path<String>) -> Response {
    let view = match found(&dashboard, &visit, &id).await {
        Ok(view) => view,
        Err(refusal) => return *refusal,
    };
    let by = visit.by(&dashboard.office);
    let tested = match dashboard.office.test_channel(by, view.channel.id).await {
        Ok(Some(Ok(()))) => Tested::Arrived,
        Ok(Some(Err(error))) => Tested::Refused(error),
        Ok(None) => Tested::Waiting,
        Err(error) => return problem::failed(visit.t, &error),
    };
    // As it stands after the test.
    match found(&dashboard, &visit, &id).await {
        Ok(view) => form(
            &visit,
            view.channel.kind,
            Typed::of(&view),
            Mistakes::default(),
            Some(&view),
            Some(tested),
        ),
        Err(refusal) => *refusal,
    }
}

async fn switch(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Form,
) -> Response {
    let Ok(id) = id.parse().map(ChannelId::new) else {
        return problem::not_found(&visit);
    };
    let is_on = posted.get("on") == "1";
    let by = visit.by(&dashboard.office);
    let key = if is_on {
        "notices-switched-on"
    } else {
        "notices-switched-off"
    };
    answer(
        &visit,
        dashboard.office.switch_channel(by, id, is_on).await,
        Flash::new(key, "/notices"),
    )
}

async fn remove(State(dashboard): State<Dashboard>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse().map(ChannelId::new) else {
        return problem::not_found(&visit);
    };
    let by = visit.by(&dashboard.office);
    answer(
        &visit,
        dashboard.office.remove_channel(by, id).await,
        Flash::new("notices-removed", "/notices"),
    )
}

fn answer(visit: &Visit, done: Result<(), OfficeError>, flash: Flash) -> Response {
    match done {
        Ok(()) => flash.into_response(),
        Err(OfficeError::NotFound) => problem::not_found(visit),
        Err(error) => problem::failed(visit.t, &error),
    }
}
