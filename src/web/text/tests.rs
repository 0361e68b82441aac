//! How numbers, prices and moments are written, and the catalogues themselves.

use super::*;

mod catalogues;
mod same;

fn language(code: &str) -> &'static Language {
    let language = choose(Some(code), None, None);
    assert_eq!(language.code(), code);
    language
}

#[test]
fn prices_are_grouped_and_carry_their_sign() {
    let english = language("en");
    for (currency, minor, text) in [
        (Fiat::Usd, 5_000, "$50.00"),
        (Fiat::Usd, 5, "$0.05"),
        (Fiat::Eur, 123_456_789, "€1,234,567.89"),
        (Fiat::Gbp, 99_999, "£999.99"),
        (Fiat::Jpy, 1_234_567, "¥1,234,567"),
        (Fiat::Brl, 5_000, "R$50.00"),
        (Fiat::Kwd, 1_250_500, "1,250.500\u{a0}KWD"),
        (Fiat::Usd, u64::MAX, "$184,467,440,737,095,516.15"),
    ] {
        assert_eq!(english.price(FiatAmount { currency, minor }), text);
    }
}

/// No-break spaces stand as `~`, the narrow one as `^`.
fn visible(text: &str) -> String {
    text.replace('\u{a0}', "~").replace('\u{202f}', "^")
}

#[test]
fn a_price_is_written_as_the_language_writes_it() {
    for (code, dollars, euros, roubles, yuan, yen, reais, dinars) in [
        (
            "en",
            "$1,250.00",
            "€1,250.00",
            "₽1,250.00",
            "CN¥1,250.00",
            "¥125,000",
            "R$1,250.00",
            "125.000~KWD",
        ),
        (
            "ru",
            "1~250,00~$",
            "1~250,00~€",
            "1~250,00~₽",
            "1~250,00~CN¥",
            "125~000~¥",
            "1~250,00~R$",
            "125,000~KWD",
        ),
        (
            "zh",
            "US$1,250.00",
            "€1,250.00",
            "₽1,250.00",
            "¥1,250.00",
            "JP¥125,000",
            "R$1,250.00",
            "125.000~KWD",
        ),
        (
            "es",
            "1.250,00~US$",
            "1.250,00~€",
            "1.250,00~₽",
            "1.250,00~CN¥",
            "125.000~¥",
            "1.250,00~R$",
            "125,000~KWD",
        ),
        (
            "de",
            "1.250,00~$",
            "1.250,00~€",
            "1.250,00~₽",
            "1.250,00~CN¥",
            "125.000~¥",
            "1.250,00~R$",
            "125,000~KWD",
        ),
        (
            "fr",
            "1^250,00~$US",
            "1^250,00~€",
            "1^250,00~₽",
            "1^250,00~CN¥",
            "125^000~¥",
            "1^250,00~R$",
            "125,000~KWD",
        ),
        (
            "pt",
            "US$~1.250,00",
            "€~1.250,00",
            "₽~1.250,00",
            "CN¥~1.250,00",
            "JP¥~125.000",
            "R$~1.250,00",
            "125,000~KWD",
        ),
        (
            "ja",
            "$1,250.00",
            "€1,250.00",
            "₽1,250.00",
            "1,250.00元",
            "￥125,000",
            "R$1,250.00",
            "125.000~KWD",
        ),
    ] {
        for (currency, text) in [
            (Fiat::Usd, dollars),
            (Fiat::Eur, euros),
            (Fiat::Rub, roubles),
            (Fiat::Cny, yuan),
            (Fiat::Jpy, yen),
            (Fiat::Brl, reais),
            (Fiat::Kwd, dinars),
        ] {
            let price = FiatAmount {
                currency,
                minor: 125_000,
            };
            assert_eq!(visible(&language(code).price(price)), text, "{code}");
        }
    }
}

#[test]
fn a_number_keeps_its_digits_and_takes_the_marks_of_the_language() {
    for (code, text) in [
        ("en", "60,086.5"),
        ("ru", "60~086,5"),
        ("zh", "60,086.5"),
        ("es", "60.086,5"),
        ("de", "60.086,5"),
        ("fr", "60^086,5"),
        ("pt", "60.086,5"),
        ("ja", "60,086.5"),
    ] {
        assert_eq!(visible(&language(code).number("60086.5")), text, "{code}");
    }
    assert_eq!(language("de").number("0.00000012"), "0,00000012");
    assert_eq!(language("de").number("999"), "999");
}

#[test]
fn a_moment_is_written_in_the_order_of_the_language() {
    for (code, march, may) in [
        ("en", "21 Mar 2026, 09:05 UTC", "1 May 2026, 00:00 UTC"),
        ("ru", "21 марта 2026, 09:05 UTC", "1 мая 2026, 00:00 UTC"),
        ("zh", "2026年3月21日 09:05 UTC", "2026年5月1日 00:00 UTC"),
        (
            "es",
            "21 de marzo de 2026, 09:05 UTC",
            "1 de mayo de 2026, 00:00 UTC",
        ),
        ("de", "21. März 2026, 09:05 UTC", "1. Mai 2026, 00:00 UTC"),
        ("fr", "21 mars 2026, 09:05 UTC", "1er mai 2026, 00:00 UTC"),
        (
            "pt",
            "21 de março de 2026, 09:05 UTC",
            "1 de maio de 2026, 00:00 UTC",
        ),
        ("ja", "2026年3月21日 09:05 UTC", "2026年5月1日 00:00 UTC"),
    ] {
        let language = language(code);
        assert_eq!(language.moment(UnixMillis::from_seconds(1_774_083_900)), march);
        assert_eq!(language.moment(UnixMillis::from_seconds(1_777_593_600)), may);
    }
}

#[test]
fn every_month_of_every_language_has_a_name_of_its_own() {
    for language in languages() {
        // The 21st of twelve months on end, from January 2026.
        let names: std::collections::BTreeSet<String> =
            [20, 51, 79, 110, 140, 171, 201, 232, 263, 293, 324, 354]
                .into_iter()
                .map(|day| language.moment(UnixMillis::from_seconds(1_767_225_600 + day * 86_400)))
                .collect();
        assert_eq!(names.len(), 12, "{}: {names:?}", language.code());
        assert!(
            names
                .iter()
                .all(|name| name.contains("21") && name.contains("2026")),
            "{names:?}"
        );
    }
}

#[test]
fn counted_words_agree_with_their_number() {
    let wait =
        |code, minutes: u64| language(code).say_with("confirming-wait", &[("minutes", minutes.into())]);
    for (code, minutes, ending) in [
        ("ru", 0, "не больше минуты."),
        ("ru", 1, "не больше минуты."),
        ("ru", 2, "2 минут."),
        ("ru", 11, "11 минут."),
        ("ru", 21, "21 минуты."),
        ("ru", 120, "120 минут."),
        ("de", 1, "innerhalb einer Minute abgeschlossen."),
        ("de", 2, "innerhalb von 2 Minuten abgeschlossen."),
        ("fr", 0, "moins d’une minute."),
        ("fr", 2, "moins de 2 minutes."),
        ("pt", 0, "menos de um minuto."),
        ("es", 0, "menos de un minuto."),
        ("ja", 0, "1分以内に完了します。"),
        ("ja", 5, "通常5分以内に完了します。"),
    ] {
        let text = wait(code, minutes);
        assert!(text.ends_with(ending), "{code} {minutes}: {text}");
    }
    let confirmations = |code, count: u32, required: u32| {
        let arguments = [("count", count.into()), ("required", required.into())];
        language(code).say_with("confirmations", &arguments)
    };
    for (code, count, required, text) in [
        ("en", 0, 1, "0 of 1 confirmation"),
        ("en", 1, 15, "1 of 15 confirmations"),
        ("ru", 0, 1, "0 из 1 подтверждения"),
        ("ru", 1, 2, "1 из 2 подтверждений"),
        ("ru", 3, 15, "3 из 15 подтверждений"),
        ("ru", 3, 21, "3 из 21 подтверждения"),
        ("de", 1, 1, "1 von 1 Bestätigung"),
        ("de", 1, 2, "1 von 2 Bestätigungen"),
        ("fr", 1, 15, "1 confirmation sur 15"),
        ("fr", 2, 15, "2 confirmations sur 15"),
        ("zh", 3, 15, "3/15 次确认"),
        ("ja", 3, 15, "承認 3/15"),
    ] {
        assert_eq!(confirmations(code, count, required), text);
    }
}

#[test]
fn a_moment_is_written_in_utc_with_two_digits_of_time() {
    let english = language("en");
    assert_eq!(
        english.moment(UnixMillis::from_seconds(1_774_083_900)),
        "21 Mar 2026, 09:05 UTC"
    );
    assert_eq!(english.moment(UnixMillis::new(i64::MAX)), "");
}

#[test]
fn arguments_come_out_as_they_went_in() {
    let english = language("en");
    let text = english.say_with("order", &[("id", "{ $x } <b> \u{202e}1".into())]);
    assert_eq!(text, "Order { $x } <b> \u{202e}1");
}
