//! Keys that stand in web pages, and what else they open: nothing.

use crate::domain::donation::DonationPage;
use crate::domain::shop::Dialect;
use crate::domain::widget::Widget;
use crate::engine::gateway::GatewayError;
use crate::engine::stage::{Stage, StagedShop};
use crate::store::{donations, widgets};

async fn open_pages(stage: &Stage, shop: &StagedShop, is_enabled: bool) {
    let id = shop.id;
    stage
        .write(move |txn| {
            let page = DonationPage {
                is_enabled,
                ..DonationPage::default()
            };
            let widget = Widget {
                is_enabled,
                ..Widget::default()
            };
            donations::set_page(txn, id, &page)?;
            widgets::set(txn, id, &widget)
        })
        .await;
}

#[tokio::test]
async fn a_key_for_web_pages_opens_the_pages_of_its_store_and_no_api() {
    for dialect in Dialect::ALL {
        let stage = Stage::new();
        let shop = stage.shop(*dialect).await;
        open_pages(&stage, &shop, true).await;
        let (gateway, key) = (&stage.gateway, stage.page_key(&shop).await);
        assert!(gateway.donation_page(&key, None).await.is_ok(), "{dialect}");
        assert!(gateway.widget(&key, None).await.is_ok(), "{dialect}");
        let refused = gateway.authenticate_by_key_alone(&key, None).await;
        assert!(matches!(refused, Err(GatewayError::Unauthorized)), "{dialect}");
        let refused = gateway.credentials(&key, None).await;
        assert!(matches!(refused, Err(GatewayError::Unauthorized)), "{dialect}");
    }
}

#[tokio::test]
async fn a_key_that_is_as_good_as_a_password_opens_no_page_and_goes_on_working() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Payhook).await;
    open_pages(&stage, &shop, true).await;
    let (gateway, key) = (&stage.gateway, &shop.test.key);
    for refused in [
        gateway.donation_page(key, None).await.err(),
        gateway.widget(key, None).await.err(),
    ] {
        let advice = refused.unwrap().to_string();
        assert!(advice.contains("payd key add --public"), "{advice}");
    }
    assert!(gateway.authenticate_by_key_alone(key, None).await.is_ok());
}

#[tokio::test]
async fn the_key_of_an_api_that_signs_may_stand_in_pages_and_is_then_no_password() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Soko).await;
    let (gateway, key) = (&stage.gateway, &shop.test.key);
    assert!(gateway.authenticate_by_key_alone(key, None).await.is_ok());
    open_pages(&stage, &shop, true).await;
    assert!(gateway.donation_page(key, None).await.is_ok() && gateway.widget(key, None).await.is_ok());
    let refused = gateway.authenticate_by_key_alone(key, None).await;
    assert!(matches!(refused, Err(GatewayError::NotOpen(_))));
    assert!(
        gateway.credentials(key, None).await.is_ok(),
        "a signature proves what the key does not"
    );
    open_pages(&stage, &shop, false).await;
    assert!(gateway.authenticate_by_key_alone(key, None).await.is_ok());
}
