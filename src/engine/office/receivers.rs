//! What a merchant gives to receive at, before anything is kept: what it is, and what is wrong with it.

use std::sync::Arc;

use super::address_list::{self, ADDRESSES_MAX, Checked, Entry, Place, Reason, Refusal, Refused};
use super::addresses::{self, AddError, Added};
use super::{By, Office, OfficeError};
use crate::chain::accounts::Account;
pub use crate::chain::accounts::AccountError;
use crate::domain::address::{Address, AddressError};
use crate::domain::ids::AddressId;
use crate::domain::network::{Family, Mode, Network};
use crate::domain::shop::Shop;
use crate::store::StoreError;

/// Addresses of an account that are shown, to be compared with those in the merchant's wallet.
pub const SHOWN: u32 = 5;

/// Signatures that are checked at once.
const SIGNATURES_MAX: usize = 1000;

/// What a text is that was given to receive at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receiver {
    /// An address of the network, in its canonical text.
    Address(String),
    /// An account's public key, or a descriptor.
    Account(AccountView),
    /// It can spend: it must never be given to anybody, and must be considered burnt. Never to be shown again.
    Secret,
    /// An address of another network: the two in words (`TRON`, `EVM chains (0x...)`).
    OtherNetwork {
        /// This network.
        wanted: &'static str,
        /// Where it belongs.
        found: &'static str,
    },
    /// An address with a typing mistake, or one that loses money.
    BadAddress(AddressError),
    /// A key that cannot be received with, and why.
    BadAccount(AccountError),
    /// Nothing that payd knows. What is expected, in words: `TRON`, `EVM chains (0x...)`.
    Nonsense {
        /// The network's family.
        wanted: &'static str,
    },
}

/// An account that can be received with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Its one text.
    pub canonical: String,
    /// Whether an output descriptor was given, and no bare key.
    pub is_descriptor: bool,
    /// Its first [`SHOWN`] addresses.
    pub first: Vec<String>,
    /// The fingerprint of its master key, or of its own where the origin was not given.
    pub fingerprint: String,
    /// What was assumed that the text does not say.
    pub remarks: Vec<String>,
}

/// What a text is, on a network of a family.
#[must_use]
pub fn receiver(family: Family, text: &str) -> Receiver {
    let text = text.trim();
    if address_list::can_spend(text) {
        return Receiver::Secret;
    }
    let fault = match Address::parse(family, text) {
        Ok(address) => return Receiver::Address(address.text().to_string()),
        Err(AddressError::WrongNetwork { wanted, found }) => {
            return Receiver::OtherNetwork { wanted, found };
        }
        Err(AddressError::Malformed { wanted }) => Receiver::Nonsense { wanted },
        Err(fault) => Receiver::BadAddress(fault),
    };
    match Account::parse(family, text) {
        Ok(account) => Receiver::Account(AccountView {
            canonical: account.canonical().to_owned(),
            is_descriptor: text.contains('('),
            first: first(&account),
            fingerprint: account.fingerprint(),
            remarks: account.remarks().to_vec(),
        }),
        Err(AccountError::PrivateKey) => Receiver::Secret,
        Err(AccountError::NotAnAccount) => fault,
        // Any text's checksum can fail; only what looks like a key is told that its key is wrong.
        Err(error) if looks_like_account(text) => Receiver::BadAccount(error),
        Err(_) => fault,
    }
}

fn looks_like_account(text: &str) -> bool {
    text.contains(['(', '/', '[']) || text.get(1..4) == Some("pub") || text.len() > 100
}

fn first(account: &Account) -> Vec<String> {
    let first = account.first(SHOWN).unwrap_or_default();
    first.iter().map(|address| address.text().to_string()).collect()
}

/// What a list of addresses came to, line by line.
#[derive(Debug, Clone, Default)]
pub struct ListCheck {
    /// Those that can be added, in their canonical text.
    pub good: Vec<GoodLine>,
    /// Those that cannot.
    pub refusals: Vec<Refusal>,
}

/// A line that can be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodLine {
    /// Where it was written.
    pub place: Place,
    /// In its canonical text.
    pub address: String,
    /// Whether a signature beside it proves it.
    pub is_proved: bool,
}

impl ListCheck {
    /// How many were given.
    #[must_use]
    pub fn given(&self) -> usize {
        self.good.len().saturating_add(self.refusals.len())
    }

    /// Whether a line could spend: the text must not be shown again.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.refusals
            .iter()
            .any(|refusal| refusal.reason == Reason::Secret)
    }
}

/// A text without its lines that can spend, to be shown again in the field that it was typed into.
#[must_use]
pub fn without_secrets(text: &str, check: &ListCheck) -> String {
    if !check.has_secret() {
        return text.to_owned();
    }
    let secret: Vec<usize> = check
        .refusals
        .iter()
        .filter(|refusal| refusal.reason == Reason::Secret)
        .map(|refusal| refusal.entry.place.number())
        .collect();
    let kept = text
        .lines()
        .zip(1..)
        .filter(|(_, number)| !secret.contains(number));
    // What stands behind a # was not looked at.
    let kept = kept.map(|(line, _)| line.split('#').next().unwrap_or_default().trim());
    kept.collect::<Vec<_>>().join("\n")
}

type Sorted = (Vec<Checked>, Vec<Refusal>);

impl Office {
    /// What a text is that was given to receive at on the network of this slug. The text goes nowhere.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`] when there is no such network.
    pub fn check_receiver(&self, network: &str, text: &str) -> Result<Receiver, OfficeError> {
        let network = self.network_named(network).ok_or(OfficeError::NotFound)?;
        Ok(receiver(network.family, text))
    }

    /// Whether a text can spend, whatever it was meant for: it must be shown and kept nowhere.
    #[must_use]
    pub fn is_secret(&self, text: &str) -> bool {
        address_list::can_spend(text)
    }

    /// What a list of addresses comes to, line by line, if it were added to a store's pool. The text goes nowhere.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`] when there is no such live network.
    pub async fn check_addresses(
        &self,
        shop: &Shop,
        network: &str,
        text: &str,
    ) -> Result<ListCheck, OfficeError> {
        let network = self.pool_network(network)?;
        let entries = entries(text);
        let (good, refusals) = self.sort(shop, &network, entries).await?;
        Ok(ListCheck {
            good: good
                .into_iter()
                .map(|checked| GoodLine {
                    place: checked.entry.place,
                    address: checked.address.text().to_string(),
                    is_proved: checked.proof.is_some(),
                })
                .collect(),
            refusals,
        })
    }

    /// Adds the addresses of a list to a store's pool. `only_good` adds those that can be although others cannot;
    /// without it, all are added or none.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn add_addresses(
        &self,
        by: By,
        shop: Shop,
        network: &str,
        text: &str,
        only_good: bool,
    ) -> Result<Added, AddError> {
        let network = self.pool_network(network)?;
        let entries = entries(text);
        if entries.is_empty() {
            return Err(AddError::None);
        }
        if entries.len() > ADDRESSES_MAX {
            return Err(AddError::TooMany);
        }
        let given = entries.len();
        let (good, refusals) = self.sort(&shop, &network, entries).await?;
        if good.is_empty() || (!only_good && !refusals.is_empty()) {
            return Err(Refused { given, refusals }.into());
        }
        let added = self
            .engine
            .database
            .write(move |txn| addresses::add(txn, &by, &shop, &network.id, good, || ()));
        added.await
    }

    /// The row of an address of a store by its text.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn address_id(
        &self,
        shop: &Shop,
        network: &Network,
        text: &str,
    ) -> Result<Option<AddressId>, OfficeError> {
        let Ok(address) = Address::parse(network.family, text.trim()) else {
            return Ok(None);
        };
        let (id, on) = (shop.id, network.id.clone());
        let read = self
            .engine
            .database
            .read(move |txn| crate::store::addresses::by_text(txn, &on, address.text()));
        Ok(read.await?.filter(|row| row.shop == id).map(|row| row.id))
    }

    /// Simulated networks make their own addresses.
    fn pool_network(&self, word: &str) -> Result<Arc<Network>, OfficeError> {
        let network = self
            .network_named(word)
            .filter(|network| network.mode == Mode::Live)
            .ok_or(OfficeError::NotFound)?;
        Ok(Arc::clone(network))
    }

    async fn sort(
        &self,
        shop: &Shop,
        network: &Arc<Network>,
        entries: Vec<Entry>,
    ) -> Result<Sorted, OfficeError> {
        let (mut refusals, now) = (Vec::new(), self.now());
        let (family, name) = (network.family, shop.name.clone());
        // Signatures take their time.
        let sorted = tokio::task::spawn_blocking(move || {
            let (good, mut refusals) = address_list::check_each(family, entries);
            let mut signatures = 0_usize;
            let (few, rest): (Vec<_>, Vec<_>) = good.into_iter().partition(|(entry, _)| {
                signatures = signatures.saturating_add(usize::from(entry.signature.is_some()));
                signatures <= SIGNATURES_MAX
            });
            let (mut proved, more) = address_list::prove_each(family, &name, now, few, || ());
            refusals.extend(more);
            proved.extend(rest.into_iter().map(|(entry, address)| Checked {
                entry,
                address,
                proof: None,
            }));
            (proved, refusals)
        });
        let Ok((good, more)) = sorted.await else {
            return Err(StoreError::Closed.into());
        };
        refusals.extend(more);
        let (shop, on) = (shop.clone(), network.id.clone());
        let looked_up = self.engine.database.read(move |txn| {
            let (mut fresh, mut refusals) = (Vec::with_capacity(good.len()), refusals);
            for checked in good {
                match addresses::fault_of_known(txn, &shop, &on, checked.address.text())? {
                    None => fresh.push(checked),
                    Some(reason) => refusals.push(Refusal {
                        entry: checked.entry,
                        reason,
                    }),
                }
            }
            Ok::<_, StoreError>((fresh, refusals))
        });
        let (good, mut refusals) = looked_up.await?;
        refusals.sort_by_key(|refusal| refusal.entry.place.number());
        Ok((good, refusals))
    }
}

/// The entries of a text; more than can be added are not read.
fn entries(text: &str) -> Vec<Entry> {
    let mut entries = address_list::read(text.as_bytes()).unwrap_or_default();
    entries.truncate(ADDRESSES_MAX.saturating_add(1));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Bip;

    const XPUB: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";

    #[test]
    fn a_text_is_told_for_what_it_is() {
        let ethereum = Family::Evm { chain_id: 1 };
        let bitcoin = Family::Bitcoin(Bip::Mainnet);
        let what = |family, text: &str| receiver(family, text);
        assert_eq!(
            what(ethereum, " 0x52908400098527886e0f7030069857d2e4169ee7 "),
            Receiver::Address("0x52908400098527886E0F7030069857D2E4169EE7".to_owned())
        );
        assert_eq!(
            what(ethereum, "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"),
            Receiver::OtherNetwork {
                wanted: "EVM chains (0x...)",
                found: "TRON"
            }
        );
        assert!(matches!(
            what(ethereum, "0x52908400098527886E0F7030069857D2E4169Ee7"),
            Receiver::BadAddress(AddressError::Checksum)
        ));
        for (family, text, is_descriptor) in [
            (ethereum, XPUB.to_owned(), false),
            (bitcoin, XPUB.to_owned(), false),
            (bitcoin, format!("wpkh({XPUB}/0/*)"), true),
        ] {
            match what(family, &text) {
                Receiver::Account(account) => {
                    assert_eq!((account.first.len(), account.is_descriptor), (5, is_descriptor));
                    assert!(Address::parse(family, &account.first[4]).is_ok());
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        for secret in [
            "legal winner thank year wave sausage worth useful legal winner thank yellow",
            "1. Legal 2. winner 3. thank 4. year 5. wave 6. sausage 7. worth 8. useful 9. legal 10. winner 11. thank 12. yellow",
            "0x0101010101010101010101010101010101010101010101010101010101010101",
            "KwFfNUhSDaASSAwtG7ssQM1uVX8RgX5GHWnnLfhfiQDigjioWXHH",
            "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
        ] {
            for family in [ethereum, bitcoin, Family::Tron] {
                assert_eq!(what(family, secret), Receiver::Secret, "{secret}");
            }
        }
        for nonsense in ["", "hello", "0x12", "xpub"] {
            assert!(
                matches!(what(ethereum, nonsense), Receiver::Nonsense { .. }),
                "{nonsense}: {:?}",
                what(ethereum, nonsense)
            );
        }
        let mistyped = XPUB.replace("GT577", "GT578");
        assert!(matches!(what(bitcoin, &mistyped), Receiver::BadAccount(_)));
    }
}
