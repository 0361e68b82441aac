//! Every state of a payment as a page.

mod brand;
mod leaving;

use std::path::PathBuf;

use super::*;
use crate::domain::status::Status;
use crate::web::checkout::sample::{self, with};
use crate::web::text;

/// Every state by name, with the moment at which it is looked at.
fn every_state() -> Vec<(&'static str, PaymentView, UnixMillis)> {
    let (usdt, early, late) = (sample::usdt_on_bsc, sample::early(), sample::after_expiry());
    let mut plain = sample::bitcoin();
    plain.payment.order = crate::domain::payment::Order::default();
    vec![
        ("pending", usdt(), early),
        ("pending-bitcoin", plain, early),
        (
            "pending-tron",
            sample::usdt_on_tron(),
            sample::CREATED_AT.plus(std::time::Duration::from_secs(26 * 60)),
        ),
        ("pending-native", sample::bnb_on_bsc(), early),
        ("pending-litecoin", sample::litecoin(), early),
        ("pending-shared", sample::shared_usdt_on_bsc(), early),
        ("unmined", sample::unmined(sample::bitcoin(), "0.00083214"), early),
        ("part-paid", with(usdt(), Status::Pending, "20", 4), early),
        ("closing", usdt(), late),
        ("confirming", with(usdt(), Status::Confirming, "50", 3), early),
        ("paid", with(usdt(), Status::Paid, "50", 15), early),
        ("overpaid", with(usdt(), Status::Paid, "55", 15), early),
        ("underpaid", with(usdt(), Status::Underpaid, "20", 15), late),
        ("expired", with(usdt(), Status::Expired, "0", 0), late),
        ("cancelled", with(usdt(), Status::Cancelled, "0", 0), early),
        ("failed", with(usdt(), Status::Failed, "0", 0), early),
        ("preparing", with(usdt(), Status::Selecting, "0", 0), early),
        ("queued", never_asked(with(usdt(), Status::Queued, "0", 0)), early),
        (
            "queued-in-vain",
            never_asked(with(usdt(), Status::Expired, "0", 0)),
            late,
        ),
        ("never-chosen", never_chosen(Status::Expired), late),
        ("cancelled-unchosen", never_chosen(Status::Cancelled), early),
        (
            "expired-to-fail-url",
            failing(with(usdt(), Status::Expired, "0", 0)),
            late,
        ),
        ("test", sample::as_test(usdt()), early),
        (
            "test-paid",
            sample::as_test(with(usdt(), Status::Paid, "50", 15)),
            early,
        ),
    ]
}

fn never_asked(mut view: PaymentView) -> PaymentView {
    view.payment.asked_at = None;
    view
}

/// A payment whose currency nobody chose.
fn never_chosen(status: Status) -> PaymentView {
    let mut view = never_asked(with(sample::usdt_on_bsc(), status, "0", 0));
    view.payment.ask = None;
    view.chosen = None;
    view
}

/// A payment with a page of the shop's for those who did not pay.
pub(super) fn failing(mut view: PaymentView) -> PaymentView {
    view.payment.order.fail_url = "https://shop.example/again?order=1042".to_owned();
    view
}

fn render(view: &PaymentView, now: UnixMillis) -> String {
    render_in(text::choose(None, None, None), view, now)
}

fn render_in(language: &'static Language, view: &PaymentView, now: UnixMillis) -> String {
    let shown = Shown {
        language,
        manner: &Manner::default().in_language(language.code()),
        framing: &Framing::Nobody,
        now,
        public_url: &Url::parse("https://pay.example").unwrap(),
        notice: None,
    };
    pay_page(view, &shown).render().unwrap()
}

#[test]
fn the_way_to_pay_is_shown_only_while_money_is_asked_for() {
    for (name, view, now) in every_state() {
        let page = render(&view, now);
        let asks = name.starts_with("pending") || matches!(name, "part-paid" | "test");
        assert_eq!(page.contains("class=\"qr\""), asks, "{name}");
        assert_eq!(page.contains("id=\"countdown\""), asks, "{name}");
    }
}

#[test]
fn who_waits_for_a_turn_is_shown_neither_an_address_nor_an_amount_to_send() {
    for status in [Status::Queued, Status::Expired, Status::Cancelled] {
        let page = render(
            &never_asked(with(sample::usdt_on_bsc(), status, "0", 0)),
            sample::early(),
        );
        assert!(!page.contains(sample::RECEIVER), "{status}");
        assert!(
            !page.contains("50.00 USDT") && !page.contains("50.000000"),
            "{status}"
        );
    }
    let page = render(
        &never_asked(with(sample::usdt_on_bsc(), Status::Queued, "0", 0)),
        sample::early(),
    );
    assert!(page.contains("please do not send anything yet"));
}

#[test]
fn every_state_is_complete_text_without_leftovers_in_every_language() {
    for language in text::languages() {
        let code = language.code();
        for (name, view, now) in every_state() {
            let page = render_in(language, &view, now);
            for leftover in ["{ $", "{$", "{{"] {
                assert!(!page.contains(leftover), "{code} {name} has {leftover}");
            }
            let key = page
                .split('>')
                .filter_map(|rest| Some(rest.split_once('<')?.0.trim()))
                .find(|text| text.contains('-') && text.chars().all(|c| c == '-' || c.is_ascii_lowercase()));
            assert_eq!(key, None, "{code} {name} shows a key");
            assert_eq!(page.matches("id=\"stage-title\"").count(), 1, "{code} {name}");
            assert!(page.contains(&format!("<html lang=\"{code}\">")), "{code} {name}");
            assert_eq!(page.matches(" aria-current=\"true\"").count(), 1, "{code} {name}");
        }
    }
}

#[test]
fn a_language_that_the_url_names_is_kept_in_every_link_and_others_can_be_chosen() {
    let russian = text::choose(Some("ru"), None, None);
    let page = render_in(russian, &sample::as_test(sample::usdt_on_bsc()), sample::early());
    assert!(page.contains("?lang=ru\" data-status="), "{page}");
    assert!(page.contains("/simulate?lang=ru\""), "{page}");
    for language in text::languages() {
        let (code, name) = (language.code(), language.say("language-name"));
        let path = format!("/pay/{}", sample::token().as_str());
        let link = format!("<a href=\"{path}?lang={code}\" lang=\"{code}\" hreflang=\"{code}\"");
        assert!(
            page.contains(&link) && page.contains(&format!(">{name}</a>")),
            "{code}"
        );
    }
}

#[test]
fn amounts_to_send_are_the_same_figures_in_every_language() {
    for language in text::languages() {
        let page = render_in(language, &sample::bitcoin(), sample::early());
        assert!(page.contains("data-copy=\"0.00083214\""), "{}", language.code());
        assert!(page.contains(">0.00083214<"), "{}", language.code());
    }
}

#[test]
fn a_part_paid_payment_asks_for_the_rest_everywhere() {
    let view = with(sample::usdt_on_bsc(), Status::Pending, "20", 4);
    let page = render(&view, sample::early());
    assert!(page.contains("We received 20.00 USDT. Send 30.00 USDT more."));
    assert!(page.contains("data-copy=\"30.000000\""));
    assert!(!page.contains("data-copy=\"50.000000\""));
    assert!(page.contains("uint256=30000000000000000000\""));
    assert!(page.contains("value=\"40\""));
}

#[test]
fn what_was_overpaid_is_named() {
    let page = render(
        &with(sample::usdt_on_bsc(), Status::Paid, "55", 15),
        sample::early(),
    );
    assert!(page.contains("You sent 5.00 USDT more than was due"), "{page}");
}

#[test]
fn a_receipt_has_all_that_a_receipt_needs() {
    let page = render(
        &with(sample::usdt_on_bsc(), Status::Paid, "50", 15),
        sample::early(),
    );
    for part in [
        "PAY-2026-000123",
        "BNB Smart Chain",
        "50.00 USDT",
        "1 USDT = 1 USD",
        sample::RECEIVER,
        sample::TXID,
        "21 Mar 2026, 14:00 UTC",
        "data-print",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

/// Writes every state in every language to a folder, `$CHECKOUT_PAGES` when it is set, so that a browser can show it.
#[test]
fn every_state_can_be_looked_at() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("CHECKOUT_PAGES").map_or_else(|| scratch.path().into(), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    for language in text::languages() {
        for (name, view, now) in every_state() {
            let file = format!("{name}.{}.html", language.code());
            std::fs::write(folder.join(file), render_in(language, &view, now)).unwrap();
        }
    }
    let languages = text::languages().count();
    assert!(std::fs::read_dir(&folder).unwrap().count() >= every_state().len() * languages);
}

#[test]
fn where_the_amount_alone_tells_payments_apart_the_page_says_that_it_must_be_exact() {
    let hint = "50.07 USDT, to the last digit";
    assert!(render(&sample::shared_usdt_on_bsc(), sample::early()).contains(hint));
    assert!(!render(&sample::usdt_on_bsc(), sample::early()).contains("to the last digit"));
}

#[test]
fn money_that_is_in_no_block_yet_is_not_called_safe() {
    let mempool = render(&sample::unmined(sample::bitcoin(), "0.00083214"), sample::early());
    assert!(mempool.contains("waits for its first block") && !mempool.contains("is safe"));
    assert!(mempool.contains("aria-valuenow=\"0\""));
    let mined = with(sample::bitcoin(), Status::Confirming, "0.00083214", 1);
    assert!(render(&mined, sample::early()).contains("is safe"));
}

#[test]
fn an_address_that_must_not_be_paid_is_nowhere_on_the_page() {
    let chosen = every_state()
        .into_iter()
        .filter(|(_, view, _)| view.payment.ask.is_some());
    for (name, view, now) in chosen {
        let is_dead = matches!(
            name,
            "closing"
                | "underpaid"
                | "expired"
                | "expired-to-fail-url"
                | "cancelled"
                | "failed"
                | "preparing"
                | "queued"
                | "queued-in-vain"
        );
        assert_eq!(
            !render(&view, now).contains(&*view.payment.chosen().unwrap().address),
            is_dead,
            "{name}"
        );
    }
}

#[test]
fn an_address_is_grouped_without_losing_a_character() {
    for (view, first) in [
        (sample::usdt_on_bsc(), "0x742d"),
        (sample::usdt_on_tron(), "TXYZop"),
        (sample::bitcoin(), "bc1qw5"),
    ] {
        let groups = parts::address_groups(&view.payment.chosen().unwrap().address);
        assert_eq!(groups.concat(), *view.payment.chosen().unwrap().address);
        assert_eq!(groups[0], first);
        assert!(groups[1..].iter().all(|group| group.len() == 4));
    }
}
