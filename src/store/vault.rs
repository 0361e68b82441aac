//! Keeps secrets sealed and pool addresses authentic under a key file beside the database, so that a copied
//! database alone signs nothing and a row swapped in it is noticed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::error::StoreError;
use super::{files, schema};
use crate::ambient::{Random, random_bytes};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The key under which secrets are sealed and addresses are authenticated.
pub struct Vault {
    seal: XChaCha20Poly1305,
    mac_key: Zeroizing<[u8; KEY_BYTES]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    /// Reads the key file, or makes one (mode 0600) where `may_create` says so.
    ///
    /// # Errors
    /// [`StoreError::KeyFile`] when it is missing, malformed, or readable by others.
    pub fn open(path: &Path, may_create: bool, random: &dyn Random) -> Result<Self, StoreError> {
        // An empty one is what a payd that was killed in its first moment has left: nothing was sealed under it yet.
        if may_create && fs::metadata(path).is_ok_and(|file| file.len() == 0) {
            fs::remove_file(path).map_err(files::failed(path))?;
        }
        if !path.exists() && may_create {
            create(path, random)?;
        }
        let refused = |reason: &str| StoreError::KeyFile {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        let metadata = fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => refused(
                "is missing, and the database cannot be opened without it; restore it from your backup",
            ),
            _ => refused(&format!("cannot be read: {error}")),
        })?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(refused("others may read it; run `chmod 600` on it"));
        }
        if metadata.len() > 1024 {
            return Err(refused("is too large to be a key file"));
        }
        let text = fs::read_to_string(path).map(Zeroizing::new);
        let text = text.map_err(|error| refused(&format!("cannot be read: {error}")))?;
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        hex::decode_to_slice(text.trim(), key.as_mut_slice())
            .map_err(|_| refused("does not hold 64 hexadecimal digits; restore it from your backup"))?;
        Ok(Self::from_key(&key))
    }

    fn from_key(key: &[u8; KEY_BYTES]) -> Self {
        let seal_key = derive(key, b"payd seal v1");
        Self {
            seal: XChaCha20Poly1305::new((&*seal_key).into()),
            mac_key: derive(key, b"payd mac v1"),
        }
    }

    /// Seals `secret` for one place, such as `endpoints`: it opens nowhere else.
    ///
    /// # Errors
    /// [`StoreError::NoRandomness`].
    pub fn seal(
        &self,
        place: &'static str,
        secret: &[u8],
        random: &dyn Random,
    ) -> Result<Vec<u8>, StoreError> {
        let nonce = random_bytes::<NONCE_BYTES>(random)?;
        let payload = Payload {
            msg: secret,
            aad: place.as_bytes(),
        };
        let sealed = self.seal.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError::Unsealable { table: place })?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Self::seal`] sealed for the same place.
    ///
    /// # Errors
    /// [`StoreError::Unsealable`] when it was altered, sealed elsewhere, or under another key.
    pub fn open_sealed(&self, place: &'static str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let unsealable = StoreError::Unsealable { table: place };
        let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE_BYTES>() else {
            return Err(unsealable);
        };
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        self.seal
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| unsealable)
    }

    /// The authenticator of a receive address: binds it to its store and network.
    #[must_use]
    pub fn address_mac(&self, store: i64, network: &str, address: &str) -> Vec<u8> {
        self.mac(&[
            b"address",
            &store.to_be_bytes(),
            network.as_bytes(),
            address.as_bytes(),
        ])
    }

    /// The authenticator of how a store receives on a network: of each text that decides where a customer is told to
    /// pay how much.
    #[must_use]
    pub fn wallet_mac(&self, store: i64, network: &str, rest: [&str; 3]) -> Vec<u8> {
        let [way, account, slots] = rest.map(str::as_bytes);
        self.mac(&[
            b"wallet",
            &store.to_be_bytes(),
            network.as_bytes(),
            way,
            account,
            slots,
        ])
    }

    /// Whether `mac` is the authenticator of this wallet, compared in constant time.
    #[must_use]
    pub fn is_authentic_wallet(&self, store: i64, network: &str, rest: [&str; 3], mac: &[u8]) -> bool {
        self.wallet_mac(store, network, rest).ct_eq(mac).into()
    }

    /// The authenticator of a user: binds all that decides who may do what to the name, so that a row put into the
    /// database from outside signs nobody in.
    #[must_use]
    pub fn user_mac(&self, id: i64, rest: [&[u8]; 6]) -> Vec<u8> {
        let [name, role, stores, password_hash, totp_sealed, disabled] = rest;
        let id = id.to_be_bytes();
        self.mac(&[
            b"user",
            &id,
            name,
            role,
            stores,
            password_hash,
            totp_sealed,
            disabled,
        ])
    }

    /// The authenticator of a session: binds the user to the hash of the token, so that nobody's session becomes another's
    /// from outside.
    #[must_use]
    pub fn session_mac(&self, token_hash: &[u8], user: i64, is_whole: bool, created_ms: i64) -> Vec<u8> {
        let (user, created) = (user.to_be_bytes(), created_ms.to_be_bytes());
        self.mac(&[b"signed in", token_hash, &user, &[u8::from(is_whole)], &created])
    }

    /// Whether `mac` is the authenticator of this session, compared in constant time.
    #[must_use]
    pub fn is_authentic_session(
        &self,
        token_hash: &[u8],
        user: i64,
        is_whole: bool,
        created_ms: i64,
        mac: &[u8],
    ) -> bool {
        let right = self.session_mac(token_hash, user, is_whole, created_ms);
        right.ct_eq(mac).into()
    }

    /// Whether `mac` is the authenticator of this user, compared in constant time.
    #[must_use]
    pub fn is_authentic_user(&self, id: i64, rest: [&[u8]; 6], mac: &[u8]) -> bool {
        self.user_mac(id, rest).ct_eq(mac).into()
    }

    /// What is kept of a token that opens something: `kind` says what. Without the key file none can be made up.
    #[must_use]
    pub fn token_hash(&self, kind: &'static str, token: &str) -> Vec<u8> {
        self.mac(&[kind.as_bytes(), token.as_bytes()])
    }

    fn mac(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = keyed(&self.mac_key);
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// Whether `mac` is the authenticator of this address, compared in constant time.
    #[must_use]
    pub fn is_authentic(&self, store: i64, network: &str, address: &str, mac: &[u8]) -> bool {
        self.address_mac(store, network, address).ct_eq(mac).into()
    }
}

/// Makes a key file, whole or not at all: without the key what is sealed under it is lost, so it must be on disk before
/// anything is.
fn create(path: &Path, random: &dyn Random) -> Result<(), StoreError> {
    let key = Zeroizing::new(random_bytes::<KEY_BYTES>(random)?);
    let mut text = Zeroizing::new(hex::encode(*key));
    text.push('\n');
    let part = files::part_of(path);
    schema::write_private(&part, text.as_bytes()).map_err(files::failed(&part))?;
    match files::put_in_place(&part, path) {
        // Another process was faster: its key is as good.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        put => put.map_err(files::failed(path)),
    }
}

fn derive(key: &[u8; KEY_BYTES], purpose: &[u8]) -> Zeroizing<[u8; KEY_BYTES]> {
    let mut mac = keyed(key);
    mac.update(purpose);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

fn keyed(key: &[u8; KEY_BYTES]) -> Hmac<Sha256> {
    // HMAC fills a short key up with zeros to its block of 64 bytes (RFC 2104); done here, nothing can fail.
    let mut block = Zeroizing::new([0; 2 * KEY_BYTES]);
    if let Some((start, _)) = block.split_first_chunk_mut() {
        *start = *key;
    }
    <Hmac<Sha256> as hmac::KeyInit>::new((&*block).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;

    fn vault(directory: &tempfile::TempDir) -> Vault {
        Vault::open(&directory.path().join("payd.key"), true, &SystemRandom).unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_only_unaltered_in_its_place_and_under_its_key() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut sealed = vault(&here).seal("endpoints", b"whsec", &SystemRandom).unwrap();
        assert_eq!(
            vault(&here).open_sealed("endpoints", &sealed).unwrap().as_slice(),
            b"whsec"
        );
        assert!(vault(&here).open_sealed("api_keys", &sealed).is_err());
        assert!(vault(&there).open_sealed("endpoints", &sealed).is_err());
        assert!(vault(&here).open_sealed("endpoints", &[]).is_err());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(vault(&here).open_sealed("endpoints", &sealed).is_err());
    }

    #[test]
    fn an_address_is_authentic_only_for_its_store_and_network() {
        let directory = tempfile::tempdir().unwrap();
        let vault = vault(&directory);
        let mac = vault.address_mac(1, "bsc", "0xA");
        assert!(vault.is_authentic(1, "bsc", "0xA", &mac));
        for (store, network, address) in [(2, "bsc", "0xA"), (1, "bs", "c0xA"), (1, "bsc", "0xB")] {
            assert!(!vault.is_authentic(store, network, address, &mac));
        }
    }

    #[test]
    fn a_key_file_that_others_may_read_or_that_holds_no_key_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("payd.key");
        vault(&directory);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            1,
            "nothing else is left"
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(
            Vault::open(&path, false, &SystemRandom),
            Err(StoreError::KeyFile { .. })
        ));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "").unwrap();
        assert!(
            Vault::open(&path, false, &SystemRandom).is_err(),
            "it belongs to a database"
        );
        Vault::open(&path, true, &SystemRandom).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().trim().len(), 64);
        fs::write(&path, "short").unwrap();
        assert!(matches!(
            Vault::open(&path, false, &SystemRandom),
            Err(StoreError::KeyFile { .. })
        ));
    }
}
