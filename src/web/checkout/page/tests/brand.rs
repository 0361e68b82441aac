//! A store's looks on its payments' pages.

use std::sync::Arc;

use super::super::*;
use crate::domain::brand::{Brand, Logo};
use crate::domain::picture::PictureKind;
use crate::domain::shop::Shop;
use crate::domain::status::Status;
use crate::web::checkout::sample::{self, with};
use crate::web::text;

const XSS: &str = "\"><script>alert(1)</script>";

fn page_of(mut view: PaymentView, brand: Brand) -> String {
    view.shop = Arc::new(Shop {
        name: XSS.to_owned(),
        brand,
        ..(*view.shop).clone()
    });
    let shown = Shown {
        language: text::choose(None, None, None),
        manner: &Manner::default(),
        framing: &Framing::Nobody,
        now: sample::early(),
        public_url: &Url::parse("https://shop.example/pay/").unwrap(),
        notice: None,
    };
    page(&view, &shown).0
}

fn brand() -> Brand {
    Brand {
        colour: "#e11d48".to_owned(),
        logo: Some(Logo {
            hash: "0123abcd".to_owned(),
            kind: PictureKind::Webp,
        }),
        tagline: XSS.to_owned(),
        help_text: XSS.to_owned(),
        help_url: "https://shop.example/help?a=1&b=2".to_owned(),
    }
}

#[test]
fn logo_colour_and_texts_are_on_the_page_and_on_the_receipt() {
    for view in [
        sample::usdt_on_bsc(),
        with(sample::usdt_on_bsc(), Status::Paid, "50", 15),
    ] {
        let page = page_of(view, brand());
        for part in [
            "<img class=\"logo\" src=\"/pay/brand/0123abcd.webp\" alt=\"\">",
            "<link rel=\"stylesheet\" href=\"/pay/brand/e11d48.css\">",
            "href=\"https://shop.example/help?a=1&#38;b=2\" target=\"_blank\" rel=\"noopener noreferrer\"",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        // Title, name, line and help.
        assert!(page.matches("&#60;script&#62;alert(1)").count() >= 4, "{page}");
        assert!(!page.contains("<script>alert"), "{page}");
    }
}

#[test]
fn a_store_without_looks_has_a_letter_and_no_style_of_its_own() {
    let page = page_of(sample::usdt_on_bsc(), Brand::default());
    assert!(
        page.contains("class=\"monogram\"") && !page.contains("/brand/") && !page.contains("class=\"help\"")
    );
}

#[test]
fn an_address_that_others_wrote_into_the_database_is_no_link() {
    let evil = Brand {
        help_url: "javascript:alert(1)".to_owned(),
        colour: "red;}".to_owned(),
        ..Brand::default()
    };
    let page = page_of(sample::usdt_on_bsc(), evil);
    assert!(!page.contains("javascript:") && !page.contains("red;"));
}
