//! The documentation, for somebody signed in: with a test key of the store in its programs. Keys are kept as hashes, so one is
//! made for it; the browser keeps it for an hour.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use super::guard::cookie;
use super::{Dashboard, Form, Frame, Room, Visit, problem};
use crate::domain::allowed::AllowedNetworks;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, Shop};
use crate::engine::office::keys::NewKey;
use crate::web::api::description;
use crate::web::docs::{self, Choice, DocsContext};

const ROOT: &str = "/docs";

/// Holds the store's row number, the key and its secret.
const COOKIE: &str = "payd_docs_key";

/// Seconds for which a browser keeps the key.
const AGE_MAX_S: u32 = 60 * 60;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/docs", get(page))
        .route("/docs/", get(overview))
        .route("/docs/key", post(make_key))
        .route("/docs/{api}/", get(dialect))
        .route("/docs/{api}/openapi.json", get(descriptions))
}

#[derive(Template)]
#[template(path = "dashboard/docs/page.html")]
struct DocsPage {
    frame: Frame,
    /// Each API by its word and its name.
    apis: Vec<(&'static str, String)>,
    /// Row number and name of each store, and whether it is the one whose key is filled in.
    stores: Vec<(String, String, bool)>,
    is_owner: bool,
}

async fn page(visit: Visit, headers: HeaderMap) -> Response {
    let t = visit.t;
    let kept = Kept::of(&visit, &headers);
    let is_kept = |shop: &Shop| kept.as_ref().is_some_and(|kept| kept.shop.id == shop.id);
    let shops = visit.shops.iter();
    let page = DocsPage {
        apis: Dialect::ALL
            .iter()
            .map(|dialect| (dialect.word(), t.say(&format!("dialect-{dialect}"))))
            .collect(),
        stores: shops
            .map(|shop| (shop.id.to_string(), shop.name.clone(), is_kept(shop)))
            .collect(),
        is_owner: visit.is_owner(),
        frame: visit.frame(t.say("nav-docs"), Room::Docs),
    };
    html(&page)
}

/// The key that the browser keeps, of a store that its user sees.
struct Kept {
    shop: Shop,
    key: String,
    secret: String,
}

impl Kept {
    fn of(visit: &Visit, headers: &HeaderMap) -> Option<Self> {
        let mut parts = cookie(headers, COOKIE)?.split('.');
        let (shop, key, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let is_key = |text: &str| {
            text.len() <= 160
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let shop = visit.shops.iter().find(|own| own.id.to_string() == shop)?;
        (is_key(key) && is_key(secret)).then(|| Self {
            shop: shop.clone(),
            key: key.to_owned(),
            secret: secret.to_owned(),
        })
    }
}

fn context(dashboard: &Dashboard, visit: &Visit, headers: &HeaderMap) -> DocsContext {
    let base_url = dashboard.settings.public_url.as_str().trim_end_matches('/');
    let own = DocsContext {
        base_url: base_url.to_owned(),
        root: ROOT.to_owned(),
        back: Some(ROOT.to_owned()),
        ..DocsContext::default()
    };
    match Kept::of(visit, headers) {
        Some(kept) => DocsContext {
            store: Some(kept.shop.name),
            api_key: Some(kept.key),
            api_secret: Some(kept.secret),
            ..own
        },
        None => own,
    }
}

/// What these pages are made of: a policy of their own.
fn shown(page: String) -> Response {
    let policy = HeaderValue::from_static(docs::CONTENT_POLICY);
    ([(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

async fn overview(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let choice = choice(&visit, &uri, &headers);
    shown(docs::overview(&context(&dashboard, &visit, &headers), choice))
}

async fn dialect(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    uri: Uri,
    Path(api): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(api) = api.parse::<Dialect>() else {
        return problem::not_found(&visit);
    };
    let choice = choice(&visit, &uri, &headers);
    shown(docs::dialect(&context(&dashboard, &visit, &headers), api, choice))
}

/// As the URL says, else in the language of the dashboard.
fn choice(visit: &Visit, uri: &Uri, headers: &HeaderMap) -> Choice {
    Choice::of(uri.query(), headers).preferring(visit.t)
}

async fn descriptions(State(dashboard): State<Dashboard>, visit: Visit, Path(api): Path<String>) -> Response {
    let base_url = dashboard.settings.public_url.as_str().trim_end_matches('/');
    match description::text(&api, base_url) {
        Some(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        None => problem::not_found(&visit),
    }
}

/// Makes a test key for the programs. For owners.
async fn make_key(State(dashboard): State<Dashboard>, visit: Visit, form: Form) -> Response {
    let wanted = form.get("store");
    let Some(shop) = visit.shops.iter().find(|shop| shop.id.to_string() == wanted) else {
        return problem::not_found(&visit);
    };
    let new = NewKey {
        mode: Mode::Test,
        is_public: false,
        label: visit.t.say("nav-docs"),
        allowed: AllowedNetworks::default(),
    };
    let office = &dashboard.office;
    match office.add_key(visit.by(office), shop.id, new).await {
        Ok(made) => {
            let secret = made.secret.map(|secret| secret.to_string()).unwrap_or_default();
            let secure = if dashboard.settings.is_secure() {
                "; Secure"
            } else {
                ""
            };
            let cookie = format!(
                "{COOKIE}={}.{}.{secret}; Path={ROOT}; Max-Age={AGE_MAX_S}; HttpOnly; SameSite=Strict{secure}",
                shop.id, *made.text
            );
            let to = format!("{ROOT}/{}/", shop.dialect);
            (StatusCode::SEE_OTHER, [(LOCATION, to), (SET_COOKIE, cookie)]).into_response()
        }
        Err(error) => problem::failed(visit.t, &error),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::domain::shop::Dialect;
    use crate::domain::user::{Role, Shops};
    use crate::web::dashboard::fixture::House;

    #[tokio::test]
    async fn an_owners_test_key_stands_in_the_programs_and_no_other_store_s_does() {
        let house = House::new();
        let shop = house.stage.shop(Dialect::Soko).await;
        let mut guest = house.owner().await;
        assert!(guest.get("/docs").await.text.contains("/docs/soko/"));
        let key_in = |page: &str| {
            let mut found = page.split("pk_").skip(1);
            let whole = |rest: &str| {
                rest.chars()
                    .take_while(char::is_ascii_hexdigit)
                    .collect::<String>()
            };
            found.find_map(|rest| Some(whole(rest)).filter(|hex| hex.len() == 64))
        };
        assert_eq!(key_in(&guest.get("/docs/soko/").await.text), None);
        let made = guest.post("/docs/key", &[("store", &shop.id.to_string())]).await;
        assert_eq!(
            (made.status, made.location()),
            (StatusCode::SEE_OTHER, "/docs/soko/")
        );
        let page = guest.get("/docs/soko/?code=python").await;
        let key = format!("pk_{}", key_in(&page.text).expect("the key"));
        let caller = house.stage.gateway.authenticate(&key, None).await.unwrap();
        assert_eq!(caller.mode, crate::domain::network::Mode::Test);
        assert!(
            page.headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("form-action 'none'")
        );
        assert_eq!(
            guest.post("/docs/key", &[("store", "99")]).await.status,
            StatusCode::NOT_FOUND
        );
        for path in ["/docs/none/", "/docs/none/openapi.json"] {
            assert_eq!(guest.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(
            guest.get("/docs/payhook/openapi.json").await.status,
            StatusCode::OK
        );
        let mut staff = house.guest("bob", Role::Staff, Shops::All).await;
        assert_eq!(
            staff.post("/docs/key", &[("store", "1")]).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(staff.get("/docs/").await.status, StatusCode::OK);
    }
}
