//! What this payd is, where it lies, and whose work is in it.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::domain::user::Role;
use crate::web::assets;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Frame, Room, Visit, problem};
use crate::web::text::Language;

/// The licences of all packages: a line for each licence, a colon, the packages' names.
const LICENCES: &str = "dashboard/licences.json";

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/about", get(page))
}

/// A licence and the packages under it.
struct Licence {
    name: String,
    packages: String,
}

#[derive(Template)]
#[template(path = "dashboard/people/about.html")]
struct AboutPage {
    frame: Frame,
    version: &'static str,
    target: &'static str,
    rust: &'static str,
    licence: &'static str,
    schema: String,
    size: String,
    started: Moment,
    running: String,
    /// For owners: where the files are, and where payd listens.
    place: Option<(String, Vec<(String, String)>)>,
    licences: Vec<Licence>,
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    let t = visit.t;
    let files = match dashboard.office.files().await {
        Ok(files) => files,
        Err(error) => return problem::failed(t, &error),
    };
    let running = &dashboard.settings.running;
    let listens = running.listens.iter().map(|(what, at)| (t.say(what), at.clone()));
    let place = (files.directory.display().to_string(), listens.collect());
    let page = AboutPage {
        frame: visit.frame(t.say("nav-about"), Room::About),
        version: env!("CARGO_PKG_VERSION"),
        target: env!("PAYD_TARGET"),
        rust: env!("PAYD_RUSTC"),
        licence: env!("CARGO_PKG_LICENSE"),
        schema: t.say_with("about-schema", &[("version", files.schema_version.into())]),
        size: bytes_text(t, files.bytes),
        started: Moment::new(t, running.started_at),
        running: running_text(t, dashboard.office.now().since(running.started_at).as_secs()),
        place: visit.may(Role::Owner).then_some(place),
        licences: licences(),
    };
    html(&page)
}

fn running_text(t: &'static Language, seconds: u64) -> String {
    let (key, count) = match seconds {
        0..7200 => ("about-minutes", seconds / 60),
        7200..172_800 => ("about-hours", seconds / 3600),
        _ => ("about-days", seconds / 86_400),
    };
    t.say_with(key, &[("count", count.into())])
}

/// A size as people read it: tenths of the unit that fits.
pub(super) fn bytes_text(t: &'static Language, bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = UNITS.iter().find(|(shift, _)| bytes >> shift > 0);
    let Some((shift, unit)) = unit else {
        return format!("{bytes} B");
    };
    let tenths = bytes.saturating_mul(10) >> shift;
    let text = t.number(&format!("{}.{}", tenths / 10, tenths % 10));
    format!("{text}\u{a0}{unit}")
}

fn licences() -> Vec<Licence> {
    let text = assets::text(LICENCES).unwrap_or_default();
    let read: Vec<(String, Vec<String>)> = serde_json::from_str(&text).unwrap_or_default();
    read.into_iter()
        .map(|(name, packages)| Licence {
            name,
            packages: packages.join(", "),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_the_unit_that_fits() {
        let t = crate::web::text::named("en").unwrap();
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5\u{a0}KiB"),
            (20_971_520, "20.0\u{a0}MiB"),
            (3 << 30, "3.0\u{a0}GiB"),
            (5 << 50, "5242880.0\u{a0}GiB"),
        ] {
            assert_eq!(bytes_text(t, bytes).replace(',', ""), text);
        }
    }

    #[test]
    fn every_package_of_the_lock_file_is_in_the_list_of_licences() {
        let lock = include_str!("../../../../Cargo.lock");
        let locked = lock.lines().filter_map(|line| line.strip_prefix("name = \""));
        let mut locked: Vec<&str> = locked.map(|name| name.trim_end_matches('"')).collect();
        locked.dedup();
        let text = assets::text(LICENCES).unwrap();
        let listed: Vec<(String, Vec<String>)> = serde_json::from_str(&text).unwrap();
        let listed: Vec<&str> = listed
            .iter()
            .flat_map(|(_, packages)| packages.iter().map(String::as_str))
            .collect();
        let missing: Vec<&&str> = locked
            .iter()
            .filter(|name| **name != "payd" && !listed.contains(name))
            .collect();
        assert!(missing.is_empty(), "run tests/licences: {missing:?}");
        let gone: Vec<&&str> = listed.iter().filter(|name| !locked.contains(name)).collect();
        assert!(gone.is_empty(), "run tests/licences: {gone:?}");
    }
}
