//! What every request to a payment's pages says, and the look-up of the payment it names.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::framing::Framing;
use super::manner::Manner;
use super::page::Shown;
use super::problem::{self, Problem};
use super::{CheckoutState, base_path};
use crate::domain::ids::{PaymentCode, PaymentToken, PaymentUuid};
use crate::domain::payment::Origin;
use crate::engine::gateway::{GatewayError, PaymentView, PublicName};
use crate::web::limits::{ClientAddress, Kind, TooMany};
use crate::web::text::{self, Language};

/// What every request to a payment's pages says.
pub(super) struct Visit {
    pub(super) state: CheckoutState,
    pub(super) manner: Manner,
    /// The payment that the URL names; `None` where it names none.
    name: Option<PublicName>,
    named: Named,
    pub(super) client: ClientAddress,
    accept_language: String,
}

/// The queries that name a payment.
#[derive(Debug, Default, Deserialize)]
struct Named {
    id: Option<String>,
    token: Option<String>,
}

impl Named {
    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let pairs = [("token", &self.token), ("id", &self.id)];
        pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

/// A payment that was found, with what decides how it is shown.
pub(super) struct Found {
    pub(super) view: PaymentView,
    pub(super) framing: Framing,
    pub(super) language: &'static Language,
}

impl FromRequestParts<CheckoutState> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &CheckoutState) -> Result<Self, Self::Rejection> {
        let path = Path::<String>::from_request_parts(parts, state).await.ok();
        let named = Query::<Named>::try_from_uri(&parts.uri).unwrap_or_default().0;
        let name = match (path, &named) {
            (Some(Path(name)), _) => by_path(&name),
            (
                None,
                Named {
                    token: Some(token), ..
                },
            ) => PaymentToken::parse(token).map(PublicName::Token),
            (None, Named { id: Some(id), .. }) => PaymentCode::parse(id).map(PublicName::Code),
            (None, Named { .. }) => None,
        };
        let client = ClientAddress::from_request_parts(parts, state).await?;
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        Ok(Self {
            state: state.clone(),
            manner: Manner::of(&parts.uri),
            name,
            named,
            client,
            accept_language: accepted.unwrap_or_default().to_owned(),
        })
    }
}

/// The payment that a path names: by its token or by its UUID.
fn by_path(text: &str) -> Option<PublicName> {
    let token = PaymentToken::parse(text).map(PublicName::Token);
    token.or_else(|| PaymentUuid::parse(text).map(PublicName::Uuid))
}

impl Visit {
    /// The payment that the URL names.
    ///
    /// # Errors
    /// The answer to give instead.
    pub(super) async fn find(&self) -> Result<Found, Response> {
        self.find_named(self.name.as_ref()).await
    }

    /// The payment of a token that a form sent. From then on it is as if the URL had named it: whoever is sent back to
    /// try again is sent to this payment.
    ///
    /// # Errors
    /// The answer to give instead.
    pub(super) async fn find_token(&mut self, token: String) -> Result<Found, Response> {
        self.name = PaymentToken::parse(&token).map(PublicName::Token);
        self.named = Named {
            token: Some(token),
            id: None,
        };
        self.find().await
    }

    async fn find_named(&self, name: Option<&PublicName>) -> Result<Found, Response> {
        match self.look_up(name).await {
            Ok(view) => Ok(Found {
                framing: self.framing(&view).await,
                language: self.language(view.shop.language.as_deref()),
                view,
            }),
            Err(problem) => Err(self.problem(problem)),
        }
    }

    /// The payment, for an answer to a script.
    ///
    /// # Errors
    /// The answer to give instead.
    pub(super) async fn find_for_script(&self) -> Result<PaymentView, Response> {
        self.look_up(self.name.as_ref()).await.map_err(problem::json)
    }

    /// Every look-up by a public name, of every page here: the one place that knows of those that find nothing, which is
    /// what somebody who guesses leaves behind.
    ///
    /// Only a code can be guessed at all, and only it is refused to who has guessed too often: a customer who has the long
    /// name of a payment is let in, whoever else shares the address.
    async fn look_up(&self, name: Option<&PublicName>) -> Result<PaymentView, Problem> {
        let (limits, client) = (&self.state.limits, self.client);
        if !matches!(name, Some(PublicName::Token(_) | PublicName::Uuid(_))) {
            limits.check(Kind::LookUp, client, None)?;
        }
        // What names nothing takes the same way as what names nobody, so that neither answer nor time tells them apart.
        let nobody = PublicName::Token(PaymentToken::from_random([0; 32]));
        let found = self
            .state
            .payments
            .by_public_name(name.unwrap_or(&nobody))
            .await
            .and_then(|view| name.map(|_| view).ok_or(GatewayError::NotFound));
        if matches!(found, Err(GatewayError::NotFound)) {
            limits.failed(Kind::LookUp, client);
        }
        found.map_err(|error| Problem::of(&error))
    }

    /// Whether this client may choose a currency now, which takes an address of the shop's.
    ///
    /// # Errors
    /// [`TooMany`].
    pub(super) fn may_choose(&self) -> Result<(), TooMany> {
        self.state.limits.check(Kind::Creation, self.client, None)
    }

    /// Who may show the payment's pages in a frame. In doubt, nobody.
    async fn framing(&self, view: &PaymentView) -> Framing {
        match view.payment.origin {
            Origin::Api => Framing::Nobody,
            Origin::Donation => Framing::AnySite,
            Origin::Widget => match self.state.payments.frame_origins(view).await {
                Ok(origins) => Framing::only(origins),
                Err(_) => Framing::Nobody,
            },
        }
    }

    /// The language of the URL, else the best that the browser asks for, else the store's own, else English.
    fn language(&self, stores_own: Option<&str>) -> &'static Language {
        text::choose(self.manner.language, Some(&self.accept_language), stores_own)
    }

    pub(super) fn problem(&self, problem: Problem) -> Response {
        let base = base_path(&self.state.public_url);
        let named: Vec<(&str, &str)> = self.named.pairs().collect();
        problem::page(problem, self.language(None), base, &self.manner, &named)
    }

    /// How a payment that was found is to be shown.
    pub(super) fn shown<'a>(&'a self, found: &'a Found, notice: Option<&'a str>) -> Shown<'a> {
        Shown {
            language: found.language,
            manner: &self.manner,
            framing: &found.framing,
            now: self.state.clock.now(),
            public_url: &self.state.public_url,
            notice,
        }
    }

    /// Sends the browser on to the payment's page, by GET.
    pub(super) fn to_page(&self, found: &Found) -> Response {
        let base = base_path(&self.state.public_url);
        let (token, query) = (found.view.payment.token.as_str(), self.manner.query(&[]));
        found.framed(Redirect::to(&format!("{base}/pay/{token}{query}")))
    }

    /// Sends the browser on to where the currency is chosen, by GET.
    pub(super) fn to_choice(&self, found: &Found) -> Response {
        let base = base_path(&self.state.public_url);
        let query = self.manner.query(&[("token", found.view.payment.token.as_str())]);
        found.framed(Redirect::to(&format!("{base}/pay/select{query}")))
    }
}

impl Found {
    /// The answer, with who may show it in a frame.
    pub(super) fn framed(&self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        response.extensions_mut().insert(self.framing.clone());
        response
    }
}

#[cfg(test)]
mod tests;
