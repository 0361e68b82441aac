//! The pages over a real engine, for tests.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use url::Url;

use super::{CheckoutState, router};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::payment::{Order, Origin};
use crate::domain::shop::Dialect;
use crate::domain::widget::Widget;
use crate::engine::gateway::{CreateRequest, PayWith, PaymentView};
use crate::engine::stage::{Stage, StagedShop};
use crate::web::limits::Limits;

/// A shop whose customers choose, and its pages below `https://pay.example/crypto`.
pub(super) struct StagedSite {
    pub(super) stage: Stage,
    pub(super) shop: StagedShop,
    router: Router,
}

/// An answer, read to its end.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Reply {
    /// Where the browser is sent.
    pub(super) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// Who may show it in a frame, as its policy says.
    pub(super) fn ancestors(&self) -> &str {
        let policy = self.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        policy.split_once("frame-ancestors ").unwrap().1
    }
}

impl StagedSite {
    pub(super) async fn open() -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        // One whole TRX has no rate on the stage.
        stage
            .accept(&shop, &["USDT_TRC20", "BTC", "ETH", "USDT_BEP20", "TRX"])
            .await;
        let widget = Widget {
            is_enabled: true,
            origins: vec![
                "https://shop.example".to_owned(),
                "http://localhost:3000".to_owned(),
            ],
            takes_amounts: true,
        };
        stage.set_widget(&shop, widget, Vec::new()).await;
        let state = CheckoutState::new(
            stage.gateway.clone(),
            stage.clock.clone(),
            Url::parse("https://pay.example/crypto/").unwrap(),
            CancellationToken::new(),
        )
        .limited_by(Arc::new(Limits::new(stage.clock.clone())));
        Self {
            router: router(state),
            shop,
            stage,
        }
    }

    /// A test payment of $50.00 whose currency the customer is to choose.
    pub(super) async fn selecting(&self) -> PaymentView {
        self.payment(Origin::Api, &self.shop.test.key).await
    }

    pub(super) async fn payment(&self, origin: Origin, key: &str) -> PaymentView {
        let caller = self.stage.gateway.authenticate(key, None).await.unwrap();
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        };
        let request = CreateRequest {
            origin,
            order: Order {
                external_id: "1042".to_owned(),
                description: "Two bags of coffee".to_owned(),
                redirect_url: "https://shop.example/thanks".to_owned(),
                fail_url: "https://shop.example/again".to_owned(),
                metadata: "{}".to_owned(),
                ..Order::default()
            },
            ..CreateRequest::new(price, PayWith::Accepted)
        };
        let created = self.stage.gateway.create(&caller, request).await;
        created.unwrap().view
    }

    /// The payment as it stands.
    pub(super) async fn now(&self, view: &PaymentView) -> PaymentView {
        let found = self.stage.gateway.by_public_name(&view.payment.token).await;
        found.unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Opens where the currency of a payment is chosen.
    pub(super) async fn look(&self, view: &PaymentView) -> Reply {
        self.get(&format!("/pay/select?token={}", view.payment.token.as_str()))
            .await
    }

    /// Chooses a currency.
    pub(super) async fn choose(&self, view: &PaymentView, code: &str) -> Reply {
        self.post(
            "/pay/select",
            format!("token={}&code={code}", view.payment.token.as_str()),
        )
        .await
    }

    pub(super) async fn post(&self, path: &str, form: impl Into<String>) -> Reply {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.into()));
        self.send(request.unwrap()).await
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Reply {
        let reply = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = reply.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap().to_vec();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body).unwrap(),
        }
    }
}

/// The path of a payment's page, as the browser sees it.
pub(super) fn page_of(view: &PaymentView) -> String {
    format!("/crypto/pay/{}", view.payment.token.as_str())
}
