//! Every route that there is, as the source has it: who may do what there, and whose stores it shows. A route that is added
//! is looked at here by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use axum::http::{Method, StatusCode};

use super::super::fixture::{Guest, House};
use super::super::policy::{self, Needs};
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};

/// What everybody may do in their own name, and what takes nobody.
const OWN_BEGINS: [&str; 3] = ["/account", "/second-factor", "/sign-out"];
const OPEN: [&str; 2] = ["/sign-in", "/setup/{token}"];

/// What somebody may do who is no owner: said here once more, so that no line slips into the policy by mistake.
const DAYS_WORK: [&str; 13] = [
    "/stores/{store}/counter",
    "/stores/{store}/counter/{number}/cancel",
    "/stores/{store}/inbox/{transfer}/attach",
    "/stores/{store}/inbox/{transfer}/dismiss",
    "/stores/{store}/payments/new",
    "/stores/{store}/payments/{number}/accept",
    "/stores/{store}/payments/{number}/cancel",
    "/stores/{store}/payments/{number}/note",
    "/stores/{store}/payments/{number}/replay",
    "/stores/{store}/payments/{number}/simulate",
    "/stores/{store}/webhooks/{endpoint}/deliveries/{delivery}/replay",
    "/stores/{store}/webhooks/{endpoint}/replay",
    "/stores/{store}/webhooks/{endpoint}/test",
];

/// The routes of the source: pattern, and whether they are read and posted to.
pub(super) struct Routes(BTreeMap<String, (bool, bool)>);

impl Routes {
    pub(super) fn of_source() -> Self {
        let mut files = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/dashboard");
        collect(&root, &mut files);
        let all_constants: BTreeMap<String, String> = files.iter().flat_map(|text| constants(text)).collect();
        let mut routes = BTreeMap::new();
        for text in &files {
            let mut known = all_constants.clone();
            known.extend(constants(text));
            for call in text.split(".route(").skip(1) {
                let arguments = within_parentheses(call);
                let (pattern, handlers) = arguments.split_once([',', '\n']).unwrap();
                let pattern = resolved(pattern.trim(), &known);
                let (is_read, is_posted) = (handlers.contains("get("), handlers.contains("post("));
                for method in ["put(", "delete(", "patch(", "any(", "on("] {
                    assert!(!handlers.contains(method), "{pattern}: {handlers}");
                }
                assert!(is_read || is_posted, "{pattern}: {handlers}");
                routes.insert(pattern, (is_read, is_posted));
            }
        }
        assert!(routes.len() > 90, "{}", routes.len());
        Self(routes)
    }

    pub(super) fn read(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(|(_, (is_read, _))| *is_read)
            .map(|(route, _)| &**route)
    }

    pub(super) fn posted(&self) -> impl Iterator<Item = &str> {
        let posted = self.0.iter().filter(|(_, (_, is_posted))| *is_posted);
        posted.map(|(route, _)| &**route)
    }
}

fn collect(directory: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if !path.ends_with("tests/routes.rs") {
            files.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// The constants of a file that are paths.
fn constants(text: &str) -> BTreeMap<String, String> {
    let lines = text
        .lines()
        .filter_map(|line| line.split_once("const ")?.1.split_once(": &str = \""));
    lines
        .filter(|(_, value)| value.starts_with('/'))
        .map(|(name, value)| (name.to_owned(), value.split('"').next().unwrap().to_owned()))
        .collect()
}

fn within_parentheses(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|char| {
        depth += match char {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    text[..end.unwrap()].trim_start()
}

fn resolved(argument: &str, known: &BTreeMap<String, String>) -> String {
    if let Some(name) = argument.strip_prefix("&below(\"") {
        return format!("{}/{}", known["ENDPOINT"], name.trim_end_matches("\")"));
    }
    if let Some(text) = argument.strip_prefix("&format!(\"{") {
        let (name, rest) = text.split_once('}').unwrap();
        return format!("{}{}", known[name], rest.trim_end_matches("\")"));
    }
    match argument.strip_prefix('"') {
        Some(text) => text.trim_end_matches('"').to_owned(),
        None => known[argument].clone(),
    }
}

/// A path of the route, in this store.
pub(super) fn path_of(route: &str, store: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        "{store}" => store,
        "{network}" => "bsc",
        "{number}" => "PAY-2026-000001",
        "{kind}" => "email",
        part if part.starts_with('{') => "1",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn is_own(route: &str) -> bool {
    OWN_BEGINS.iter().any(|own| route.starts_with(own))
}

async fn posted(guest: &mut Guest<'_>, route: &str, store: &str) -> StatusCode {
    guest.post(&path_of(route, store), &[]).await.status
}

#[test]
fn what_takes_no_owner_is_the_days_work_and_what_is_ones_own() {
    let routes = Routes::of_source();
    let of_role = |needed: Needs| -> BTreeSet<&str> {
        let posted = routes.posted();
        posted
            .filter(|route| policy::needs(&Method::POST, route) == needed)
            .collect()
    };
    assert_eq!(of_role(Needs::Role(Role::Staff)), BTreeSet::from(DAYS_WORK));
    assert_eq!(of_role(Needs::Nobody), BTreeSet::from(OPEN));
    assert!(of_role(Needs::Role(Role::ReadOnly)).into_iter().all(is_own));
    for route in policy::named() {
        assert!(routes.0.contains_key(route), "{route} is no route any more");
    }
}

#[tokio::test]
async fn who_may_only_read_changes_nothing_and_staff_nothing_of_an_owners() {
    let routes = Routes::of_source();
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut reader = house.guest("reader", Role::ReadOnly, Shops::All).await;
    let mut staff = house.guest("staff", Role::Staff, Shops::All).await;
    for route in routes
        .posted()
        .filter(|route| !is_own(route) && !OPEN.contains(route))
    {
        assert_eq!(
            posted(&mut reader, route, "1").await,
            StatusCode::FORBIDDEN,
            "{route}"
        );
        let is_refused = posted(&mut staff, route, "1").await == StatusCode::FORBIDDEN;
        assert_eq!(is_refused, !DAYS_WORK.contains(&route), "{route}");
    }
}

#[tokio::test]
async fn of_a_store_that_somebody_does_not_see_no_page_is_there() {
    let routes = Routes::of_source();
    let house = House::new();
    let own = house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let only = Shops::Only(BTreeSet::from([own.id]));
    let mut staff = house.guest("staff", Role::Staff, only).await;
    for store in ["2", "3", "0", "-1", "x", "1x", "%31%20"] {
        for route in routes.read().filter(|route| route.contains("{store}")) {
            let path = path_of(route, store);
            assert_eq!(staff.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for route in routes.posted().filter(|route| route.contains("{store}")) {
            assert_eq!(
                posted(&mut staff, route, store).await,
                StatusCode::NOT_FOUND,
                "{route}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_is_read_by_a_stranger_and_nothing_done_without_the_proof_of_a_form() {
    let routes = Routes::of_source();
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    for route in routes.posted().filter(|route| !OPEN.contains(route)) {
        let path = path_of(route, "1");
        for proofs in [&[][..], &[("csrf", "")], &[("csrf", "0")]] {
            let page = owner.post_with(&path, &[], proofs).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{route}");
        }
        let mut stranger = house.stranger();
        let page = stranger.post(&path, &[]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{route}");
    }
    for route in routes.read().filter(|route| !OPEN.contains(route)) {
        let page = house.stranger().get(&path_of(route, "1")).await;
        assert!(
            page.location().starts_with("/sign-in"),
            "{route}: {}",
            page.status
        );
    }
}
