//! A damaged key file, sealed secrets and a damaged database: refused in words, and nothing opened that was altered.

use std::os::unix::fs::PermissionsExt as _;

use super::vault::Vault;
use super::{Database, Options};
use crate::ambient::SystemRandom;
use crate::mutation::{bounded, run};

#[test]
fn a_damaged_key_file_is_refused_or_is_that_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    let digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
    run("store::key_file", 300, |from| {
        let text = from.foul(&[digits]);
        std::fs::write(&path, &text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let opened = bounded(2048, 8, || Vault::open(&path, false, &SystemRandom));
        if opened.is_ok() {
            let trimmed = std::str::from_utf8(&text).unwrap().trim();
            assert!(trimmed.len() == 64 && trimmed.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
    });
}

#[test]
fn a_sealed_secret_that_was_altered_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(&dir.path().join("key"), true, &SystemRandom).unwrap();
    let sealed = vault.seal("endpoints", b"whsec_secret", &SystemRandom).unwrap();
    run("store::sealed", 3000, |from| {
        let mut altered = sealed.clone();
        from.damage_bytes(&mut altered, &sealed);
        let opened = bounded(altered.len(), 8, || vault.open_sealed("endpoints", &altered));
        assert_eq!(opened.is_ok(), altered == sealed);
        assert!(vault.open_sealed("keys", &sealed).is_err());
    });
}

#[test]
fn a_damaged_database_is_refused_or_opened_and_never_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options::in_directory(dir.path());
    // Closed, so that nobody removes a file of it while they are read.
    let database = Database::open(&options, &SystemRandom).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(database.close());
    let files = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let whole: Vec<_> = files
        .map(|path| {
            (
                path.file_name().unwrap().to_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    run("store::database", 40, |from| {
        // Each in a place of its own: the last one's threads may have its files open still.
        let dir = tempfile::tempdir().unwrap();
        let one = from.below(whole.len());
        for (number, (name, bytes)) in whole.iter().enumerate() {
            let mut bytes = bytes.clone();
            if number == one {
                for _ in 0..=from.below(8) {
                    from.damage_bytes(&mut bytes, &[]);
                }
            }
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        drop(Database::open(&Options::in_directory(dir.path()), &SystemRandom));
    });
}
