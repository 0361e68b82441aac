//! One attempt to be known by a key: refused when too many failed before it, counted when it fails, and remembered
//! when it does not.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use super::{ClientAddress, Kind, Limits, TooMany};

/// How many keys that worked are remembered, each with the address it came from.
const WORKED_MAX: usize = 8 * 1024;

/// An attempt that may go on.
#[must_use = "tell how it ended"]
pub struct Attempt<'l> {
    limits: &'l Limits,
    kind: Kind,
    address: ClientAddress,
    /// Stands for the key and the address together.
    hash: Option<u64>,
}

impl Limits {
    /// Whether a call that has yet to prove who it is may try. To be asked before its key is looked up. `key` is what
    /// the call names itself by, as it was sent: one that worked from the same address before may always try, so that
    /// nobody who shares a merchant's address, or a proxy that hides its clients, can keep the merchant out.
    ///
    /// # Errors
    /// [`TooMany`]; the call is to be answered with 429 and not to be looked at further.
    pub fn attempt(&self, address: ClientAddress, key: Option<&str>) -> Result<Attempt<'_>, TooMany> {
        self.attempt_of(Kind::Authentication, address, key)
    }

    /// As [`Self::attempt`], of another kind of which failures count.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn attempt_of(
        &self,
        kind: Kind,
        address: ClientAddress,
        key: Option<&str>,
    ) -> Result<Attempt<'_>, TooMany> {
        let hash = key.map(|key| self.hasher.hash_one((address, key)));
        if !hash.is_some_and(|hash| self.worked.has(hash)) {
            self.check(kind, address, None)?;
        }
        Ok(Attempt {
            limits: self,
            kind,
            address,
            hash,
        })
    }
}

impl Attempt<'_> {
    /// The key, and the signature where there is one, are right.
    pub fn worked(self) {
        if let Some(hash) = self.hash {
            self.limits.worked.add(hash);
        }
    }

    /// They are missing or wrong.
    pub fn failed(self) {
        self.limits.failed(self.kind, self.address);
    }

    /// As the proof of who calls went; `is_refusal` tells the errors that say a key or a signature is wrong from those
    /// that leave it open.
    pub fn settle<T, E>(self, proof: &Result<T, E>, is_refusal: impl FnOnce(&E) -> bool) {
        match proof {
            Ok(_) => self.worked(),
            Err(error) if is_refusal(error) => self.failed(),
            Err(_) => self.undecided(),
        }
    }

    /// It could not be found out, by payd's own fault: nothing counts.
    pub fn undecided(self) {}
}

/// The keys that worked.
#[derive(Default)]
pub(super) struct Worked(Mutex<HashSet<u64>>);

impl Worked {
    fn has(&self, hash: u64) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&hash)
    }

    fn add(&self, hash: u64) {
        let mut worked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those in use come back with their next call.
        if worked.len() >= WORKED_MAX && !worked.contains(&hash) {
            worked.clear();
        }
        worked.insert(hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded() {
        let worked = Worked::default();
        for hash in 0..=WORKED_MAX as u64 {
            worked.add(hash);
            assert!(worked.has(hash));
            assert!(worked.0.lock().unwrap().len() <= WORKED_MAX);
        }
    }
}
