//! Donation pages in every state, for tests.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency, Means};
use crate::domain::confirmations::Tiers;
use crate::domain::donation::DonationPage;
use crate::domain::ids::ShopId;
use crate::domain::network::{Bip, Family, Mode, Network, NetworkId};
use crate::domain::shop::{Dialect, Rules, Shop};
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Caller, DonationView};

pub(super) fn accepted() -> Vec<Means> {
    let usdt = Address::parse(Family::Tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t").unwrap();
    vec![
        means("tron", "TRON", Family::Tron, "USDT", 6, Some(usdt), "USDT_TRC20"),
        means(
            "bitcoin",
            "Bitcoin",
            Family::Bitcoin(Bip::Mainnet),
            "BTC",
            8,
            None,
            "BTC",
        ),
    ]
}

fn means(
    slug: &str,
    name: &str,
    family: Family,
    symbol: &str,
    decimals: u8,
    contract: Option<Address>,
    code: &str,
) -> Means {
    let id = NetworkId::parse(slug).unwrap();
    let word = contract
        .as_ref()
        .map_or(Currency::NATIVE.to_owned(), |_| symbol.to_lowercase());
    let asset = Asset {
        network: id.clone(),
        currency: Currency::parse(&word).unwrap(),
        symbol: symbol.into(),
        decimals,
        quote_decimals: decimals,
        contract,
    };
    let network = Network {
        id,
        slug: slug.into(),
        name: name.into(),
        mode: Mode::Live,
        family,
        confirmations: Tiers::flat(2),
        final_depth: 64,
        block_time: Duration::from_secs(3),
        timestamp_slack: Duration::ZERO,
    };
    Means {
        network: Arc::new(network),
        asset: Arc::new(asset),
        code: code.to_owned(),
    }
}

pub(super) fn view(page: DonationPage) -> DonationView {
    let shop = Shop {
        id: ShopId::new(1),
        name: "North Wind Shelter".to_owned(),
        dialect: Dialect::Soko,
        website: None,
        rules: Rules::default(),
        mode: Mode::Live,
        disabled_at: None,
        language: None,
        fiat: crate::domain::money::Fiat::Usd,
        brand: crate::domain::brand::Brand::default(),
        created_at: UnixMillis::from_seconds(1_774_101_600),
    };
    DonationView {
        caller: Caller {
            shop: Arc::new(shop),
            mode: Mode::Live,
            key: None,
        },
        page,
        given: None,
        count: 0,
        accepted: accepted(),
    }
}
