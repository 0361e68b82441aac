//! What the public pages ask: what a payment can be paid with, the donation page, the payment widget.

use std::net::IpAddr;
use std::sync::Arc;

use super::callers::caller;
use super::{Caller, Gateway, GatewayError, PaymentView, PublicName};
use crate::domain::asset::Means;
use crate::domain::donation::{DonationPage, Given};
use crate::domain::money::FiatAmount;
use crate::domain::network::Mode;
use crate::domain::picture::PictureKind;
use crate::domain::widget::{ListedPrice, Widget};
use crate::engine::choose::Choice;
use crate::store::{StoreError, brandings, donations, widgets};

/// A shop's donation page.
#[derive(Debug, Clone)]
pub struct DonationView {
    /// Whose it is; its key decides between real and simulated chains.
    pub caller: Caller,
    /// How it is set up.
    pub page: DonationPage,
    /// What was given so far, in the page's currency; `None` while that is not known.
    pub given: Option<FiatAmount>,
    /// How many gave.
    pub count: u64,
    /// What can be given.
    pub accepted: Vec<Means>,
}

/// What a shop's own pages may do.
#[derive(Debug, Clone)]
pub struct WidgetView {
    /// Whose they are.
    pub caller: Caller,
    /// What they may do.
    pub widget: Widget,
    /// What they may sell.
    pub prices: Vec<ListedPrice>,
}

impl Gateway {
    /// What a payment can be paid with, each with its amount at this moment.
    ///
    /// # Errors
    /// [`GatewayError::NothingAccepted`].
    pub async fn choices(&self, view: &PaymentView) -> Result<Vec<Choice>, GatewayError> {
        let caller = caller_of(view);
        self.engine.choices(&caller, &view.payment.price).await
    }

    /// Makes the customer's choice. Who chooses twice is shown what was chosen first; nothing is chosen once the time is
    /// up.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotAccepted`], and those of making a payment.
    pub async fn choose(&self, name: impl Into<PublicName>, code: &str) -> Result<PaymentView, GatewayError> {
        let view = self.by_public_name(name).await?;
        let caller = caller_of(&view);
        self.engine.choose(&caller, view.payment, code).await
    }

    /// The donation page of the shop that an API key speaks for.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`], [`GatewayError::NotOpen`] where the shop has none.
    pub async fn donation_page(
        &self,
        api_key: &str,
        from: Option<IpAddr>,
    ) -> Result<DonationView, GatewayError> {
        let caller = self.authenticate_page(api_key, from).await?;
        let shop = caller.shop.id;
        let read = self.engine.database.read(move |txn| {
            Ok::<_, StoreError>((donations::page_of(txn, shop)?, donations::given(txn, shop)?))
        });
        let (page, given) = read.await?;
        let is_open = |page: &DonationPage| page.is_enabled && !caller.shop.is_disabled();
        let page = page.filter(is_open).ok_or_else(|| {
            GatewayError::NotOpen(
                "this store takes no donations: `payd donation set --on` opens its page".to_owned(),
            )
        })?;
        // Only real money is counted; a test key is shown none of it.
        let given = match caller.mode {
            Mode::Live => given,
            Mode::Test => Given::default(),
        };
        Ok(DonationView {
            given: self.given_in(given, &page),
            count: given.count,
            accepted: self.engine.accepted(&caller).await?,
            caller,
            page,
        })
    }

    fn given_in(&self, given: Given, page: &DonationPage) -> Option<FiatAmount> {
        self.engine.rates.dollars_in(given.usd_cents, page.fiat)
    }

    /// Who a key in a web page speaks for: one that was made for that, or any of a shop whose API asks for a secret besides.
    async fn authenticate_page(&self, api_key: &str, from: Option<IpAddr>) -> Result<Caller, GatewayError> {
        let api_key = api_key.to_owned();
        let found = self.engine.database.read(move |txn| caller(txn, &api_key, from));
        let (caller, is_public) = found.await?.ok_or(GatewayError::Unauthorized)?;
        if is_public || caller.shop.dialect.proves_a_secret() {
            return Ok(caller);
        }
        let advice = "this key is as good as a password and must not stand in a web page: make one that may with `payd key \
                      add --public`, and end this one with `payd key rotate` if others have seen it";
        Err(GatewayError::NotOpen(advice.to_owned()))
    }

    /// Who an API key speaks for, where the key alone is shown and no secret: nobody, once the shop's own pages show it to
    /// everybody. Those of a shop of an API that asks for no more never do.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`], [`GatewayError::NotOpen`] while the shop has a donation page or a widget.
    pub async fn authenticate_by_key_alone(
        &self,
        api_key: &str,
        from: Option<IpAddr>,
    ) -> Result<Caller, GatewayError> {
        let known = self.admitted(api_key, from).await?;
        if known.caller.shop.dialect.proves_a_secret() && known.has_open_page {
            let advice = "this store's key is in its web pages, for everybody to read: sign the call by the store's own API";
            return Err(GatewayError::NotOpen(advice.to_owned()));
        }
        Ok(known.caller.clone())
    }

    /// What the pages of the shop that an API key speaks for may do.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`], [`GatewayError::NotOpen`] where they may do nothing.
    pub async fn widget(&self, api_key: &str, from: Option<IpAddr>) -> Result<WidgetView, GatewayError> {
        let caller = self.authenticate_page(api_key, from).await?;
        let shop = caller.shop.id;
        let read = self.engine.database.read(move |txn| {
            Ok::<_, StoreError>((widgets::of_shop(txn, shop)?, widgets::prices(txn, shop)?))
        });
        let (widget, prices) = read.await?;
        if !widget.is_enabled || caller.shop.is_disabled() {
            let advice = "this store's pages may not start payments: `payd widget set --on --origin https://...` allows it";
            return Err(GatewayError::NotOpen(advice.to_owned()));
        }
        Ok(WidgetView {
            caller,
            widget,
            prices,
        })
    }

    /// A store's logo, by the hash in its path: what it is, and its bytes.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`].
    pub async fn logo(&self, hash: &str) -> Result<(PictureKind, Vec<u8>), GatewayError> {
        let hash = hash.to_owned();
        let found = self.engine.database.read(move |txn| brandings::logo(txn, &hash));
        found.await?.ok_or(GatewayError::NotFound)
    }

    /// The origins that may show a payment's pages in a frame: those of the shop's own pages, for a payment that the
    /// widget started.
    ///
    /// # Errors
    /// [`GatewayError::Busy`], [`GatewayError::Internal`].
    pub async fn frame_origins(&self, view: &PaymentView) -> Result<Vec<String>, GatewayError> {
        let shop = view.payment.shop;
        let widget = self.engine.database.read(move |txn| widgets::of_shop(txn, shop));
        let widget = widget.await?;
        Ok(if widget.is_enabled {
            widget.origins
        } else {
            Vec::new()
        })
    }
}

/// In whose name a customer chooses: the shop's, in the payment's mode.
fn caller_of(view: &PaymentView) -> Caller {
    Caller {
        shop: Arc::clone(&view.shop),
        mode: view.payment.mode,
        key: view.payment.key,
    }
}
