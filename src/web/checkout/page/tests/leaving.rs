//! The way back to the shop: who is taken where, when, and what is said before.

use std::sync::Arc;

use super::*;

const FAIL_URL: &str = "href=\"https://shop.example/again?order=1042\"";
const SUCCESS_URL: &str = "href=\"https://shop.example/thanks?order=1042\"";

/// Every way in which a payment can come to nothing, with what is said before the customer is taken away, and after how
/// many seconds.
fn failures() -> Vec<(PaymentView, &'static str, &'static str)> {
    let usdt = sample::usdt_on_bsc;
    let looked_for = "your payment is still found and this page changes by itself";
    let contact = "ontact Northwind Coffee";
    vec![
        (with(usdt(), Status::Expired, "0", 0), looked_for, "30"),
        (with(usdt(), Status::Underpaid, "20", 15), contact, "30"),
        (with(usdt(), Status::Cancelled, "0", 0), contact, "30"),
        (with(usdt(), Status::Failed, "0", 0), contact, "30"),
        (
            never_asked(with(usdt(), Status::Expired, "0", 0)),
            "Taking you back to shop.example",
            "8",
        ),
        (
            never_chosen(Status::Expired),
            "Taking you back to shop.example",
            "8",
        ),
        (
            never_chosen(Status::Cancelled),
            "Taking you back to shop.example",
            "8",
        ),
    ]
}

#[test]
fn who_did_not_pay_is_taken_to_the_shops_page_for_that_and_never_without_a_word_about_money_on_its_way() {
    for (view, text, seconds) in failures() {
        let status = view.payment.status;
        let page = render(&failing(view), sample::after_expiry());
        assert!(
            page.contains(FAIL_URL) && !page.contains(SUCCESS_URL),
            "{status}: {page}"
        );
        assert!(page.contains(text), "{status}: {page}");
        assert!(
            page.contains(&format!("data-seconds=\"{seconds}\"")),
            "{status}: {page}"
        );
        assert!(page.contains("data-stay"), "{status}");
        let is_warned = page.contains("If you have sent money, stay on this page");
        assert_eq!(is_warned, seconds == "30", "{status}: {page}");
    }
}

#[test]
fn nobody_is_taken_away_while_money_may_still_be_counted_in_time() {
    let usdt = || failing(sample::usdt_on_bsc());
    for (view, now) in [
        (usdt(), sample::early()),
        // The time is up, and the chain has yet to be read to the end of it.
        (usdt(), sample::after_expiry()),
        (with(usdt(), Status::Pending, "20", 4), sample::after_expiry()),
        (with(usdt(), Status::Confirming, "50", 3), sample::after_expiry()),
        (never_asked(with(usdt(), Status::Queued, "0", 0)), sample::early()),
    ] {
        let page = render(&view, now);
        assert!(
            !page.contains("id=\"leaving\"") && !page.contains("id=\"shop-link\""),
            "{page}"
        );
    }
}

#[test]
fn a_page_opened_long_after_the_end_stays() {
    let later = sample::after_expiry().plus(std::time::Duration::from_secs(5 * 60));
    for (view, ..) in failures() {
        let page = render(&failing(view), later);
        assert!(
            page.contains(FAIL_URL) && !page.contains("id=\"leaving\""),
            "{page}"
        );
    }
}

#[test]
fn without_a_page_for_those_who_did_not_pay_there_is_a_link_to_the_shop_and_nobody_is_taken_there() {
    for (mut view, ..) in failures() {
        let page = render(&view, sample::after_expiry());
        assert!(
            page.contains(SUCCESS_URL) && !page.contains("id=\"leaving\""),
            "{page}"
        );
        Arc::make_mut(&mut view.shop).website = Some("https://northwind.example".to_owned());
        let page = render(&view, sample::after_expiry());
        assert!(
            page.contains("href=\"https://northwind.example/\"") && !page.contains(SUCCESS_URL),
            "{page}"
        );
        assert!(!page.contains("id=\"leaving\""), "{page}");
    }
}

#[test]
fn who_paid_is_not_taken_to_the_page_for_those_who_did_not() {
    let mut paid = failing(with(sample::usdt_on_bsc(), Status::Paid, "50", 15));
    let page = render(&paid, sample::early());
    assert!(page.contains(SUCCESS_URL) && !page.contains(FAIL_URL), "{page}");
    assert!(page.contains("data-seconds=\"8\""), "{page}");
    paid.payment.order.redirect_url.clear();
    assert!(!render(&paid, sample::early()).contains("id=\"shop-link\""));
}

#[test]
fn only_a_plain_web_address_is_a_way_back() {
    for url in [
        "javascript:alert(1)",
        "ftp://shop.example/",
        "https://a:b@shop.example/",
        "/again",
        "data:text/html,x",
    ] {
        for (mut view, ..) in failures() {
            view.payment.order.fail_url = url.to_owned();
            view.payment.order.redirect_url.clear();
            Arc::make_mut(&mut view.shop).website = Some(url.to_owned());
            let page = render(&view, sample::after_expiry());
            assert!(
                !page.contains("id=\"shop-link\"") && !page.contains("id=\"leaving\""),
                "{url}: {page}"
            );
        }
    }
}

#[test]
fn inside_a_frame_nobody_is_taken_away_and_links_leave_the_frame() {
    let manner = Manner {
        is_embedded: true,
        ..Manner::default()
    };
    for framing in [Framing::Nobody, Framing::AnySite] {
        let shown = Shown {
            language: text::choose(None, None, None),
            manner: &manner,
            framing: &framing,
            now: sample::after_expiry(),
            public_url: &Url::parse("https://pay.example").unwrap(),
            notice: None,
        };
        let view = failing(with(sample::usdt_on_bsc(), Status::Expired, "0", 0));
        let page = pay_page(&view, &shown).render().unwrap();
        let is_framed = framing == Framing::AnySite;
        assert_eq!(page.contains("target=\"_top\""), is_framed);
        assert_eq!(page.contains("class=\"embedded\""), is_framed);
        assert_eq!(page.contains("id=\"leaving\""), !is_framed);
        assert!(page.contains(FAIL_URL) && !page.contains("data-parent"));
    }
}

#[test]
fn what_is_paid_for_is_said_under_the_order_and_never_becomes_markup() {
    let mut view = sample::usdt_on_bsc();
    assert!(!render(&view, sample::early()).contains("description"));
    view.payment.order.description = "Two <b>bags</b>".to_owned();
    let page = render(&view, sample::early());
    assert!(page.contains("Two &#60;b&#62;bags&#60;/b&#62;"), "{page}");
    assert!(page.find("Order 1042") < page.find("Two &#60;b"));
}
