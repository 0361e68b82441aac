//! The pictures of the README, made by `tests/pictures/make`; every other run makes them among the other shots.

use std::path::PathBuf;

use serde_json::json;

use super::{PHONE, Shop};
use crate::harness::browser::{Options, Scheme};

/// Room for the payment and no more: the test panel below it is no part of what a shop's customer sees.
const DESKTOP: (u32, u32) = (1280, 740);

#[tokio::test]
async fn the_pictures_of_the_readme_can_be_made() {
    let folder = std::env::var_os("PAYD_PICTURES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shots")),
        PathBuf::from,
    );
    let options = Options {
        scale: 2,
        ..Options::default()
    };
    let mut shop = Shop::open_with(options, "North Wind Coffee").await;
    shop.visit(
        json!({ "external_order_id": "1042", "customer_email": "jo@example.com",
        "redirect_url": "https://northwind.example/orders/1042" }),
    )
    .await;
    shop.reaches("waiting").await;
    for (name, size, scheme) in [
        ("checkout-phone-light-pending", PHONE, Scheme::Light),
        ("checkout-desktop-dark-pending", DESKTOP, Scheme::Dark),
    ] {
        take(&mut shop, &folder, name, size, scheme).await;
    }
    shop.simulate("exact").await;
    shop.browser
        .wait_for("[role=progressbar][aria-valuenow='7']")
        .await;
    take(
        &mut shop,
        &folder,
        "checkout-phone-dark-confirming",
        PHONE,
        Scheme::Dark,
    )
    .await;
    shop.reaches("paid").await;
    take(
        &mut shop,
        &folder,
        "checkout-desktop-light-paid",
        DESKTOP,
        Scheme::Light,
    )
    .await;
}

async fn take(
    shop: &mut Shop,
    folder: &std::path::Path,
    name: &str,
    (width, height): (u32, u32),
    scheme: Scheme,
) {
    shop.browser.view(width, height, scheme).await;
    shop.browser
        .picture(folder.join(format!("{name}.png")), false)
        .await;
}
