//! soko's API through the real router, before a real engine.

mod auth;
mod calls;
mod list;
mod rates;
mod refusals;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use crate::domain::ids::PaymentUuid;
use crate::domain::shop::Dialect;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Caller, PaymentView, PublicName, Scenario};
use crate::engine::stage::{Key, Stage, StagedShop};
use crate::web::api::signing;
use crate::web::limits::Limits;

const PUBLIC_URL: &str = "https://pay.example";
const BODY_BYTES_MAX: usize = 64 * 1024;

const CREATE: &str = "/api/v1/payment/create";
const LIST: &str = "/api/v1/payments";
const BALANCE: &str = "/api/v1/merchant/balance";
const RATES: &str = "/api/v1/rates";

/// A shop behind the routes.
struct Rig {
    stage: Stage,
    shop: StagedShop,
    routes: Router,
    /// The seconds of the create calls so far: no two are of one, for what is signed alike is taken once.
    asked: Mutex<BTreeSet<i64>>,
}

/// An answer.
#[derive(Debug)]
struct Reply {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// What is said of a call that went well.
    fn data(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        let body = self.json();
        assert_eq!(body["success"], true);
        body["data"].clone()
    }

    /// What is said of one that did not: the page's shape and nothing else.
    fn error(&self) -> (u16, String) {
        let body = self.json();
        let error = body["error"]
            .as_str()
            .unwrap_or_else(|| panic!("{self:?}"))
            .to_owned();
        let quoted = serde_json::to_string(&error).unwrap();
        assert_eq!(self.text, format!(r#"{{"success":false,"error":{quoted}}}"#));
        assert!(!error.is_empty());
        (self.status.as_u16(), error)
    }
}

impl Rig {
    async fn new() -> Self {
        Self::within(|_| Limits::none()).await
    }

    async fn limited() -> Self {
        Self::within(|stage| Limits::new(stage.clock.clone())).await
    }

    async fn within(limits: impl FnOnce(&Stage) -> Limits) -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        // A closing slash makes no difference.
        let routes = super::router(
            stage.gateway.clone(),
            stage.clock.clone(),
            Arc::new(limits(&stage)),
            &format!("{PUBLIC_URL}/"),
            BODY_BYTES_MAX,
        );
        Self {
            stage,
            shop,
            routes,
            asked: Mutex::default(),
        }
    }

    /// A shop whose test payments in USDT on TRON differ by a cent, of which there are so many.
    async fn shared(count: u32) -> Self {
        let rig = Self::new().await;
        rig.stage.share(&rig.shop, "tron", count).await;
        rig
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response: Response<Body> = self.routes.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A signed call with the test key. `path` may have a query, which is not signed.
    async fn call(&self, method: &str, path: &str, body: &str) -> Reply {
        self.send(self.signed(&self.shop.test, method, path, body)).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, "").await
    }

    async fn create(&self, body: &str) -> Reply {
        self.create_with(&self.shop.test, body).await
    }

    async fn create_with(&self, key: &Key, body: &str) -> Reply {
        let latest_free = |now: i64| {
            (0..)
                .map(|ago| now - ago)
                .find(|at| self.asked.lock().unwrap().insert(*at))
        };
        let at = latest_free(self.now()).unwrap();
        let signed = signature(&key.secret, at, "POST", CREATE, body);
        self.send(request(key, at, &signed, "POST", CREATE, body)).await
    }

    /// A payment that was made at once, as the engine has it.
    async fn made(&self, body: &str) -> PaymentView {
        let reply = self.create(body).await.data();
        self.view(reply["payment_id"].as_str().unwrap()).await
    }

    async fn view(&self, uuid: &str) -> PaymentView {
        let name = PublicName::Uuid(PaymentUuid::parse(uuid).unwrap());
        self.stage.gateway.by_public_name(name).await.unwrap()
    }

    async fn status_of(&self, view: &PaymentView) -> Reply {
        self.get(&format!("/api/v1/payment/{}", view.payment.uuid.as_str()))
            .await
    }

    /// Has the simulated chain act, and reads it until that has settled.
    async fn play(&mut self, view: &PaymentView, scenario: Scenario) {
        self.stage.play(view, scenario, Duration::from_secs(10)).await;
    }

    fn signed(&self, key: &Key, method: &str, path: &str, body: &str) -> Request<Body> {
        let signed_path = path.split('?').next().unwrap();
        let signed = signature(&key.secret, self.now(), method, signed_path, body);
        request(key, self.now(), &signed, method, path, body)
    }

    /// The second that it is.
    fn now(&self) -> i64 {
        self.stage.now().seconds()
    }

    async fn caller(&self) -> Caller {
        self.stage
            .gateway
            .authenticate(&self.shop.test.key, None)
            .await
            .unwrap()
    }
}

fn signature(secret: &str, timestamp: i64, method: &str, path: &str, body: &str) -> String {
    let parts = [
        timestamp.to_string().as_bytes(),
        method.as_bytes(),
        path.as_bytes(),
        body.as_bytes(),
    ]
    .concat();
    hex::encode(signing::mac(secret.as_bytes(), &[&parts]).unwrap())
}

fn request(
    key: &Key,
    timestamp: i64,
    signature: &str,
    method: &str,
    path: &str,
    body: &str,
) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("Content-Type", "application/json")
        .header("X-Api-Key", &key.key)
        .header("X-Timestamp", timestamp.to_string())
        .header("X-Signature", signature)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// Whether these fields stand in the text in this order.
fn fields_in_order(text: &str, names: &[&str]) -> bool {
    let places: Option<Vec<usize>> = names
        .iter()
        .map(|name| text.find(&format!("\"{name}\":")))
        .collect();
    places.is_some_and(|places| places.is_sorted())
}

fn seconds(seconds: i64) -> UnixMillis {
    UnixMillis::from_seconds(seconds)
}

/// The clock that all of it runs by.
fn clock_of(rig: &Rig) -> Arc<crate::ambient::SimulatedClock> {
    Arc::clone(&rig.stage.clock)
}
