//! The overlay and the donation bar in each of their languages.

use super::*;

/// What a page of the shop says to its customers in one language.
struct Words {
    code: &'static str,
    /// The overlay's title.
    pay: &'static str,
    close: &'static str,
    /// The page of the payment in it.
    waiting: &'static str,
    /// The page of a payment that cannot be.
    refused: &'static str,
    /// On the button of the bar.
    donate: &'static str,
    /// The overlay's title over the donation page.
    donation: &'static str,
}

const LANGUAGES: [Words; 8] = [
    Words {
        code: "en",
        pay: "Pay with crypto",
        close: "Close",
        waiting: "Waiting for your payment",
        refused: "This payment cannot be started",
        donate: "Donate",
        donation: "Donate with crypto",
    },
    Words {
        code: "ru",
        pay: "Оплата криптовалютой",
        close: "Закрыть",
        waiting: "Ожидаем ваш платёж",
        refused: "Не удалось начать платёж",
        donate: "Пожертвовать",
        donation: "Пожертвование криптовалютой",
    },
    Words {
        code: "zh",
        pay: "加密货币支付",
        close: "关闭",
        waiting: "等待您付款",
        refused: "无法发起此付款",
        donate: "捐款",
        donation: "加密货币捐款",
    },
    Words {
        code: "es",
        pay: "Pagar con criptomonedas",
        close: "Cerrar",
        waiting: "Esperamos su pago",
        refused: "No se puede iniciar este pago",
        donate: "Donar",
        donation: "Donar con criptomonedas",
    },
    Words {
        code: "de",
        pay: "Mit Krypto bezahlen",
        close: "Schließen",
        waiting: "Warten auf Ihre Zahlung",
        refused: "Diese Zahlung kann nicht gestartet werden",
        donate: "Spenden",
        donation: "Mit Krypto spenden",
    },
    Words {
        code: "fr",
        pay: "Payer en cryptomonnaie",
        close: "Fermer",
        waiting: "En attente de votre paiement",
        refused: "Ce paiement ne peut pas commencer",
        donate: "Faire un don",
        donation: "Faire un don en cryptomonnaie",
    },
    Words {
        code: "pt",
        pay: "Pagar com criptomoedas",
        close: "Fechar",
        waiting: "Aguardando seu pagamento",
        refused: "Não é possível iniciar este pagamento",
        donate: "Doar",
        donation: "Doar com criptomoedas",
    },
    Words {
        code: "ja",
        pay: "暗号資産でのお支払い",
        close: "閉じる",
        waiting: "お支払いをお待ちしています",
        refused: "このお支払いを開始できません",
        donate: "寄付する",
        donation: "暗号資産での寄付",
    },
];

/// The narrowest phone.
const SMALL: (u32, u32) = (320, 640);

impl Shop {
    /// Waits until the page in the overlay says this in its heading.
    async fn is_there(&mut self, heading: &str, text: &str) {
        let selector = format!("{heading}:has-text(\"{text}\")");
        self.browser.wait_in_frame(FRAME, &selector).await;
    }

    /// The overlay has this title, and nothing in it is cut off on a small phone.
    async fn fits(&mut self, title: &str, words: &Words, shown: &str) {
        let Words { code, close, .. } = words;
        assert_eq!(self.browser.text("dialog h2").await, title);
        for (part, attribute, value) in [
            ("dialog", "lang", *code),
            ("dialog .close", "aria-label", *close),
            (FRAME, "title", title),
        ] {
            let found = self.browser.attribute(part, attribute).await;
            assert_eq!(found.as_deref(), Some(value), "{code} {part}");
        }
        let lang = self
            .browser
            .evaluate_in_frame(FRAME, "document.documentElement.lang")
            .await;
        assert_eq!(lang, json!(code));
        self.browser.view(SMALL.0, SMALL.1, Scheme::Light).await;
        self.browser
            .screenshot(&format!("language-{code}-widget-{shown}"), false)
            .await;
        assert_eq!(
            self.browser.overflowing().await,
            Vec::<Value>::new(),
            "{code} {shown}"
        );
        assert_eq!(self.browser.axe().await, Vec::<Value>::new(), "{code} {shown}");
        self.browser.key("Escape").await;
        self.browser
            .wait_for_truth(
                "!document.querySelector('body > div:last-of-type')?.shadowRoot?.querySelector('dialog')",
            )
            .await;
    }
}

#[tokio::test]
async fn the_overlay_speaks_each_language() {
    let mut shop = Shop::open(false).await;
    for words in LANGUAGES {
        for (fields, heading, text, shown) in [
            ("{ price: 'course' }", "#stage-title", words.waiting, "pay"),
            ("{ price: 'nothing' }", "h1", words.refused, "refused"),
        ] {
            let page = shop.selling(fields);
            let page = page.replace("/widget.js\"", &format!("/widget.js?lang={}\"", words.code));
            shop.visit(&page).await;
            shop.browser.click("#pay-btn").await;
            shop.is_there(heading, text).await;
            shop.fits(words.pay, &words, shown).await;
        }
    }
}

#[tokio::test]
async fn the_donation_bar_speaks_each_language() {
    let mut shop = Shop::open(false).await;
    shop.daemon.cli(&["donation", "set", "North Wind Coffee", "--on"]);
    for words in LANGUAGES {
        let snippet = shop.snippet("donate-topbar.html");
        let script = "/donate-widget.js\"";
        assert!(snippet.contains(script), "{snippet}");
        let asked = format!("/donate-widget.js?lang={}\"", words.code);
        let page = format!("<main><h1>Blog</h1>{}</main>", snippet.replace(script, &asked));
        shop.visit(&page).await;
        shop.browser.view(SMALL.0, SMALL.1, Scheme::Light).await;
        assert_eq!(shop.browser.text(".topbar .donate").await, words.donate);
        assert_eq!(
            shop.browser.attribute(".topbar", "aria-label").await.as_deref(),
            Some(words.donation)
        );
        shop.browser
            .screenshot(&format!("language-{}-widget-bar", words.code), false)
            .await;
        assert_eq!(
            shop.browser.overflowing().await,
            Vec::<Value>::new(),
            "{}",
            words.code
        );
        assert_eq!(shop.browser.axe().await, Vec::<Value>::new(), "{}", words.code);
        shop.browser.click(".topbar .donate").await;
        shop.browser.wait_in_frame(FRAME, ".give").await;
        shop.fits(words.donation, &words, "donation").await;
    }
}
