//! The rules of taking a payment, as plain values and pure functions.
//!
//! Knows no I/O, no clock, no serde, no SQL, no HTTP: every fact comes in as an argument, every decision goes
//! out as a value.

pub mod address;
pub mod allowed;
pub mod asset;
pub mod brand;
pub mod confirmations;
pub mod donation;
pub mod event;
pub mod fiat;
#[cfg(test)]
mod fuzz;
pub mod ids;
pub mod matching;
pub mod money;
pub mod network;
pub mod notice;
pub mod payment;
pub mod picture;
pub mod price;
pub mod pricing;
pub mod proof;
pub mod shop;
pub mod status;
pub mod time;
pub mod transfer;
pub mod user;
pub mod wallet;
pub mod website;
pub mod widget;

/// A word of a closed vocabulary (a status, an event kind, a mode) that was not one of its words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a {kind}; known: {known}")]
pub struct UnknownWord {
    /// What the word was meant to name, such as `status`.
    pub kind: &'static str,
    /// The word as it was given.
    pub word: String,
    /// The words there are, separated by commas.
    pub known: String,
}

/// Declares a closed vocabulary: an enum whose variants have one stable word each, for the database, the
/// command line and JSON alike.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $kind:literal { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every value, in the order of their declaration.
            #[allow(dead_code, reason = "a vocabulary inside the crate need not be listed anywhere")]
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word for this value.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::domain::UnknownWord {
                        kind: $kind,
                        word: word.chars().take(64).collect(),
                        known: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use vocabulary;
