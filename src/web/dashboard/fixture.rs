//! The dashboard over a real engine, for tests: people sign in with a browser that keeps cookies.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use url::Url;

use super::{Dashboard, DashboardSettings, Running, router};
use crate::domain::user::{Role, Shops, User};
use crate::engine::office::Office;
use crate::engine::office::networks::NetworkControl;
use crate::engine::office::passwords::Password;
use crate::engine::office::posts::{NoPosts, Posts};
use crate::engine::office::sessions::SessionLimits;
use crate::engine::office::staged::StagedNetworks;
use crate::engine::stage::Stage;
use crate::web::WebSettings;
use crate::web::limits::Limits;

/// What everybody's password is.
pub(super) const PASSWORD: &str = "correct horse battery";

/// How long sessions live here.
pub(super) const SESSIONS: SessionLimits = SessionLimits {
    idle: Duration::from_secs(8 * 60 * 60),
    absolute: Duration::from_secs(7 * 24 * 60 * 60),
};

/// The dashboard, and the engine behind it.
pub(super) struct House {
    pub(super) stage: Stage,
    pub(super) office: Office,
    /// Which networks are on, and what was changed of them.
    pub(super) networks: Arc<StagedNetworks>,
    router: Router,
}

/// A browser.
pub(super) struct Guest<'h> {
    house: &'h House,
    /// Cookies by name.
    cookies: Vec<(String, String)>,
    /// What the forms of the pages that were looked at carry.
    csrf: String,
}

/// A page that came back.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Page {
    /// Where it leads.
    pub(super) fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |to| to.to_str().unwrap())
    }
}

impl House {
    /// A dashboard without stores and people.
    pub(super) fn new() -> Self {
        Self::limited(Limits::none())
    }

    /// As [`Self::new`], with limits to how often one may fail.
    pub(super) fn limited_calls() -> Self {
        let stage = Stage::new();
        let clock = Arc::clone(&stage.clock);
        Self::over(stage, Limits::new(clock))
    }

    fn limited(limits: Limits) -> Self {
        Self::over(Stage::new(), limits)
    }

    /// As [`Self::new`], with this way out to webhook endpoints.
    pub(super) fn posting_by(posts: Arc<dyn Posts>) -> Self {
        Self::posting(Stage::new(), Limits::none(), posts)
    }

    fn over(stage: Stage, limits: Limits) -> Self {
        Self::posting(stage, limits, Arc::new(NoPosts))
    }

    fn posting(stage: Stage, limits: Limits, posts: Arc<dyn Posts>) -> Self {
        let networks = Arc::new(StagedNetworks::new(Arc::clone(&stage.engine.registry)));
        let control: Arc<dyn NetworkControl> = Arc::clone(&networks) as _;
        let office = Office::new(Arc::clone(&stage.engine))
            .posting_by(posts)
            .with_networks(control);
        let settings = DashboardSettings {
            own_url: Url::parse("http://127.0.0.1:8422").unwrap(),
            public_url: Url::parse("https://pay.example").unwrap(),
            sessions: SESSIONS,
            shop_rules: crate::domain::shop::Rules::default(),
            running: Running {
                started_at: office.now(),
                listens: Vec::new(),
            },
        };
        let dashboard = Dashboard::new(
            office.clone(),
            Arc::new(limits),
            settings,
            CancellationToken::new(),
        );
        let web_settings = WebSettings {
            body_bytes_max: super::FORM_BYTES_MAX,
            ..WebSettings::new("https://pay.example", 1)
        };
        Self {
            stage,
            office,
            networks,
            router: router(dashboard, &web_settings),
        }
    }

    /// Adds somebody whose password is [`PASSWORD`].
    pub(super) async fn user(&self, name: &str, role: Role, shops: Shops) -> User {
        let by = self.office.by("cli:test");
        let password = Password::new(PASSWORD);
        let added = self.office.add_user(by, name, role, shops, &password).await;
        added.unwrap()
    }

    /// A browser in which nobody is signed in.
    pub(super) fn stranger(&self) -> Guest<'_> {
        Guest {
            house: self,
            cookies: Vec::new(),
            csrf: String::new(),
        }
    }

    /// Adds an owner and signs them in.
    pub(super) async fn owner(&self) -> Guest<'_> {
        self.guest("owner", Role::Owner, Shops::All).await
    }

    /// Adds somebody and signs them in.
    pub(super) async fn guest(&self, name: &str, role: Role, shops: Shops) -> Guest<'_> {
        self.user(name, role, shops).await;
        let mut guest = self.stranger();
        let entered = guest.sign_in(name, PASSWORD).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
        guest
    }
}

impl Guest<'_> {
    /// Signs in by the form.
    pub(super) async fn sign_in(&mut self, name: &str, password: &str) -> Page {
        let page = self
            .post("/sign-in", &[("name", name), ("password", password)])
            .await;
        // Any page within has the proof that forms carry; this one is there without a store.
        self.get("/account").await;
        page
    }

    /// Asks for a page.
    pub(super) async fn get(&mut self, path: &str) -> Page {
        self.ask(Request::get(path), Body::empty()).await
    }

    /// Posts a form with the proof that the pages' own forms carry.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        self.post_with(path, fields, &[("csrf", &csrf)]).await
    }

    /// Posts a form with these proofs, or none.
    pub(super) async fn post_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        proofs: &[(&str, &str)],
    ) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .extend_pairs(proofs)
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.ask(request, Body::from(body)).await
    }

    /// The value of a cookie that the browser keeps.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let mut cookies = self.cookies.iter();
        cookies
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }

    /// Puts a cookie into the browser.
    pub(super) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// As [`Self::post`], for an answer that is no text.
    pub(super) async fn post_for_bytes(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, Vec<u8>) {
        let csrf = self.csrf.clone();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("csrf", &csrf)
            .finish();
        let request = Request::post(path)
            .header(COOKIE, cookies.join("; "))
            .header("host", "127.0.0.1:8422")
            .body(Body::from(body))
            .unwrap();
        let reply = self.house.router.clone().oneshot(request).await.unwrap();
        let status = reply.status();
        let bytes = axum::body::to_bytes(reply.into_body(), 64 << 20).await.unwrap();
        (status, bytes.to_vec())
    }

    /// Sends any request with the browser's cookies.
    pub(super) async fn ask(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        self.ask_at("127.0.0.1:8422", request, body).await
    }

    /// As [`Self::ask`], where the browser was led to the dashboard by another name.
    pub(super) async fn ask_at(
        &mut self,
        host: &str,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Page {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(COOKIE, cookies.join("; "))
            .header("accept", "text/html")
            .header("host", host);
        let reply = self
            .house
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (status, headers) = (reply.status(), reply.headers().clone());
        for set in headers.get_all(SET_COOKIE) {
            let (pair, _) = set.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = axum::body::to_bytes(reply.into_body(), 16 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((_, rest)) = text.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap_or_default().to_owned();
        }
        Page {
            status,
            headers,
            text,
        }
    }
}
