//! Spans and shares as people type them, and what is wrong, in the reader's words.

use std::time::Duration;

use crate::domain::brand::BrandError;
use crate::domain::money::BaseUnits;
use crate::domain::picture::PictureError;
use crate::domain::website::WebsiteError;
use crate::engine::office::shops::ShopError;
use crate::web::dashboard::Mistakes;
use crate::web::text::Language;

/// Hundredths as a decimal number: 150 is `1.5`.
pub(super) fn hundredths(value: i64) -> String {
    let text = BaseUnits::new(u128::from(value.unsigned_abs())).to_decimal(2, 0);
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    if value < 0 { format!("-{text}") } else { text }
}

/// A decimal number of at most two digits after the point or comma, in hundredths.
pub(super) fn read_hundredths(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, &*text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || fraction.len() > 2 || !is_digits(whole) || !is_digits(fraction)
    {
        return None;
    }
    let value: i64 = format!("{whole}{fraction:0<2}").parse().ok()?;
    value.checked_mul(sign)
}

/// A span in units of so many seconds.
pub(super) fn span(span: Duration, unit_s: u64) -> String {
    let hundredths_of = span.as_secs().saturating_mul(100).checked_div(unit_s);
    hundredths(i64::try_from(hundredths_of.unwrap_or(0)).unwrap_or(i64::MAX))
}

/// Reads a span in units of so many seconds.
pub(super) fn read_span(text: &str, unit_s: u64) -> Option<Duration> {
    let value = u64::try_from(read_hundredths(text)?).ok()?;
    Some(Duration::from_secs(value.checked_mul(unit_s)? / 100))
}

/// What is wrong with a store: the field and the text; `None` for what is nobody's mistake.
pub(super) fn shop_mistake(t: &Language, error: &ShopError) -> Option<Mistakes> {
    let say = |field, key| Some(Mistakes::one(field, t.say(key)));
    match error {
        ShopError::Name => say("name", "stores-error-name"),
        ShopError::NameLikeOption => say("name", "stores-error-name-dash"),
        ShopError::NameTaken(_) => say("name", "stores-error-name-taken"),
        ShopError::Website(WebsiteError::NotAnAddress(_)) => say("website", "stores-error-website"),
        ShopError::Website(WebsiteError::HasUser) => say("website", "stores-error-website-user"),
        ShopError::Website(WebsiteError::NotARealDomain) => say("website", "stores-error-website-domain"),
        ShopError::SiteTaken { store, .. } => {
            let store = [("store", store.as_str().into())];
            Some(Mistakes::one(
                "website",
                t.say_with("stores-error-website-taken", &store),
            ))
        }
        ShopError::Window => say("window", "stores-error-window"),
        ShopError::CoolDown => say("cool_down", "stores-error-cool-down"),
        ShopError::Tolerance => say("tolerance", "stores-error-tolerance"),
        ShopError::Markup => say("markup", "stores-error-markup"),
        ShopError::Language => say("language", "stores-error-choice"),
        ShopError::Mode => say("mode", "stores-error-choice"),
        ShopError::Store(_) | ShopError::Unknown(_) => None,
    }
}

/// What is wrong with a brand.
pub(super) fn brand_mistake(t: &Language, error: BrandError) -> Mistakes {
    let (field, key) = match error {
        BrandError::Colour => ("colour", "branding-error-colour"),
        BrandError::Tagline => ("tagline", "branding-error-tagline"),
        BrandError::HelpText => ("help_text", "branding-error-help-text"),
        BrandError::HelpUrl => ("help_url", "branding-error-help-url"),
    };
    Mistakes::one(field, t.say(key))
}

/// What is wrong with a picture.
pub(super) fn picture_mistake(t: &Language, error: PictureError) -> Mistakes {
    let key = match error {
        PictureError::TooLong => "branding-error-logo-long",
        PictureError::Unknown => "branding-error-logo-kind",
        PictureError::Size => "branding-error-logo-size",
    };
    Mistakes::one("logo", t.say(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_spans_are_read_as_they_are_written() {
        for (text, value) in [
            ("0", 0),
            ("0.5", 50),
            ("1,25", 125),
            ("-1.5 %", -150),
            ("30", 3000),
            ("100", 10_000),
        ] {
            assert_eq!(read_hundredths(text), Some(value), "{text}");
            assert_eq!(read_hundredths(&hundredths(value)), Some(value));
        }
        assert_eq!(hundredths(150), "1.5");
        assert_eq!(hundredths(10_000), "100");
        assert_eq!(hundredths(-5), "-0.05");
        for text in ["", "a", "1.234", ".5", "--1", "1e3", "1 000", "9999999999"] {
            assert_eq!(read_hundredths(text), None, "{text}");
        }
        assert_eq!(span(Duration::from_secs(90), 60), "1.5");
        assert_eq!(read_span("1.5", 60), Some(Duration::from_secs(90)));
        assert_eq!(read_span("24", 3600), Some(Duration::from_secs(86_400)));
        assert_eq!(read_span("-1", 60), None);
    }
}
