//! The checkout page of a payment that there is not, for a merchant who tries how their store could look.

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;
use url::Url;

use super::framing::Framing;
use super::manner::Manner;
use super::page::{Shown, pay_page_of};
use crate::domain::asset::Means;
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid};
use crate::domain::money::{BaseUnits, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::{Ask, Order, Origin, Payment, Progress};
use crate::domain::price::Price;
use crate::domain::shop::Shop;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::engine::gateway::{Chosen, PaymentView};
use crate::web::text::Language;

/// Nobody can send anything there.
const ADDRESS: &str = "PREVIEW-NOT-AN-ADDRESS-PREVIEW";

/// What a preview is of.
pub(in crate::web) struct Preview {
    /// The store, with the looks that are tried.
    pub(in crate::web) shop: Shop,
    /// What it is paid with.
    pub(in crate::web) means: Means,
    /// The language it is in.
    pub(in crate::web) language: &'static Language,
    /// The URL of the style sheet of all of it.
    pub(in crate::web) style: String,
    /// The URL of the picture.
    pub(in crate::web) logo: Option<String>,
    /// The time.
    pub(in crate::web) now: UnixMillis,
}

/// The page. It runs no script and leads nowhere.
pub(in crate::web) fn page(preview: Preview, public_url: &Url) -> String {
    let (language, now) = (preview.language, preview.now);
    let (style, logo) = (preview.style.clone(), preview.logo.clone());
    let Some(view) = view(preview) else {
        return String::new();
    };
    let shown = Shown {
        language,
        manner: &Manner::default(),
        framing: &Framing::Nobody,
        now,
        public_url,
        notice: None,
    };
    pay_page_of(&view, &shown, |frame| {
        frame.style = style;
        frame.script = String::new();
        frame.languages.clear();
        frame.refresh = None;
        frame.brand.style = None;
        frame.brand.logo = logo;
    })
}

fn view(preview: Preview) -> Option<PaymentView> {
    let Preview { shop, means, now, .. } = preview;
    let decimals = means.asset.decimals;
    let due = BaseUnits::from_decimal("24.9", decimals).ok()?;
    let ask = Ask {
        network: means.network.id.clone(),
        currency: means.asset.currency.clone(),
        address: ADDRESS.into(),
        way: Way::Pool,
        quoted: due,
        due,
        required: due,
        confirmations: means.network.confirmations.lowest(),
        rate: Decimal::ONE,
        rate_source: String::new(),
    };
    let payment = Payment {
        id: PaymentId::new(0),
        shop: shop.id,
        number: PaymentNumber::new(2026, 1),
        token: PaymentToken::from_random([0; 32]),
        uuid: PaymentUuid::from_random([0; 16]),
        code: PaymentCode::new(1)?,
        mode: Mode::Live,
        status: Status::Pending,
        origin: Origin::Api,
        key: None,
        price: Price::Fiat(FiatAmount {
            currency: shop.fiat,
            minor: 2490,
        }),
        usd_cents: None,
        ask: Some(ask.clone()),
        order: Order {
            external_id: "1042".to_owned(),
            ..Order::default()
        },
        progress: Progress::default(),
        created_at: now,
        asked_at: Some(now),
        expires_at: now.plus(Duration::from_secs(30 * 60)),
        confirmed_at: None,
    };
    Some(PaymentView {
        shop: Arc::new(shop),
        price_asset: None,
        chosen: Some(Chosen { ask, means }),
        payment,
        confirmations: 0,
    })
}
