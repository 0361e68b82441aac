//! The donation page in each of its languages.

use serde_json::{Value, json};

use super::Shelter;
use crate::harness::browser::Scheme;

/// A language, and in it: what is asked first, what was given of the goal, and what a donor who writes nonsense is told.
const LANGUAGES: [(&str, &str, &str, &str); 8] = [
    (
        "en",
        "Choose an amount",
        "$5,230.50 of $12,500",
        "Write the amount like 12.00.",
    ),
    (
        "ru",
        "Выберите сумму",
        "Собрано 5\u{a0}230,50\u{a0}$ из 12\u{a0}500\u{a0}$",
        "Укажите сумму в таком виде: 12,00.",
    ),
    (
        "zh",
        "选择金额",
        "已筹 US$5,230.50，目标 US$12,500",
        "请按此格式输入金额：12.00",
    ),
    (
        "es",
        "Elija un importe",
        "5.230,50\u{a0}US$ de 12.500\u{a0}US$",
        "Escriba el importe así: 12,00.",
    ),
    (
        "de",
        "Betrag wählen",
        "5.230,50\u{a0}$ von 12.500\u{a0}$",
        "Geben Sie den Betrag so ein: 12,00.",
    ),
    (
        "fr",
        "Choisissez un montant",
        "5\u{202f}230,50\u{a0}$US sur 12\u{202f}500\u{a0}$US",
        "Saisissez le montant ainsi\u{a0}: 12,00.",
    ),
    (
        "pt",
        "Escolha um valor",
        "US$\u{a0}5.230,50 de US$\u{a0}12.500",
        "Digite o valor assim: 12,00.",
    ),
    (
        "ja",
        "金額を選択",
        "目標 $12,500 のうち $5,230.50",
        "金額は 12.00 のように入力してください。",
    ),
];

/// The narrowest phone.
const SMALL: (u32, u32) = (320, 640);

impl Shelter {
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
async fn the_page_speaks_each_language() {
    let amounts = "5,10,25,50,1000";
    let title = "North Wind Winter Fund";
    let mut shelter = Shelter::open(&["--title", title, "--goal", "12500", "--amounts", amounts]).await;
    shelter
        .accept(&[("tron", "usdt"), ("bitcoin", "native"), ("ethereum", "native")])
        .await;
    shelter.visit("").await;
    shelter.give().await;
    shelter.reaches("waiting").await;
    shelter.was_given(523_050).await;
    let live = shelter.daemon.add_key(super::STORE, "live");
    for (code, amount, given, mistake) in LANGUAGES {
        // What was given is shown with a live key alone.
        let test = std::mem::replace(&mut shelter.key, live.clone());
        shelter.visit(&format!("?lang={code}")).await;
        assert_eq!(shelter.browser.text("#goal-text").await, given);
        shelter.key = test;
        shelter.visit(&format!("?lang={code}")).await;
        assert_eq!(
            shelter.browser.attribute("html", "lang").await.as_deref(),
            Some(code)
        );
        assert_eq!(
            shelter.browser.text(".gift-choices:not(.means) legend").await,
            amount
        );
        shelter.fits(code).await;
        shelter
            .browser
            .screenshot(&format!("language-{code}-donate"), true)
            .await;
        shelter.is_sound().await;

        shelter.choose("preset", "own").await;
        shelter.browser.fill("#own", "x").await;
        shelter.give().await;
        shelter.browser.wait_for("#mistake").await;
        assert_eq!(shelter.browser.text("#mistake").await, mistake);
        shelter.fits(code).await;
        // The browser itself logs that the page's status was 422.
        shelter.browser.console_errors().await;
        shelter
            .browser
            .screenshot(&format!("language-{code}-donate-mistake"), true)
            .await;
        shelter.is_sound().await;
    }
}
