//! Passwords: hashed with Argon2id, a few at a time.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::ambient::{NoRandomness, Random, random_bytes};
use crate::domain::user::{PASSWORD_BYTES_MAX, PASSWORD_LENGTH_MIN};

/// Kibibytes, passes and lanes, as OWASP's Password Storage Cheat Sheet has them (19 MiB, 2, 1).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Each takes its 19 MiB while it runs.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Guessed too fast.
    #[error("a password has at least {PASSWORD_LENGTH_MIN} characters")]
    TooShort,
    /// Nobody types that.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// One character over and over, or the user's name.
    #[error(
        "this password is among the first to be guessed: take several words, or let a password manager make one"
    )]
    TooPlain,
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The machine has not the memory, or the code is wrong.
    #[error("the password could not be hashed")]
    NotHashed,
}

/// A password that somebody typed. Shows nothing of itself.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// What was typed.
    #[must_use]
    pub fn new(typed: impl Into<String>) -> Self {
        Self(Zeroizing::new(typed.into()))
    }

    /// Whether it is good enough for somebody of this name.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn check(&self, name: &str) -> Result<(), PasswordError> {
        if self.0.chars().count() < PASSWORD_LENGTH_MIN {
            return Err(PasswordError::TooShort);
        }
        if self.0.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordError::TooLong);
        }
        let mut characters: Vec<char> = self.0.chars().collect();
        characters.sort_unstable();
        characters.dedup();
        let rest = self.0.to_lowercase().replace(&name.to_lowercase(), "");
        if characters.len() < 4 || (!name.is_empty() && rest.chars().count() < 4) {
            return Err(PasswordError::TooPlain);
        }
        Ok(())
    }

    /// Its hash, as a PHC string.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, random: &dyn Random) -> Result<String, PasswordError> {
        let salt = random_bytes::<16>(random)?;
        let typed = self.0.clone();
        at_work(move || {
            let hashed = hasher()?.hash_password_with_salt(typed.as_bytes(), &salt).ok()?;
            Some(hashed.to_string())
        })
        .await
        .ok_or(PasswordError::NotHashed)
    }

    /// Whether it is the one of this hash. Takes the same time without a hash, so that nobody learns which users
    /// there are.
    pub async fn is_of(&self, hash: Option<String>) -> bool {
        let typed = self.0.clone();
        if typed.len() > PASSWORD_BYTES_MAX {
            return false;
        }
        let is_known = hash.is_some();
        let verified = at_work(move || {
            // Nobody's hash is made here, where work may block: at first use it takes as long as a password does.
            let hash = hash.unwrap_or_else(|| NOBODY.clone());
            let hash = PasswordHash::new(&hash).ok()?;
            hasher()?.verify_password(typed.as_bytes(), &hash).ok()
        });
        verified.await.is_some() && is_known
    }
}

/// Letters and digits that are not taken for each other: five bits each.
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// A text that nobody guesses (100 bits) and everybody can copy from paper: `abcde-23456-fghij-789km`.
///
/// # Errors
/// [`NoRandomness`].
pub fn make(random: &dyn Random) -> Result<String, NoRandomness> {
    groups::<20>(random)
}

/// So many random letters, each of five bits, in groups of five.
pub(super) fn groups<const LETTERS: usize>(random: &dyn Random) -> Result<String, NoRandomness> {
    let groups = random_bytes::<LETTERS>(random)?;
    let groups = groups.chunks(5).map(|group| {
        let letters = group.iter().map(|byte| ALPHABET.get(usize::from(byte % 32)));
        letters.flatten().map(|letter| char::from(*letter)).collect()
    });
    Ok(groups.collect::<Vec<String>>().join("-"))
}

/// The hash of nobody's password.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let hashed = hasher().and_then(|hasher| hasher.hash_password_with_salt(b"nobody", &[0; 16]).ok());
    hashed.map(|hashed| hashed.to_string()).unwrap_or_default()
});

fn hasher() -> Option<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn at_work<T: Send + 'static>(work: impl FnOnce() -> Option<T> + Send + 'static) -> Option<T> {
    placed(&AT_ONCE, work).await
}

/// Works where there is a place. The work keeps it to its end, whether or not somebody still waits for what comes of it: who
/// breaks off one try after the other has no more of them run at once.
async fn placed<T: Send + 'static>(
    places: &'static Semaphore,
    work: impl FnOnce() -> Option<T> + Send + 'static,
) -> Option<T> {
    let place = places.acquire().await.ok()?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;

    #[test]
    fn short_long_and_plain_passwords_are_refused() {
        for (typed, refused) in [
            ("short", Some(PasswordError::TooShort)),
            ("aaaaaaaaaaaa", Some(PasswordError::TooPlain)),
            ("annemarie12", Some(PasswordError::TooPlain)),
            ("correct horse battery", None),
            ("пароль надолго", None),
        ] {
            assert_eq!(Password::new(typed).check("AnneMarie").err(), refused, "{typed}");
        }
        assert_eq!(
            Password::new("ab1 ".repeat(100)).check("").err(),
            Some(PasswordError::TooLong)
        );
    }

    #[test]
    fn a_made_password_is_good_and_another_each_time() {
        let made = make(&SystemRandom).unwrap();
        assert_eq!((made.len(), make(&SystemRandom).unwrap() == made), (23, false));
        assert_eq!(Password::new(made).check("ann"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_no_other_is() {
        let password = Password::new("correct horse battery");
        let hash = password.hash(&SystemRandom).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(password.is_of(Some(hash.clone())).await);
        assert!(!Password::new("correct horse batterz").is_of(Some(hash)).await);
        assert!(
            !password
                .is_of(Some("$argon2id$v=19$m=19456,t=2,p=1$broken".to_owned()))
                .await
        );
        assert!(!Password::new("nobody").is_of(None).await);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_place() {
        static PLACES: Semaphore = Semaphore::const_new(1);
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let mut waiting = Box::pin(placed(&PLACES, move || ended.recv().ok()));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        drop(waiting);
        assert_eq!(PLACES.available_permits(), 0);
        end.send(()).unwrap();
        let _place = PLACES.acquire().await.unwrap();
    }
}
