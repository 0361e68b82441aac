//! What stands before every page: who is it, is the form one of ours, may they. Handlers never ask again.
//!
//! A session's token is in a cookie that scripts cannot read and other sites cannot send. A form carries a proof made
//! from the token besides, and a browser says where it was posted from: each of the three is enough.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, ORIGIN, SET_COOKIE,
    USER_AGENT,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use url::{Host, Url};

use super::flash::Flash;
use super::form::{FORM_BYTES_MAX, Form};
use super::policy::{self, Needs};
use super::visit::{Stranger, Visit};
use super::{Dashboard, problem};
use crate::domain::ids::ShopId;
use crate::engine::office::sessions::Known;
use crate::web::api::body;
use crate::web::text::{self, Language};

/// No other origin has a part in any page; scripts and styles are files of payd's own.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; \
     manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
);

const LANGUAGE: &str = "payd_language";

/// Ends of names that nobody can have in the public system (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`), and one that
/// routers give out.
const PRIVATE_NAMES: [&str; 5] = [".localhost", ".local", ".home.arpa", ".internal", ".lan"];

/// Where who has yet to show the second factor is led to.
pub(super) const SECOND_FACTOR: &str = "/second-factor";

/// The name of the cookie with the session's token. Over TLS, browsers let nobody else set one of the longer name.
pub(super) fn session_cookie(is_secure: bool) -> &'static str {
    if is_secure {
        "__Host-payd_session"
    } else {
        "payd_session"
    }
}

/// The name of the cookie by which a browser is known in which somebody has signed in. It lets nobody in.
pub(super) fn browser_cookie(is_secure: bool) -> &'static str {
    if is_secure {
        "__Host-payd_browser"
    } else {
        "payd_browser"
    }
}

/// `Set-Cookie` for a session's token; an empty token forgets it.
pub(super) fn keep_session(is_secure: bool, token: &str, age_max_s: u64) -> String {
    keep(session_cookie(is_secure), is_secure, token, age_max_s)
}

/// `Set-Cookie` for what scripts cannot read and other sites cannot send.
pub(super) fn keep(name: &str, is_secure: bool, token: &str, age_max_s: u64) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{name}={token}; Path=/; Max-Age={age_max_s}; HttpOnly; SameSite=Strict{secure}")
}

/// A cookie's value.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name).then_some(value))
}

/// The middleware around every page of the dashboard.
pub(super) async fn guarded(
    State(dashboard): State<Dashboard>,
    parameters: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let asked_for = asked_language(request.uri().query());
    let headers = request.headers();
    let t = text::choose(
        asked_for.or_else(|| cookie(headers, LANGUAGE)),
        header(headers, ACCEPT_LANGUAGE),
        None,
    );
    let flash = Flash::of(headers);
    let keeps_language = asked_for.is_some().then(|| t.code().to_owned());
    let shop = parameters
        .iter()
        .find(|(name, _)| *name == "store")
        .map(|(_, id)| id.to_owned());
    let guard = Guard {
        dashboard: &dashboard,
        t,
        flash: flash.clone(),
        shop,
    };
    let mut response = match guard.admit(request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => *refusal,
    };
    let headers = response.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(CONTENT_POLICY);
    // What only some may see stays in no cache, and is asked for anew by the button that leads back.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if flash.is_some() && !headers.contains_key(SET_COOKIE) {
        Flash::forget(headers);
    }
    if let Some(code) = keeps_language
        && let Ok(kept) = HeaderValue::from_str(&format!(
            "{LANGUAGE}={code}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
        ))
    {
        headers.append(SET_COOKIE, kept);
    }
    response
}

fn asked_language(query: Option<&str>) -> Option<&str> {
    let pairs = query?.split('&');
    let code = pairs.filter_map(|pair| pair.strip_prefix("lang=")).next()?;
    text::named(code).map(|language| language.code())
}

fn header(headers: &HeaderMap, name: axum::http::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// A request on its way in.
struct Guard<'a> {
    dashboard: &'a Dashboard,
    t: &'static Language,
    flash: Option<String>,
    /// The row number of the store in the path, as it stands there.
    shop: Option<String>,
}

type Admitted = Result<Request, Box<Response>>;

fn refuse<T>(response: impl IntoResponse) -> Result<T, Box<Response>> {
    Err(Box::new(response.into_response()))
}

impl Guard<'_> {
    async fn admit(&self, mut request: Request) -> Admitted {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let route = route.as_ref().map_or("", MatchedPath::as_str);
        let needs = policy::needs(request.method(), route);
        let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
        if !self.is_our_name(request.headers()) {
            return refuse(problem::foreign_host(self.t));
        }
        if changes && !self.is_from_here(request.headers()) {
            return refuse(problem::foreign_form(self.t));
        }
        let role = match needs {
            Needs::Nobody => {
                let agent = header(request.headers(), USER_AGENT)
                    .unwrap_or_default()
                    .to_owned();
                request.extensions_mut().insert(Stranger { t: self.t, agent });
                return if changes {
                    self.read_form(request, None).await
                } else {
                    Ok(request)
                };
            }
            Needs::Role(role) => role,
        };
        let Some((token, known)) = self.known(request.headers()).await? else {
            return refuse(self.not_signed_in(&request));
        };
        if !known.session.is_whole && route != SECOND_FACTOR && route != "/sign-out" {
            return refuse(Redirect::to(SECOND_FACTOR));
        }
        let visit = self.visit(&token, known).await?;
        // Before the role: of another store's pages nobody learns that they are there.
        if self.shop.is_some() && visit.shop.is_none() {
            return refuse(problem::not_found(&visit));
        }
        if !visit.user.role.may(role) {
            return refuse(problem::forbidden(&visit, role));
        }
        let csrf = visit.csrf.clone();
        request.extensions_mut().insert(visit);
        if changes {
            self.read_form(request, Some(&csrf)).await
        } else {
            Ok(request)
        }
    }

    async fn known(&self, headers: &HeaderMap) -> Result<Option<(String, Known)>, Box<Response>> {
        let settings = &self.dashboard.settings;
        let Some(token) = cookie(headers, session_cookie(settings.is_secure())) else {
            return Ok(None);
        };
        match self.dashboard.office.known(token, settings.sessions).await {
            Ok(known) => Ok(known.map(|known| (token.to_owned(), known))),
            Err(error) => refuse(problem::failed(self.t, &error)),
        }
    }

    async fn visit(&self, token: &str, known: Known) -> Result<Visit, Box<Response>> {
        let office = &self.dashboard.office;
        let shops = match office.shops_of(&known.user).await {
            Ok(shops) => shops,
            Err(error) => return refuse(problem::failed(self.t, &error)),
        };
        let wanted = self.shop.as_ref().and_then(|id| id.parse().ok()).map(ShopId::new);
        let shop = shops.iter().find(|shop| Some(shop.id) == wanted).cloned();
        let own = known.user.language.as_deref().and_then(text::named);
        let waiting = match shop.as_ref().or_else(|| shops.first()) {
            None => 0,
            Some(shop) => match office.inbox_count(shop.id).await {
                Ok(count) => count,
                Err(error) => return refuse(problem::failed(self.t, &error)),
            },
        };
        Ok(Visit {
            t: own.unwrap_or(self.t),
            user: Arc::new(known.user),
            session: Arc::new(known.session),
            csrf: proof(token),
            shops: shops.into(),
            shop,
            waiting,
            flash: self.flash.clone(),
        })
    }

    /// Pages lead to the place to sign in and back; programs are told so.
    fn not_signed_in(&self, request: &Request) -> Response {
        let wants_page = header(request.headers(), ACCEPT).is_none_or(|kinds| kinds.contains("text/html"));
        if *request.method() != Method::GET || !wants_page {
            return problem::not_signed_in(self.t);
        }
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let to = if path == "/" {
            "/sign-in".to_owned()
        } else {
            format!("/sign-in?next={next}")
        };
        Redirect::to(&to).into_response()
    }

    /// Whether a browser was led here by a name that can be ours. Anybody can have a name of their own point at this machine,
    /// and their pages would then be of one site with these (DNS rebinding): a name out of the public system has to be the
    /// configured one.
    fn is_our_name(&self, headers: &HeaderMap) -> bool {
        let Some(host) = header(headers, HOST) else {
            return true;
        };
        let Ok(url) = Url::parse(&format!("http://{host}/")) else {
            return false;
        };
        let name = match url.host() {
            Some(Host::Domain(name)) => name.trim_end_matches('.'),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => return true,
            None => return false,
        };
        let own = self.dashboard.settings.own_url.host_str();
        let is_private = |name: &str| PRIVATE_NAMES.iter().any(|end| name.ends_with(end));
        Some(name) == own || !name.contains('.') || is_private(name)
    }

    /// Whether a browser says that a form was posted from one of these pages. Every browser of today says so; one that
    /// says nothing at all is no browser, and has no session that it was lured into using.
    fn is_from_here(&self, headers: &HeaderMap) -> bool {
        if let Some(site) = headers.get("sec-fetch-site") {
            return site == "same-origin" || site == "none";
        }
        let Some(origin) = header(headers, ORIGIN) else {
            return true;
        };
        let own = self.dashboard.settings.own_url.origin().ascii_serialization();
        let host = header(headers, HOST).unwrap_or_default();
        let is_host = |url: Url| {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}{port}", url.host_str().unwrap_or_default()) == host
        };
        origin == own || Url::parse(origin).is_ok_and(is_host)
    }

    async fn read_form(&self, request: Request, proof: Option<&str>) -> Admitted {
        let (mut parts, sent) = request.into_parts();
        let bytes = match body::read(sent, FORM_BYTES_MAX).await {
            Ok(bytes) => bytes,
            Err(error) => {
                let too_long = matches!(error, body::BodyError::TooLong { .. });
                let status = if too_long {
                    StatusCode::PAYLOAD_TOO_LARGE
                } else {
                    StatusCode::BAD_REQUEST
                };
                return refuse(problem::unread(self.t, status));
            }
        };
        let form = Form::read(&bytes);
        if let Some(proof) = proof {
            let sent = header(
                &parts.headers,
                axum::http::HeaderName::from_static("x-csrf-token"),
            );
            let sent = sent.unwrap_or_else(|| form.raw("csrf"));
            if !bool::from(sent.as_bytes().ct_eq(proof.as_bytes())) {
                return refuse(problem::foreign_form(self.t));
            }
        }
        parts.extensions.insert(form);
        Ok(Request::from_parts(parts, Body::empty()))
    }
}

/// What a form has to carry: made from the session's token, which no other site can know.
fn proof(token: &str) -> String {
    Hmac::<Sha256>::new_from_slice(token.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(b"payd form");
            hex::encode(mac.finalize().into_bytes())
        },
    )
}
