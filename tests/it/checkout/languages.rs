//! The page in each of its languages: the one asked for, and the browser's own.

use payd::domain::payment::{Order, Origin};
use serde_json::{Value, json};

use super::{Shop, text_of};
use crate::harness::browser::{Browser, Options, Scheme};

/// The heading of a payment of which a part has come, in the order of [`LANGUAGES`].
const PART_PAID: [&str; 8] = [
    "Part of it has arrived",
    "Получена часть суммы",
    "已收到部分款项",
    "Hemos recibido una parte",
    "Ein Teil ist eingegangen",
    "Paiement partiel reçu",
    "Recebemos uma parte",
    "一部を受け取りました",
];

/// The heading where the currency is chosen, in the order of [`LANGUAGES`].
const SELECT: [&str; 8] = [
    "Choose what to pay with",
    "Выберите валюту платежа",
    "请选择支付币种",
    "Elija con qué pagar",
    "Womit möchten Sie zahlen?",
    "Choisissez la monnaie de paiement",
    "Escolha a moeda do pagamento",
    "お支払い通貨をお選びください",
];

/// A language, a browser that asks for it, its own name, the heading of a payment that waits, and the price.
const LANGUAGES: [(&str, &str, &str, &str, &str); 8] = [
    ("en", "en-GB", "English", "Waiting for your payment", "$50.00"),
    ("ru", "ru-RU", "Русский", "Ожидаем ваш платёж", "50,00\u{a0}$"),
    ("zh", "zh-CN", "简体中文", "等待您付款", "US$50.00"),
    ("es", "es-MX", "Español", "Esperamos su pago", "50,00\u{a0}US$"),
    (
        "de",
        "de-AT",
        "Deutsch",
        "Warten auf Ihre Zahlung",
        "50,00\u{a0}$",
    ),
    (
        "fr",
        "fr-CA",
        "Français",
        "En attente de votre paiement",
        "50,00\u{a0}$US",
    ),
    (
        "pt",
        "pt-BR",
        "Português",
        "Aguardando seu pagamento",
        "US$\u{a0}50,00",
    ),
    ("ja", "ja-JP", "日本語", "お支払いをお待ちしています", "$50.00"),
];

/// The narrowest phone.
const SMALL: (u32, u32) = (320, 640);

impl Shop {
    /// The page speaks this language, all of it, and holds on a small phone.
    async fn speaks(&mut self, (code, _, name, heading, price): (&str, &str, &str, &str, &str)) {
        assert_eq!(
            self.browser.attribute("html", "lang").await.as_deref(),
            Some(code)
        );
        assert_eq!(self.text("#stage-title").await, heading);
        assert_eq!(self.text(".price-figure").await, price);
        // What is copied into a wallet is written as wallets read it.
        assert_eq!(self.text(".figure").await, "50.000000");
        assert_eq!(self.text(".languages [aria-current]").await, name);
        assert_eq!(self.browser.count(".languages a").await, 8);
        self.fits(code).await;
    }

    /// Nothing of the page is wider than a small phone.
    async fn fits(&mut self, code: &str) {
        self.browser.view(SMALL.0, SMALL.1, Scheme::Light).await;
        let width = self
            .browser
            .evaluate("document.documentElement.scrollWidth")
            .await;
        assert_eq!(width, json!(SMALL.0), "{code} is wider than a phone");
        assert_eq!(self.browser.overflowing().await, Vec::<Value>::new(), "{code}");
    }
}

#[tokio::test]
async fn each_language_is_shown_when_the_url_asks_for_it_and_is_kept_from_page_to_page() {
    let mut shop = Shop::open().await;
    for (language, part_paid) in LANGUAGES.into_iter().zip(PART_PAID) {
        let (code, ..) = language;
        let payment = shop.payment(json!({ "external_order_id": "1042" })).await;
        let url = format!("{}?lang={code}", text_of(&payment, "checkout_url"));
        assert_eq!(shop.browser.open(&url).await["status"], json!(200));
        shop.speaks(language).await;
        shop.browser
            .screenshot(&format!("language-{code}-waiting"), true)
            .await;
        shop.is_sound().await;
        shop.simulate("under").await;
        shop.reaches("part-paid").await;
        assert!(shop.browser.url().await.ends_with(&format!("?lang={code}")));
        assert_eq!(shop.text("#stage-title").await, part_paid);
    }
}

#[tokio::test]
async fn the_choice_of_a_currency_speaks_each_language() {
    let mut shop = Shop::open().await;
    let view = shop.open_payment(Origin::Api, Order::default()).await;
    for ((code, _, name, ..), heading) in LANGUAGES.into_iter().zip(SELECT) {
        shop.browser
            .open(&format!("{}?lang={code}", shop.page_of(&view)))
            .await;
        assert_eq!(
            shop.browser.attribute("html", "lang").await.as_deref(),
            Some(code)
        );
        assert_eq!(shop.text("#stage-title").await, heading);
        assert_eq!(shop.text(".languages [aria-current]").await, name);
        assert_eq!(shop.browser.count(".choice").await, 7, "{code}");
        shop.fits(code).await;
        shop.browser
            .screenshot(&format!("language-{code}-select"), true)
            .await;
        shop.is_sound().await;
    }
}

#[tokio::test]
async fn each_language_is_shown_to_a_browser_that_asks_for_it() {
    let mut shop = Shop::open().await;
    let payment = shop.payment(json!({})).await;
    for language in LANGUAGES {
        shop.browser = Browser::start_with(Options {
            locale: language.1,
            ..Options::default()
        })
        .await;
        shop.look(&payment).await;
        shop.speaks(language).await;
        shop.is_quiet().await;
    }
}

#[tokio::test]
async fn another_language_is_chosen_with_the_keyboard_and_without_javascript() {
    let options = Options {
        javascript: false,
        locale: "fr-FR",
        ..Options::default()
    };
    let mut shop = Shop::open_with(options, "North Wind Coffee").await;
    shop.visit(json!({})).await;
    assert_eq!(shop.text("#stage-title").await, "En attente de votre paiement");
    shop.browser.press(".languages a[lang=ru]", "Enter").await;
    shop.browser.wait_for_url("?lang=ru").await;
    shop.browser.wait_for_text("Ожидаем ваш платёж").await;
    shop.browser.press(".languages a[lang=ja]", "Enter").await;
    shop.browser.wait_for_url("?lang=ja").await;
    shop.browser.wait_for_text("お支払いをお待ちしています").await;
    // What there is no text in is passed over.
    let elsewhere = shop.browser.url().await.replace("lang=ja", "lang=xx");
    shop.browser.open(&elsewhere).await;
    shop.browser.wait_for_text("En attente de votre paiement").await;
    shop.is_quiet().await;
}
