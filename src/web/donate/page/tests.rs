//! Every state of a donation page as a page.

use super::*;
use crate::domain::donation::DonationPage;
use crate::domain::money::Fiat;
use crate::web::donate::sample;

struct Sample {
    view: DonationView,
    query: &'static str,
    typed: Typed,
    mistake: Option<Mistake>,
}

impl Sample {
    fn new(page: DonationPage) -> Self {
        Self {
            view: sample::view(page),
            query: "",
            typed: Typed::default(),
            mistake: None,
        }
    }

    fn render(&self) -> Rendered {
        page(&Shown {
            view: &self.view,
            api_key: "pk_00aa",
            look: &Look::of_query(Some(self.query)),
            language: text::choose(None, None, None),
            base: "/shop/pay",
            typed: &self.typed,
            mistake: self.mistake.as_ref(),
        })
    }

    fn html(&self) -> String {
        let html = self.render().html;
        assert!(html.contains("</html>"), "the page was not written");
        html
    }
}

fn plain() -> DonationPage {
    DonationPage {
        is_enabled: true,
        ..DonationPage::default()
    }
}

#[test]
fn a_page_with_nothing_set_has_the_shops_name_the_usual_amounts_and_a_form() {
    let html = Sample::new(plain()).html();
    assert!(html.contains("<h1 class=\"gift-title\">North Wind Shelter</h1>"));
    for (value, label) in [
        ("5.00", "$5"),
        ("10.00", "$10"),
        ("25.00", "$25"),
        ("50.00", "$50"),
    ] {
        let button = format!(
            "value=\"{value}\"{}><span>{label}</span>",
            if value == "5.00" { " checked" } else { "" }
        );
        assert!(html.contains(&button), "{button}");
    }
    assert!(html.contains("action=\"/shop/pay/donate/create\""));
    assert!(html.contains("name=\"api_key\" value=\"pk_00aa\""));
    assert!(html.contains("href=\"/shop/pay/assets/"));
    for absent in [
        "<progress",
        "gift-text",
        "test-banner",
        "embedded",
        "data-origin",
        "role=\"alert\"",
        "style=\"",
    ] {
        assert!(!html.contains(absent), "{absent}");
    }
}

#[test]
fn an_amount_without_cents_is_shown_without_them_and_one_with_cents_with_them() {
    let t = text::choose(None, None, None);
    for (currency, minor, shown) in [
        (Fiat::Usd, 500, "$5"),
        (Fiat::Usd, 550, "$5.50"),
        (Fiat::Usd, 505, "$5.05"),
        (Fiat::Usd, 100_000_000, "$1,000,000"),
        (Fiat::Usd, 100_000, "$1,000"),
        (Fiat::Jpy, 1000, "¥1,000"),
        (Fiat::Kwd, 100_000, "100\u{a0}KWD"),
        (Fiat::Kwd, 100_500, "100.500\u{a0}KWD"),
    ] {
        assert_eq!(price(t, FiatAmount { currency, minor }), shown);
    }
}

#[test]
fn a_goal_is_a_bar_with_words_and_never_more_than_full() {
    for (given, goal, count, percent, text) in [
        (0, 100_000, 0, 0, "$0 of $1,000"),
        (23_050, 100_000, 1, 23, "$230.50 of $1,000"),
        (100_000, 100_000, 12, 100, "$1,000 of $1,000"),
        (1, 1000, 1, 0, "$0.01 of $10"),
        (u64::MAX, 1, 2, 100, " of $0.01"),
    ] {
        let mut sample = Sample::new(DonationPage {
            goal_minor: Some(goal),
            ..plain()
        });
        sample.view.given = Some(FiatAmount {
            currency: Fiat::Usd,
            minor: given,
        });
        sample.view.count = count;
        let html = sample.html();
        assert!(html.contains(&format!(
            "<progress max=\"100\" value=\"{percent}\" aria-labelledby=\"goal-text\">"
        )));
        assert!(html.contains(text), "{text}");
        assert_eq!(html.contains("1 donation so far"), count == 1);
        assert_eq!(html.contains("donations so far"), count > 1);
    }
}

#[test]
fn a_goal_is_told_without_a_bar_while_nobody_knows_what_was_given() {
    let html = Sample::new(DonationPage {
        goal_minor: Some(100_000),
        ..plain()
    })
    .html();
    assert!(html.contains("Goal: $1,000") && !html.contains("<progress"));
}

#[test]
fn what_to_pay_with_is_asked_only_where_there_is_a_choice() {
    let mut sample = Sample::new(plain());
    let both = sample.html();
    assert!(both.contains("name=\"currency\" value=\"USDT_TRC20\" checked><span><b>USDT</b>"));
    assert!(
        both.contains(
            "name=\"currency\" value=\"BTC\"><span><b>BTC</b> <span class=\"gift-network\">Bitcoin"
        )
    );
    sample.typed.currency = "btc".to_owned();
    assert!(sample.html().contains("value=\"BTC\" checked"));
    sample.view.accepted.truncate(1);
    assert!(!sample.html().contains("name=\"currency\""));
    let many = sample::accepted().into_iter().cycle().take(BUTTONS_MAX + 1);
    sample.view.accepted = many.collect();
    assert!(
        sample
            .html()
            .contains("<select id=\"currency\" name=\"currency\"")
    );
}

#[test]
fn what_was_typed_is_kept_and_the_field_that_is_wrong_is_named() {
    let mut sample = Sample::new(plain());
    sample.typed = Typed {
        preset: OWN.to_owned(),
        own: "1,000\"<".to_owned(),
        currency: "BTC".to_owned(),
        name: "Ann <b>".to_owned(),
        message: "\nfirst\n</textarea><script>".to_owned(),
    };
    sample.mistake = Some(Mistake::of(
        &Refusal::AmountMalformed,
        text::choose(None, None, None),
        &sample.view,
    ));
    let html = sample.html();
    assert!(html.contains("role=\"alert\">Write the amount like 12.00.</p>"));
    assert!(html.contains("value=\"1,000&#34;&#60;\""));
    assert!(html.contains("id=\"choose-own\" checked"));
    assert!(html.contains("value=\"Ann &#60;b&#62;\""));
    assert!(html.contains(">\n\nfirst\n&#60;/textarea&#62;&#60;script&#62;</textarea>"));
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 1);
    assert!(!html.contains("value=\"5.00\" checked"));
}

#[test]
fn every_refusal_has_its_words_and_its_field() {
    let view = sample::view(plain());
    for (refusal, field) in [
        (Refusal::AmountMissing, Field::Amount),
        (Refusal::AmountMalformed, Field::Amount),
        (Refusal::AmountTooPrecise(2), Field::Amount),
        (Refusal::AmountZero, Field::Amount),
        (Refusal::AmountTooLarge, Field::Amount),
        (Refusal::UnknownFiat, Field::Amount),
        (Refusal::CurrencyMissing(String::new()), Field::Currency),
        (Refusal::CurrencyNotAccepted(String::new()), Field::Currency),
        (Refusal::NameTooLong, Field::Name),
        (Refusal::MessageTooLong, Field::Message),
    ] {
        let mistake = Mistake::of(&refusal, text::choose(None, None, None), &view);
        assert_eq!(mistake.field, field, "{refusal}");
        assert!(
            mistake.text.ends_with('.') && !mistake.text.contains("donate-"),
            "{}",
            mistake.text
        );
    }
}

#[test]
fn what_a_store_or_a_url_says_is_text_and_nothing_else() {
    let hostile = "</style><script>alert(1)</script>\"'&";
    let mut sample = Sample::new(DonationPage {
        title: hostile.to_owned(),
        text: hostile.to_owned(),
        colour: "#e11d48".to_owned(),
        ..plain()
    });
    sample.query = "lang=%22%3E%3Cscript%3E&amounts=%3Cscript%3E&color=%3C/style%3E%3Cscript%3E&origin=%22%3E%3Cscript%3E&embed=%3Cscript%3E";
    let html = sample.html();
    assert_eq!(html.matches("<script").count(), 1, "payd's own");
    assert_eq!(html.matches("<style>").count(), 1);
    assert_eq!(html.matches("</style>").count(), 1);
    assert!(!html.contains("\"\">"));
}

#[test]
fn the_style_of_the_accent_is_what_the_policy_lets_through() {
    for colour in ["", "#e11d48", "#ffffff"] {
        let sample = Sample::new(DonationPage {
            colour: colour.to_owned(),
            ..plain()
        });
        let Rendered { html, content_policy } = sample.render();
        let (_, rest) = html.split_once("<style>").unwrap();
        let (style, _) = rest.split_once("</style>").unwrap();
        let hash = BASE64.encode(Sha256::digest(style));
        assert!(
            content_policy.contains(&format!("style-src 'self' 'sha256-{hash}';")),
            "{colour}"
        );
        assert!(content_policy.contains("default-src 'none'") && !content_policy.contains("unsafe"));
        assert!(content_policy.ends_with("frame-ancestors https: http:"));
        assert_eq!(style.is_empty(), colour.is_empty());
    }
}

#[test]
fn a_frame_is_told_things_only_where_the_page_around_it_is_known() {
    let mut sample = Sample::new(plain());
    sample.query = "embed=1&origin=https://blog.example&lang=en&text=Help&amounts=3,4&color=%23e11d48";
    let html = sample.html();
    assert!(html.contains("gift\" id=\"gift\" data-origin=\"https://blog.example\""));
    assert!(html.contains("<body class=\"embedded\">"));
    for kept in [
        "name=\"lang\" value=\"en\"",
        "name=\"amounts\" value=\"3,4\"",
        "name=\"text\" value=\"Help\"",
        "name=\"color\" value=\"#e11d48\"",
        "name=\"embed\" value=\"1\"",
        "name=\"origin\" value=\"https://blog.example\"",
    ] {
        assert!(html.contains(kept), "{kept}");
    }
    assert!(html.contains("<p class=\"gift-text\">Help</p>") && html.contains("--gift:#e11d48"));
    assert!(html.contains("<span>$3</span>") && !html.contains("<span>$5</span>"));
    for query in ["embed=1", "embed=1&origin=*", "origin=https://blog.example"] {
        sample.query = query;
        let html = sample.html();
        assert!(!html.contains("data-origin"), "{query}");
    }
}

#[test]
fn a_test_key_is_told_that_no_money_moves() {
    let mut sample = Sample::new(plain());
    sample.view.caller.mode = Mode::Test;
    assert!(sample.html().contains("Test payment: no real money"));
}

#[test]
fn a_problem_is_said_in_the_same_frame() {
    for which in [
        Problem::NotFound,
        Problem::Closed,
        Problem::NotUnderstood,
        Problem::Unavailable,
    ] {
        let Rendered { html, content_policy } =
            problem(which, text::choose(None, None, None), "", "key", &Look::default());
        assert!(html.contains("</html>") && !html.contains("donate-"), "{which:?}");
        assert!(content_policy.contains("frame-ancestors https: http:"));
    }
}

#[test]
fn an_example_of_an_amount_is_one_that_is_understood() {
    use crate::web::donate::gift::typed_digits;
    for t in text::languages() {
        for fiat in [Fiat::Usd, Fiat::Jpy, Fiat::Kwd] {
            let shown = example(t, fiat);
            let read = money(&typed_digits(&shown), fiat);
            assert_eq!(read, money("12", fiat), "{} {shown}", t.code());
        }
    }
    let german = text::choose(Some("de"), None, None);
    assert_eq!(example(german, Fiat::Usd), "12,00");
}
