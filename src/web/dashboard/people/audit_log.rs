//! What was done by hand: by whom, when, to what. A table of it to take away, too.

use crate::web::dashboard::html::html;
use std::collections::VecDeque;

use askama::Template;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

use crate::domain::ids::AuditId;
use crate::engine::office::audit::{AuditEntry, AuditFilter};
use crate::engine::office::csv;
use crate::engine::office::{Office, OfficeError};
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Frame, Room, Visit, problem};

/// Entries on a page, and in a piece of the table.
const PAGE: u32 = 50;
const PIECE: u32 = 1000;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/audit-log", get(page))
        .route("/audit-log/export", get(export))
}

struct Entry {
    at: Moment,
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

/// A word of a list to choose from, and whether it is chosen.
type Choice = (String, bool);

#[derive(Template)]
#[template(path = "dashboard/people/audit-log.html")]
struct LogPage {
    frame: Frame,
    actors: Vec<Choice>,
    actions: Vec<Choice>,
    is_filtered: bool,
    entries: Vec<Entry>,
    /// The query of the page after this one.
    later: Option<String>,
    /// That of the first page, when this is another.
    first: Option<String>,
    export: String,
}

/// What the query asks for: whom, what, before which entry.
fn asked(uri: &Uri) -> (AuditFilter, Option<AuditId>) {
    let mut filter = AuditFilter::default();
    let mut before = None;
    let query = uri.query().unwrap_or_default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = value.trim();
        match &*name {
            "actor" if !value.is_empty() => filter.actor = Some(value.to_owned()),
            "action" if !value.is_empty() => filter.action = Some(value.to_owned()),
            "before" => before = value.parse().ok().map(AuditId::new),
            _ => {}
        }
    }
    (filter, before)
}

fn query_of(filter: &AuditFilter, before: Option<AuditId>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(actor) = &filter.actor {
        query.append_pair("actor", actor);
    }
    if let Some(action) = &filter.action {
        query.append_pair("action", action);
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    query.finish()
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit, uri: Uri) -> Response {
    let (filter, before) = asked(&uri);
    match found(&dashboard, &visit, filter, before).await {
        Ok(page) => html(&page),
        Err(error) => problem::failed(visit.t, &error),
    }
}

async fn found(
    dashboard: &Dashboard,
    visit: &Visit,
    filter: AuditFilter,
    before: Option<AuditId>,
) -> Result<LogPage, OfficeError> {
    let t = visit.t;
    let office = &dashboard.office;
    let words = office.audit_words().await?;
    let newest = AuditId::new(i64::MAX);
    let mut entries = office
        .audit_log(filter.clone(), before.unwrap_or(newest), PAGE.saturating_add(1))
        .await?;
    let is_more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let choices = |words: Vec<String>, chosen: &Option<String>| -> Vec<Choice> {
        words
            .into_iter()
            .map(|word| {
                let is_chosen = chosen.as_ref() == Some(&word);
                (word, is_chosen)
            })
            .collect()
    };
    let last = entries.last().map(|entry| entry.id);
    Ok(LogPage {
        frame: visit.frame(t.say("nav-audit-log"), Room::AuditLog),
        actors: choices(words.actors, &filter.actor),
        actions: choices(words.actions, &filter.action),
        is_filtered: filter != AuditFilter::default(),
        later: last.filter(|_| is_more).map(|last| query_of(&filter, Some(last))),
        first: before.map(|_| query_of(&filter, None)),
        export: query_of(&filter, None),
        entries: entries
            .into_iter()
            .map(|entry| Entry {
                at: Moment::new(t, entry.at),
                actor: entry.actor,
                action: entry.action,
                subject: entry.subject,
                detail: entry.detail,
            })
            .collect(),
    })
}

/// Where a table that is being written stands.
struct Writing {
    office: Office,
    filter: AuditFilter,
    before: AuditId,
    lines: VecDeque<String>,
    is_over: bool,
}

/// `GET /audit-log/export`: all entries as CSV, read and sent piece by piece.
async fn export(State(dashboard): State<Dashboard>, uri: Uri) -> Response {
    let (filter, _) = asked(&uri);
    let writing = Writing {
        office: dashboard.office.clone(),
        filter,
        before: AuditId::new(i64::MAX),
        lines: VecDeque::from(["at,actor,action,subject,detail\r\n".to_owned()]),
        is_over: false,
    };
    let pieces = stream::try_unfold(writing, |mut writing| async move {
        if let Some(lines) = writing.lines.pop_front() {
            return Ok(Some((Bytes::from(lines), writing)));
        }
        if writing.is_over {
            return Ok(None);
        }
        let entries = writing
            .office
            .audit_log(writing.filter.clone(), writing.before, PIECE)
            .await?;
        let Some(last) = entries.last() else {
            return Ok(None);
        };
        writing.is_over = entries.len() < PIECE as usize;
        writing.before = last.id;
        let lines: String = entries.iter().map(line).collect();
        Ok::<_, OfficeError>(Some((Bytes::from(lines), writing)))
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"payd-audit-log.csv\""),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

fn line(entry: &AuditEntry) -> String {
    let foreign = [&entry.actor, &entry.action, &entry.subject, &entry.detail].map(|cell| csv::defused(cell));
    csv::line(std::iter::once(entry.at.rfc3339()).chain(foreign))
}
