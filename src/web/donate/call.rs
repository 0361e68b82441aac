//! What the page and the call for programs ask of the engine alike, within the limits of what is open to everybody.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::DonateState;
use super::gift::Gift;
use crate::domain::payment::{Order, Origin};
use crate::engine::gateway::{CreateRequest, DonationView, GatewayError, PaymentView};
use crate::web::api::header::API_KEY_BYTES_MAX;
use crate::web::limits::{ClientAddress, Kind, TooMany};

/// Seconds after which a busy payd should be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why somebody got nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Denied {
    /// Too often.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// By the engine.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
}

impl Denied {
    /// Whether the same call may work in a moment.
    pub(super) const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::TooMany(_)
                | Self::Gateway(
                    GatewayError::AllAddressesHeld
                        | GatewayError::NoRate { .. }
                        | GatewayError::NotReadYet { .. }
                        | GatewayError::NotRecorded
                        | GatewayError::Busy
                )
        )
    }

    /// Says when to come back, where that may help.
    pub(super) fn tell_when(&self, mut response: Response) -> Response {
        let when = match self {
            Self::TooMany(too_many) => Some(too_many.header()),
            Self::Gateway(_) => (response.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY_AFTER),
        };
        if let Some(when) = when {
            response.headers_mut().insert(header::RETRY_AFTER, when);
        }
        response
    }
}

/// Makes the payment of a gift.
pub(super) async fn make(
    state: &DonateState,
    client: ClientAddress,
    api_key: &str,
    view: &DonationView,
    gift: Gift,
) -> Result<PaymentView, Denied> {
    state.limits.check(Kind::Creation, client, Some(api_key))?;
    let title = if view.page.title.is_empty() {
        &view.caller.shop.name
    } else {
        &view.page.title
    };
    let request = CreateRequest {
        origin: Origin::Donation,
        donor: Some(gift.donor),
        order: Order {
            description: title.clone(),
            ..Order::default()
        },
        ..CreateRequest::new(gift.price, gift.pay_with)
    };
    Ok(state.gateway.create(&view.caller, request).await?.view)
}

/// The donation page of a key.
pub(super) async fn view_of(
    state: &DonateState,
    client: ClientAddress,
    api_key: &str,
) -> Result<DonationView, Denied> {
    state.limits.check(Kind::Read, client, None)?;
    state.limits.check(Kind::LookUp, client, None)?;
    let can_be_one = (1..=API_KEY_BYTES_MAX).contains(&api_key.len());
    let found = match can_be_one {
        true => state.gateway.donation_page(api_key, client.ip()).await,
        false => Err(GatewayError::Unauthorized),
    };
    if matches!(found, Err(GatewayError::Unauthorized)) {
        state.limits.failed(Kind::LookUp, client);
    }
    Ok(found?)
}
