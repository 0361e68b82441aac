//! What the office says of addresses and accounts, in the reader's language.

use fluent_bundle::FluentValue;

use crate::domain::address::AddressError;
use crate::engine::office::address_list::{OwnershipError, Place, Reason};
use crate::engine::office::addresses::State;
use crate::engine::office::receivers::{AccountError, Receiver};
use crate::engine::office::wallets::{SetWalletError, WalletError};
use crate::web::text::Language;

/// Why an address is not added.
pub(super) fn reason(t: &Language, reason: &Reason) -> String {
    match reason {
        Reason::Address(error) => address_error(t, error),
        Reason::Secret => t.say("addresses-secret"),
        Reason::Account => t.say("addresses-is-account"),
        Reason::Same(Place::Line(line) | Place::Argument(line)) => {
            t.say_with("addresses-same", &[("line", number(*line))])
        }
        Reason::OfStore(store) => t.say_with("addresses-of-store", &[("store", store.as_str().into())]),
        Reason::OfAnotherWay(way) => {
            let way = t.say(&format!("way-{way}"));
            t.say_with("addresses-of-another-way", &[("way", way.into())])
        }
        Reason::Known => t.say("addresses-known"),
        Reason::Altered => t.say("addresses-altered-row"),
        Reason::Signature(error) => signature_error(t, error),
    }
}

fn number(number: usize) -> FluentValue<'static> {
    FluentValue::from(number)
}

fn address_error(t: &Language, error: &AddressError) -> String {
    match error {
        AddressError::WrongNetwork { wanted, found } => t.say_with(
            "addresses-wrong-network",
            &[("wanted", (*wanted).into()), ("found", (*found).into())],
        ),
        AddressError::Checksum => t.say("addresses-checksum"),
        AddressError::Null => t.say("addresses-null"),
        AddressError::Mweb => t.say("addresses-mweb"),
        AddressError::Malformed { wanted } => {
            t.say_with("addresses-malformed", &[("wanted", (*wanted).into())])
        }
    }
}

/// Why a signature proves nothing.
pub(super) fn signature_error(t: &Language, error: &OwnershipError) -> String {
    t.say(match error {
        OwnershipError::Malformed { .. } => "addresses-signature-malformed",
        OwnershipError::Mismatch { .. } => "addresses-signature-mismatch",
        OwnershipError::HighS => "addresses-signature-high",
        OwnershipError::OldTron => "addresses-signature-old-tron",
        OwnershipError::Unsupported => "addresses-signature-unsupported",
    })
}

fn account_error(t: &Language, error: &AccountError) -> String {
    match error {
        AccountError::PrivateKey => t.say("addresses-secret"),
        AccountError::Checksum => t.say("addresses-account-checksum"),
        AccountError::WrongNetwork { key, found, wanted } => t.say_with(
            "addresses-account-wrong-network",
            &[
                ("key", (*key).into()),
                ("found", (*found).into()),
                ("wanted", (*wanted).into()),
            ],
        ),
        AccountError::UnknownPrefix => t.say("addresses-account-prefix"),
        AccountError::Multisig { .. } => t.say("addresses-account-multisig"),
        AccountError::Depth { depth, example } => t.say_with(
            "addresses-account-depth",
            &[("depth", (*depth).into()), ("example", (*example).into())],
        ),
        AccountError::ChangeChain => t.say("addresses-account-change"),
        AccountError::Hardened => t.say("addresses-account-hardened"),
        AccountError::NoWildcard => t.say("addresses-account-wildcard"),
        AccountError::Unpayable => t.say("addresses-account-unpayable"),
        AccountError::NotAnAccount => t.say("addresses-account-nonsense"),
        AccountError::NoDescriptors => t.say("addresses-account-no-descriptors"),
        AccountError::Index { .. } => t.say("addresses-account-index"),
    }
}

/// What is wrong with what was given as an account's key; `None` when it is one.
pub(super) fn not_an_account(t: &Language, receiver: &Receiver) -> Option<String> {
    Some(match receiver {
        Receiver::Account(_) => return None,
        Receiver::Secret => t.say("addresses-secret"),
        Receiver::Address(_) => t.say("addresses-is-address"),
        Receiver::BadAccount(error) => account_error(t, error),
        Receiver::OtherNetwork { .. } | Receiver::BadAddress(_) | Receiver::Nonsense { .. } => {
            t.say("addresses-account-nonsense")
        }
    })
}

/// What is wrong with what was given as one address; `None` when it is one.
pub(super) fn not_an_address(t: &Language, receiver: &Receiver) -> Option<String> {
    Some(match receiver {
        Receiver::Address(_) => return None,
        Receiver::Secret => t.say("addresses-secret"),
        Receiver::Account(_) | Receiver::BadAccount(_) => t.say("addresses-is-account"),
        Receiver::OtherNetwork { wanted, found } => {
            address_error(t, &AddressError::WrongNetwork { wanted, found })
        }
        Receiver::BadAddress(error) => address_error(t, error),
        Receiver::Nonsense { wanted } => address_error(t, &AddressError::Malformed { wanted }),
    })
}

/// Why a way to receive was not set; `None` when it is payd's own fault.
pub(super) fn not_set(t: &Language, error: &SetWalletError) -> Option<String> {
    Some(match error {
        SetWalletError::Store(_) | SetWalletError::NoNetwork => return None,
        SetWalletError::Account(error) => account_error(t, error),
        SetWalletError::Address(error) => reason(t, error),
        SetWalletError::Wallet(error) => match error {
            WalletError::Store(_) => return None,
            WalletError::AccountOfStore { store } => {
                t.say_with("addresses-account-of-store", &[("store", store.as_str().into())])
            }
            WalletError::GivenOut { next } => t.say_with("addresses-given-out", &[("next", (*next).into())]),
            WalletError::AddressOfStore { store } => {
                t.say_with("addresses-of-store", &[("store", store.as_str().into())])
            }
            WalletError::OfAnotherWay { .. } => t.say("addresses-shared-known"),
            WalletError::AddressAltered => t.say("addresses-altered-row"),
            WalletError::SlotCount => t.say("addresses-slot-count"),
            WalletError::SlotDigits { symbol, decimals } => t.say_with(
                "addresses-slot-digits",
                &[
                    ("symbol", symbol.as_str().into()),
                    ("decimals", (*decimals).into()),
                ],
            ),
        },
    })
}

/// What an address is doing: a word, the look of its badge, and the number of the payment that has it.
pub(super) fn state(t: &Language, state: &State) -> (String, &'static str, Option<String>) {
    let said = |key: &str, look, payment: Option<&String>| (t.say(key), look, payment.cloned());
    match state {
        State::Altered => said("addresses-state-altered", "bad", None),
        State::Held(number) => said("addresses-state-held", "busy", Some(number)),
        State::RetiredHeld(number) => said("addresses-state-retired-held", "warn", Some(number)),
        State::Shared => said("addresses-state-shared", "good", None),
        State::WasShared => said("addresses-state-was-shared", "", None),
        State::Used => said("addresses-state-used", "", None),
        State::Retired => said("addresses-state-retired", "", None),
        State::Resting(until) => {
            let until = t.moment(*until);
            let text = t.say_with("addresses-state-resting", &[("until", until.into())]);
            (text, "warn", None)
        }
        State::Free => said("addresses-state-free", "good", None),
    }
}
