//! How the page looks with little on it, with much, and with what does not become it.

use super::{STORE, Shelter};

const LONG: &str = "Every winter some forty cats and dogs are left at our door, and every one of them is taken in, seen by a vet, \
                    fed, warmed and, we are proud to say, nearly always brought to a home of its own before the spring.\n\n\
                    Your gift goes to food, medicine and heating, and to nothing else.";

#[tokio::test]
async fn a_plain_page_is_sound() {
    let mut shelter = Shelter::open(&[]).await;
    shelter.visit("").await;
    shelter.pictures("plain").await;
    shelter.is_sound().await;
}

#[tokio::test]
async fn a_page_with_everything_is_sound() {
    let ten = "5,10,25,50,100,250,500,1000,2500,12500.50";
    let mut shelter = Shelter::open(&[
        "--title",
        "Help us through the winter",
        "--text",
        LONG,
        "--goal",
        "12500",
        "--amounts",
        ten,
        "--color",
        "#e11d48",
    ])
    .await;
    shelter
        .accept(&[
            ("tron", "usdt"),
            ("bitcoin", "native"),
            ("ethereum", "native"),
            ("bsc", "usdc"),
        ])
        .await;
    shelter.visit("").await;
    shelter.give().await;
    shelter.reaches("waiting").await;
    shelter.was_given(523_050).await;
    // What was given is shown with a live key alone: a test key knows of no real money.
    let live = shelter.daemon.add_key(STORE, "live");
    let test = std::mem::replace(&mut shelter.key, live);
    shelter.visit("").await;
    assert_eq!(shelter.browser.text("#goal-text").await, "$5,230.50 of $12,500");
    shelter.pictures("full").await;
    shelter.is_sound().await;
    shelter.key = test;
    shelter.visit("").await;
    assert_eq!(shelter.browser.text("#goal-text").await, "$0 of $12,500");
    shelter.choose("preset", "own").await;
    shelter.choose("currency", "BTC").await;
    shelter.pictures("full-own").await;
    shelter.is_sound().await;
}

#[tokio::test]
async fn a_colour_that_is_hard_to_see_leaves_everything_to_be_seen() {
    let mut shelter = Shelter::open(&["--goal", "500", "--amounts", "5,10,25"]).await;
    for (name, colour) in [
        ("yellow", "#fff200"),
        ("white", "#ffffff"),
        ("black", "#000000"),
        ("grey", "#808080"),
    ] {
        shelter.set(&["--color", colour]);
        shelter.visit("").await;
        shelter.pictures(name).await;
        shelter.is_sound().await;
    }
}

#[tokio::test]
async fn words_without_an_end_and_many_things_to_pay_with_stay_on_the_page() {
    let title = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkundenmappenhalter";
    let text = "x".repeat(1000);
    let mut shelter = Shelter::open(&[
        "--title",
        title,
        "--text",
        &text,
        "--fiat",
        "vnd",
        "--amounts",
        "100000,2500000,1000000000",
        "--goal",
        "90000000000",
    ])
    .await;
    let all = ["bitcoin", "litecoin", "ethereum", "bsc", "tron"].map(|network| (network, "native"));
    shelter
        .accept(&[&all[..], &[("tron", "usdt"), ("bsc", "usdt")]].concat())
        .await;
    shelter.visit("?embed=1&origin=https://blog.example").await;
    shelter.pictures("long-embedded").await;
    shelter.visit("").await;
    shelter.pictures("long").await;
    shelter.is_sound().await;
}

#[tokio::test]
async fn where_there_is_no_page_it_is_said_nicely() {
    let mut shelter = Shelter::open(&[]).await;
    shelter.set(&["--off"]);
    let url = shelter.url("");
    assert_eq!(shelter.browser.open(&url).await["status"], serde_json::json!(404));
    shelter.pictures("closed").await;
    shelter.browser.console_errors().await;
    shelter.is_sound().await;
}
