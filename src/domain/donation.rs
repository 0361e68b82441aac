//! Donations: the page on which people give to a shop, and what they say.

use super::ids::PaymentId;
use super::money::{Fiat, FiatAmount};

/// Characters that a donor's name may have.
pub const NAME_LENGTH_MAX: usize = 100;

/// Characters that a donor's message may have.
pub const MESSAGE_LENGTH_MAX: usize = 500;

/// How a shop's donation page looks and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DonationPage {
    /// Whether it is open.
    pub is_enabled: bool,
    /// Its heading; empty for the shop's name.
    pub title: String,
    /// What it says below; may be empty.
    pub text: String,
    /// The currency of its amounts.
    pub fiat: Fiat,
    /// Amounts to choose from, in the currency's minor unit.
    pub presets: Vec<u64>,
    /// Its accent colour, `#` and six hexadecimal digits; empty for payd's own.
    pub colour: String,
    /// What is to be reached, in the currency's minor unit.
    pub goal_minor: Option<u64>,
    /// Whether donations send webhooks, as orders do.
    pub sends_webhooks: bool,
}

impl DonationPage {
    /// What is to be reached.
    #[must_use]
    pub fn goal(&self) -> Option<FiatAmount> {
        self.goal_minor.map(|minor| FiatAmount {
            currency: self.fiat,
            minor,
        })
    }
}

impl Default for DonationPage {
    /// Closed; 5, 10, 25 and 50 US dollars to choose from, no goal, no webhooks.
    fn default() -> Self {
        Self {
            is_enabled: false,
            title: String::new(),
            text: String::new(),
            fiat: Fiat::Usd,
            presets: vec![500, 1000, 2500, 5000],
            colour: String::new(),
            goal_minor: None,
            sends_webhooks: false,
        }
    }
}

/// What a donor says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Donor {
    /// Who it is; empty for nobody in particular.
    pub name: String,
    /// A message; may be empty.
    pub message: String,
}

/// A donation: a payment, and what the donor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Donation {
    /// The payment.
    pub payment: PaymentId,
    /// What the donor says.
    pub donor: Donor,
}

/// What was given so far: real money, and paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// In US cents, as it was worth when it was promised.
    pub usd_cents: u64,
    /// How many donations.
    pub count: u64,
}

/// Whether a text is a colour as style sheets take it: `#` and six hexadecimal digits.
#[must_use]
pub fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_colour_is_one() {
        assert!(is_colour("#e11d48") && is_colour("#E11D48"));
        for text in [
            "", "#", "e11d48", "#e11d4", "#e11d48;", "#e11d4g", "red", "#é1d48",
        ] {
            assert!(!is_colour(text), "{text}");
        }
    }
}
