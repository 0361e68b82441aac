//! The second factor: codes of an authenticator app (RFC 6238), each taken once, and recovery codes that stand in for
//! them. What the app and payd share is sealed under the key file.

use std::sync::Arc;
use std::time::Duration;

use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::passwords::groups;
use super::sessions::{Browser, SignInError, SignedIn};
use super::{By, Office};
use crate::ambient::{NoRandomness, Random, random_bytes};
use crate::domain::ids::UserId;
use crate::domain::time::UnixMillis;
use crate::domain::user::{Session, User};
use crate::store::{StoreError, Txn, sessions, users};

/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;

/// How long somebody who knows the password has to show the second factor.
pub const SHOWN_WITHIN: Duration = Duration::from_secs(10 * 60);

/// Letters of a recovery code, each of five bits. Nobody can try many, and only their keyed hashes are kept.
const CODE_LETTERS: usize = 10;

/// Digits of a code, and of the typed text at most: people write spaces between.
const DIGITS: usize = 6;
const TYPED_MAX: usize = 64;

/// Why the second factor was not changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The code is wrong, too old, or was used before.
    #[error("the code is wrong, too old, or was used before")]
    WrongCode,
    /// Nobody is there, or the second factor is in the wrong state: on already, or off.
    #[error("the second factor is on already, or off")]
    NotSo,
}

/// What an authenticator app and payd are to share.
#[derive(Clone)]
pub struct Shared(Secret);

impl Shared {
    /// A new one: 160 bits, as RFC 4226 asks for.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn make(random: &dyn Random) -> Result<Self, NoRandomness> {
        Ok(Self(Secret::new_stack(random_bytes::<20>(random)?)))
    }

    /// Reads it back from its text; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text).ok()?;
        (secret.as_bytes().len() == 20).then_some(Self(secret))
    }

    /// As people type it into an app: base32.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_base32()
    }

    /// As apps read it from a QR code (Key URI Format). `place` is where the dashboard is.
    #[must_use]
    pub fn uri(&self, name: &str, place: &str) -> String {
        let encode =
            |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
        let account = format!("{name}@{place}");
        format!(
            "otpauth://totp/payd:{}?secret={}&issuer=payd",
            encode(&account),
            self.text()
        )
    }

    /// The time step of which this is the code, one before or after now at most.
    fn step_of(&self, code: &str, now: UnixMillis) -> Option<i64> {
        // SHA-1, six digits, half a minute, one step either way: what every app does.
        let totp: Totp = Builder::new().with_secret(self.0.clone()).build_noncompliant();
        let seconds = u64::try_from(now.get()).ok()?.checked_div(1000)?;
        i64::try_from(totp.check(code, seconds)?).ok()
    }
}

/// The recovery codes of one person, to be shown once.
pub type RecoveryCodes = Vec<String>;

fn make_codes(random: &dyn Random) -> Result<RecoveryCodes, NoRandomness> {
    (0..RECOVERY_CODES)
        .map(|_| groups::<CODE_LETTERS>(random))
        .collect()
}

/// A recovery code as it was made, however it was typed.
fn normal(typed: &str) -> String {
    let letters: Vec<char> = typed
        .chars()
        .filter(|char| char.is_ascii_alphanumeric())
        .map(|char| char.to_ascii_lowercase())
        .collect();
    let groups = letters.chunks(5).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// How somebody has shown the second factor.
enum Shown {
    /// By a code of the app.
    Code,
    /// By a recovery code, which is used up.
    Recovery,
}

/// Takes a code of the app or a recovery code, which is then no good any more; `None` when it is neither.
fn take(txn: &Txn<'_>, id: UserId, typed: &str, now: UnixMillis) -> Result<Option<Shown>, StoreError> {
    let Some(shared) = users::totp(txn, id)? else {
        return Ok(None);
    };
    let Some(bytes) = shared.first_chunk::<20>() else {
        return Ok(None);
    };
    let shared = Shared(Secret::new_stack(*bytes));
    let typed: Zeroizing<String> = Zeroizing::new(
        typed
            .chars()
            .filter(|char| !char.is_whitespace())
            .take(TYPED_MAX)
            .collect(),
    );
    if typed.len() == DIGITS && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        let Some(step) = shared.step_of(&typed, now) else {
            return Ok(None);
        };
        return Ok(users::take_totp_step(txn, id, step)?.then_some(Shown::Code));
    }
    let is_taken = users::use_recovery_code(txn, id, &normal(&typed), now)?;
    Ok(is_taken.then_some(Shown::Recovery))
}

/// Switches off the second factor of somebody who may have lost it. Recovery codes go with it.
///
/// # Errors
/// [`SecondFactorError::NotSo`] when it is off.
pub fn switch_off(
    txn: &Txn<'_>,
    by: &By,
    id: UserId,
    random: &dyn Random,
) -> Result<User, SecondFactorError> {
    let (user, _) = users::by_id(txn, id)?.ok_or(SecondFactorError::NotSo)?;
    if !user.has_totp {
        return Err(SecondFactorError::NotSo);
    }
    users::set_totp(txn, id, None, random)?;
    users::set_recovery_codes(txn, id, &[])?;
    by.write_down(txn, "user.second-factor", &user.name, "off")?;
    Ok(User {
        has_totp: false,
        ..user
    })
}

impl Office {
    /// Something for a new second factor to share.
    ///
    /// # Errors
    /// [`SecondFactorError::NoRandomness`].
    pub fn new_shared(&self) -> Result<Shared, SecondFactorError> {
        Ok(Shared::make(self.engine.random.as_ref())?)
    }

    /// Switches a user's second factor on, which a code of the app proves to work, and gives the recovery codes. Ends their
    /// other sessions, which were begun without it.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub async fn switch_on_second_factor(
        &self,
        by: By,
        session: &Session,
        shared: Shared,
        code: &str,
    ) -> Result<RecoveryCodes, SecondFactorError> {
        let code: String = code.chars().filter(|char| !char.is_whitespace()).collect();
        let step = shared.step_of(&code, by.at).ok_or(SecondFactorError::WrongCode)?;
        let codes = make_codes(self.engine.random.as_ref())?;
        let (kept, random) = (codes.clone(), Arc::clone(&self.engine.random));
        let (id, own) = (session.user, session.id);
        let done = self.engine.database.write(move |txn| {
            let (user, _) = users::by_id(txn, id)?.ok_or(SecondFactorError::NotSo)?;
            if user.has_totp {
                return Err(SecondFactorError::NotSo);
            }
            users::set_totp(txn, id, Some(shared.0.as_bytes()), random.as_ref())?;
            users::take_totp_step(txn, id, step)?;
            users::set_recovery_codes(txn, id, &kept)?;
            sessions::end_others(txn, id, Some(own), by.at)?;
            Ok(by.write_down(txn, "user.second-factor", &user.name, "on")?)
        });
        done.await?;
        Ok(codes)
    }

    /// Switches off one's own second factor, shown by a code.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub async fn switch_off_own_second_factor(
        &self,
        by: By,
        id: UserId,
        code: &str,
    ) -> Result<(), SecondFactorError> {
        let (code, random) = (code.to_owned(), Arc::clone(&self.engine.random));
        let done = self.engine.database.write(move |txn| {
            take(txn, id, &code, by.at)?.ok_or(SecondFactorError::WrongCode)?;
            switch_off(txn, &by, id, random.as_ref()).map(|_| ())
        });
        done.await
    }

    /// Switches off somebody's second factor.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub async fn switch_off_second_factor(&self, by: By, id: UserId) -> Result<User, SecondFactorError> {
        let random = Arc::clone(&self.engine.random);
        let done = self
            .engine
            .database
            .write(move |txn| switch_off(txn, &by, id, random.as_ref()));
        done.await
    }

    /// New recovery codes in place of all before.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub async fn new_recovery_codes(&self, by: By, id: UserId) -> Result<RecoveryCodes, SecondFactorError> {
        let codes = make_codes(self.engine.random.as_ref())?;
        let kept = codes.clone();
        let done = self.engine.database.write(move |txn| {
            let (user, _) = users::by_id(txn, id)?.ok_or(SecondFactorError::NotSo)?;
            if !user.has_totp {
                return Err(SecondFactorError::NotSo);
            }
            users::set_recovery_codes(txn, id, &kept)?;
            Ok(by.write_down(txn, "user.second-factor", &user.name, "new recovery codes")?)
        });
        done.await?;
        Ok(codes)
    }

    /// How many recovery codes a user has left.
    ///
    /// # Errors
    /// [`SecondFactorError::Store`].
    pub async fn recovery_codes_left(&self, id: UserId) -> Result<u32, SecondFactorError> {
        let read = self
            .engine
            .database
            .read(move |txn| users::recovery_codes_left(txn, id));
        Ok(read.await?)
    }

    /// Lets somebody in who knows the password and shows the second factor now, in a new session: the token that was known
    /// before is no good any more.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] when the code is wrong or was used before.
    pub async fn show_second_factor(
        &self,
        half: &Session,
        user: &User,
        typed: &str,
        from: Browser,
    ) -> Result<SignedIn, SignInError> {
        let made = self.new_session(user, from, true)?;
        let (typed, id, old) = (typed.to_owned(), user.id, half.id);
        let (token, kept, name) = (made.token, made.session, user.name.clone());
        let (by, hashed) = (made.by, token.clone());
        let shown = self.engine.database.write(move |txn| {
            let Some(shown) = take(txn, id, &typed, by.at)? else {
                return Err(SignInError::Wrong);
            };
            // Whoever ended it since, meant it.
            if !sessions::end_of(txn, id, old, by.at)? {
                return Err(SignInError::Wrong);
            }
            sessions::insert(txn, &kept, &hashed)?;
            if matches!(shown, Shown::Recovery) {
                by.write_down(txn, "user.second-factor", &name, "recovery code used")?;
            }
            Ok(by.write_down(txn, "session.begin", &name, &kept.address)?)
        });
        shown.await?;
        Ok(SignedIn {
            token,
            user: user.clone(),
            is_whole: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn known() -> Shared {
        Shared(Secret::new_stack(*b"12345678901234567890"))
    }

    #[test]
    fn codes_are_those_of_rfc_6238_and_good_one_step_either_way() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
        ] {
            let at = |seconds: i64| UnixMillis::from_seconds(seconds);
            let step = Some(seconds / 30);
            assert_eq!(known().step_of(code, at(seconds)), step);
            assert_eq!(known().step_of(code, at(seconds + 30)), step);
            assert_eq!(known().step_of(code, at(seconds - 30)), step);
            assert_eq!(known().step_of(code, at(seconds + 60)), None);
            assert_eq!(known().step_of(code, at(seconds - 60)), None);
        }
        for nonsense in ["", "28708", "2870822", "abcdef", "+87082", "２８７０８２"] {
            assert_eq!(known().step_of(nonsense, UnixMillis::from_seconds(59)), None);
        }
    }

    #[test]
    fn what_is_shared_is_read_back_from_its_text_and_nothing_else_is() {
        let text = known().text();
        assert_eq!(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(Shared::parse(&text).unwrap().text(), text);
        for other in ["", "GEZDGNBV", "not base32!"] {
            assert!(Shared::parse(other).is_none(), "{other}");
        }
        assert_eq!(
            known().uri("ann", "127.0.0.1:8422"),
            format!("otpauth://totp/payd:ann%40127.0.0.1%3A8422?secret={text}&issuer=payd")
        );
    }

    #[test]
    fn a_recovery_code_may_be_typed_in_any_way() {
        for typed in ["abcde-23456", "ABCDE23456", " abcde 23456 "] {
            assert_eq!(normal(typed), "abcde-23456");
        }
    }
}
