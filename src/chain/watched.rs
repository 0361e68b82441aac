//! The addresses that a network's blocks are searched for. There may be hundreds of thousands: of an account only its
//! twenty bytes are kept, from which its text follows.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use serde_json::value::RawValue;

use crate::domain::address::Address;

/// The addresses to look for on one network, by what its blocks hold.
#[derive(Debug, Clone, Default)]
pub struct WatchSet {
    /// Accounts whose texts are those of EVM chains.
    evm: HashSet<[u8; 20]>,
    /// Accounts whose texts are those of TRON.
    tron: HashSet<[u8; 20]>,
    /// All others: output scripts, with their texts.
    scripts: HashMap<Box<[u8]>, Arc<str>>,
    /// How nodes are asked for all of them, where they are: written once, until another comes.
    asked_for: OnceLock<Arc<RawValue>>,
}

impl WatchSet {
    /// Adds an address.
    pub fn insert(&mut self, address: &Address) {
        let (payload, text) = (address.payload(), address.text());
        self.asked_for.take();
        // By the text and not by the length: a script may have twenty bytes, too.
        let account = <[u8; 20]>::try_from(payload).ok();
        if let Some(account) = account.filter(|account| text.starts_with("0x") && evm_text(account) == *text)
        {
            self.evm.insert(account);
        } else if let Some(account) = account.filter(|account| tron_text(account) == *text) {
            self.tron.insert(account);
        } else {
            self.scripts.insert(payload.into(), Arc::clone(text));
        }
    }

    /// Adds an address by its payload and text, neither of them checked.
    #[cfg(test)]
    pub fn insert_script(&mut self, payload: &[u8], text: &str) {
        self.asked_for.take();
        self.scripts.insert(payload.into(), text.into());
    }

    /// How the nodes of the one chain that this set is for are asked for all of it: as `write` writes it, which is asked
    /// only where the set has changed.
    ///
    /// # Errors
    /// Those of `write`.
    pub(super) fn asked_for<E>(
        &self,
        write: impl FnOnce() -> Result<Arc<RawValue>, E>,
    ) -> Result<Arc<RawValue>, E> {
        if let Some(written) = self.asked_for.get() {
            return Ok(Arc::clone(written));
        }
        let written = write()?;
        Ok(Arc::clone(self.asked_for.get_or_init(|| written)))
    }

    /// Whether the address with this payload ([`Address::payload`]) is watched.
    #[must_use]
    pub fn contains(&self, payload: &[u8]) -> bool {
        let is_in = |accounts: &HashSet<[u8; 20]>| {
            let account = <&[u8; 20]>::try_from(payload);
            account.is_ok_and(|account| accounts.contains(account))
        };
        is_in(&self.evm) || is_in(&self.tron) || self.scripts.contains_key(payload)
    }

    /// The canonical text of the watched address with this payload, if it is watched.
    #[must_use]
    pub fn get(&self, payload: &[u8]) -> Option<Arc<str>> {
        let within = |accounts: &HashSet<[u8; 20]>| {
            let account = <&[u8; 20]>::try_from(payload).ok()?;
            accounts.get(account).copied()
        };
        within(&self.evm)
            .map(|account| evm_text(&account))
            .or_else(|| within(&self.tron).map(|account| tron_text(&account)))
            .or_else(|| self.scripts.get(payload).cloned())
    }

    /// How many addresses are watched.
    #[must_use]
    pub fn len(&self) -> usize {
        self.evm
            .len()
            .saturating_add(self.tron.len())
            .saturating_add(self.scripts.len())
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The canonical texts of all watched addresses, in no order.
    pub fn texts(&self) -> impl Iterator<Item = Arc<str>> {
        let accounts = self
            .evm
            .iter()
            .map(evm_text)
            .chain(self.tron.iter().map(tron_text));
        accounts.chain(self.scripts.values().cloned())
    }

    /// The payloads of all watched addresses, in no order.
    pub fn payloads(&self) -> impl Iterator<Item = &[u8]> {
        let accounts = self.evm.iter().chain(&self.tron).map(<[u8; 20]>::as_slice);
        accounts.chain(self.scripts.keys().map(AsRef::as_ref))
    }
}

fn evm_text(account: &[u8; 20]) -> Arc<str> {
    Arc::clone(Address::from_evm_account(*account).text())
}

fn tron_text(account: &[u8; 20]) -> Arc<str> {
    Arc::clone(Address::from_tron_account(*account).text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::simulated::address::from_random;
    use crate::domain::network::{Bip, Family};

    const FAMILIES: [Family; 4] = [
        Family::Evm { chain_id: 1 },
        Family::Tron,
        Family::Bitcoin(Bip::Regtest),
        Family::Litecoin(Bip::Regtest),
    ];

    #[test]
    fn an_address_of_any_family_is_found_by_its_payload_under_its_own_text() {
        for family in FAMILIES {
            let mut watched = WatchSet::default();
            let addresses: Vec<_> = (1..9)
                .map(|byte| from_random(family, [byte; 20]).unwrap())
                .collect();
            for address in addresses.iter().chain(&addresses) {
                watched.insert(address);
            }
            assert_eq!(watched.len(), addresses.len());
            for address in &addresses {
                assert_eq!(watched.get(address.payload()).as_ref(), Some(address.text()));
                assert!(watched.contains(address.payload()));
                assert!(watched.texts().any(|text| text == *address.text()));
                assert!(watched.payloads().any(|payload| payload == address.payload()));
            }
            assert_eq!((watched.texts().count(), watched.payloads().count()), (8, 8));
            for stranger in [&[9; 20][..], &[1; 19], &[1; 21], &[]] {
                assert_eq!((watched.get(stranger), watched.contains(stranger)), (None, false));
            }
        }
    }

    #[test]
    fn what_nodes_are_asked_for_is_written_again_only_once_another_address_has_come() {
        let address = |byte| Address::from_evm_account([byte; 20]);
        let mut watched = WatchSet::default();
        let mut times = 0;
        let mut asked = |watched: &WatchSet| {
            let written = watched.asked_for(|| {
                times += 1;
                serde_json::value::to_raw_value(&watched.len()).map(Arc::from)
            });
            (written.unwrap().get().to_owned(), times)
        };
        assert_eq!(asked(&watched), ("0".to_owned(), 1));
        assert_eq!(asked(&watched), ("0".to_owned(), 1));
        watched.insert(&address(1));
        assert_eq!(asked(&watched), ("1".to_owned(), 2));
        watched.insert(&address(2));
        assert_eq!(asked(&watched.clone()), ("2".to_owned(), 3));
    }

    #[test]
    fn a_script_of_twenty_bytes_is_no_account() {
        // A witness program of a version to come, of 18 bytes.
        let program = [0x11; 18];
        let text = bech32::segwit::encode_v1(bech32::Hrp::parse("bcrt").unwrap(), &program).unwrap();
        let Ok(address) = Address::parse(Family::Bitcoin(Bip::Regtest), &text) else {
            return;
        };
        let mut watched = WatchSet::default();
        watched.insert(&address);
        assert_eq!(watched.get(address.payload()).as_ref(), Some(address.text()));
    }
}
