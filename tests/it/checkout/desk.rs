//! What only some of the APIs let a shop ask for, made beside the running daemon as its own commands do it.

use std::sync::Arc;

use payd::cli::args::Globals;
use payd::cli::session::Session;
use payd::cli::wiring;
use payd::domain::asset::Currency;
use payd::domain::money::{Fiat, FiatAmount};
use payd::domain::network::{Mode, NetworkId};
use payd::domain::payment::{Order, Origin};
use payd::domain::shop::Accepted;
use payd::domain::widget::Widget;
use payd::engine::gateway::{Caller, CreateRequest, PayWith, PaymentView};
use payd::store::{accepted, widgets};

use super::Shop;
use crate::harness::daemon::Daemon;

/// Everything there is a sign for, and a currency that has none.
const ACCEPTED: [(&str, &str); 7] = [
    ("tron", "usdt"),
    ("bitcoin", "native"),
    ("ethereum", "native"),
    ("bsc", "usdt"),
    ("litecoin", "native"),
    ("bsc", "native"),
    ("bsc", "busd"),
];

impl Shop {
    /// Makes a payment of $50.00 whose currency the customer is to choose.
    pub(super) async fn open_payment(&self, origin: Origin, order: Order) -> PaymentView {
        let session = session(&self.daemon);
        let shop = session.shop(&self.name).await.expect("the shop");
        let (id, all) = (shop.id, ACCEPTED.map(accepts));
        let widget = Widget {
            is_enabled: true,
            origins: vec![self.site.url("").trim_end_matches('/').to_owned()],
            takes_amounts: true,
        };
        let set = session.write(move |txn| {
            widgets::set(txn, id, &widget)?;
            Ok(accepted::set(txn, id, &all)?)
        });
        set.await.expect("what the shop accepts");
        let caller = Caller {
            shop: Arc::new(shop),
            mode: Mode::Test,
            key: None,
        };
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        };
        let request = CreateRequest {
            origin,
            order: Order {
                external_id: "1042".to_owned(),
                metadata: "{}".to_owned(),
                ..order
            },
            ..CreateRequest::new(price, PayWith::Accepted)
        };
        let gateway = wiring::gateway(&session).expect("an engine");
        let created = gateway.create(&caller, request).await.expect("a payment");
        drop(gateway);
        session.close().await;
        created.view
    }

    /// The URL of the payment's page, or of where its currency is chosen.
    pub(super) fn page_of(&self, view: &PaymentView) -> String {
        self.daemon.url(&format!("/pay/{}", view.payment.token.as_str()))
    }
}

fn session(daemon: &Daemon) -> Session {
    let globals = Globals {
        data_dir: Some(daemon.data_dir()),
        config: Some(daemon.config_file()),
        json: false,
    };
    Session::open(&globals).expect("the daemon's database")
}

fn accepts((slug, currency): (&str, &str)) -> Accepted {
    Accepted {
        slug: NetworkId::parse(slug).expect("a network"),
        currency: Currency::parse(currency).expect("a currency"),
    }
}
