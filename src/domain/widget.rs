//! The payment widget: which pages of a shop may start payments by themselves, and what they may sell.

use super::money::FiatAmount;

/// Which pages may start payments, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Widget {
    /// Whether any may.
    pub is_enabled: bool,
    /// The origins of those pages: `https://shop.example`.
    pub origins: Vec<String>,
    /// Whether a page may name any amount. A customer can change what a page says: the merchant's backend then has to
    /// look at what was paid before anything is delivered.
    pub takes_amounts: bool,
}

impl Widget {
    /// Whether pages of this origin may start payments.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        self.is_enabled && self.origins.iter().any(|allowed| allowed == origin)
    }
}

/// Something that a widget may sell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPrice {
    /// The name that a page asks for it by: 1 to 64 letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// What it is, for the customer.
    pub label: String,
    /// What it costs.
    pub price: FiatAmount,
}

impl ListedPrice {
    /// Whether a text can be the name of a price.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_origins_that_were_named_may_start_payments_and_only_while_it_is_switched_on() {
        let mut widget = Widget {
            is_enabled: true,
            origins: vec!["https://shop.example".to_owned()],
            takes_amounts: false,
        };
        assert!(widget.allows("https://shop.example"));
        for origin in [
            "",
            "null",
            "https://shop.example.evil.example",
            "http://shop.example",
            "https://shop.example/",
        ] {
            assert!(!widget.allows(origin), "{origin}");
        }
        widget.is_enabled = false;
        assert!(!widget.allows("https://shop.example"));
    }
}
