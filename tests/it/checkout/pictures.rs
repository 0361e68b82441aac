//! The pictures of the README, made by `tests/pictures/make`; every other run makes them among the other shots.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

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
    shop.hold_leaving().await;
    shop.visit(order()).await;
    shop.reaches("waiting").await;
    for (name, size, scheme) in [
        ("checkout-phone-light-pending", PHONE, Scheme::Light),
        ("checkout-desktop-dark-pending", DESKTOP, Scheme::Dark),
    ] {
        take(&mut shop, &folder, name, size, scheme).await;
    }
    while !confirming(&mut shop, &folder).await {
        // It was paid before the picture was made: the next customer's may be caught.
        shop.visit(order()).await;
    }
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

fn order() -> Value {
    json!({ "external_order_id": "1042", "customer_email": "jo@example.com",
        "redirect_url": "https://northwind.example/orders/1042" })
}

/// Pays, and takes the picture of money that confirms; whether it was taken while there was one.
async fn confirming(shop: &mut Shop, folder: &Path) -> bool {
    const NAME: &str = "checkout-phone-dark-confirming";
    shop.simulate("exact").await;
    let shown = |stage: &str| format!("[data-region=pay][data-stage={stage}]");
    let any = format!("{}, {}", shown("confirming"), shown("paid"));
    shop.browser.wait_for(&any).await;
    // As few as this are seen by whoever looks at the page in time, and they show how it goes on.
    let some = "Number(document.querySelector('[role=progressbar]')?.ariaValueNow ?? 99) >= 5";
    shop.browser.wait_for_truth(some).await;
    take(shop, folder, NAME, PHONE, Scheme::Dark).await;
    shop.browser.count(&shown("confirming")).await == 1
}

async fn take(shop: &mut Shop, folder: &Path, name: &str, (width, height): (u32, u32), scheme: Scheme) {
    shop.browser.view(width, height, scheme).await;
    shop.browser
        .picture(folder.join(format!("{name}.png")), false)
        .await;
}
