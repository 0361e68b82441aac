//! People who use the dashboard, and what each may do.

use std::collections::BTreeSet;

use super::ids::{SessionId, ShopId, UserId};
use super::time::UnixMillis;

/// Characters that a user's name may have.
pub const NAME_LENGTH_MAX: usize = 64;

/// The shortest password, in characters (NIST SP 800-63B asks for eight where there is a second factor).
pub const PASSWORD_LENGTH_MIN: usize = 10;

/// The longest password, in bytes: hashing is not for books.
pub const PASSWORD_BYTES_MAX: usize = 256;

super::vocabulary! {
    /// What somebody may do. Each role may do all that the next may.
    Role, "role" {
        /// Everything: where money goes, keys, people.
        Owner = "owner",
        /// The day's work: payments, the inbox, webhooks once more. Nothing that decides where money goes.
        Staff = "staff",
        /// Look.
        ReadOnly = "read-only",
    }
}

impl Role {
    /// Whether this role may do what takes `needed`.
    #[must_use]
    pub const fn may(self, needed: Self) -> bool {
        match (self, needed) {
            (Self::Owner, _) | (Self::Staff, Self::Staff | Self::ReadOnly) => true,
            (Self::ReadOnly, Self::ReadOnly) => true,
            (Self::Staff, Self::Owner) | (Self::ReadOnly, Self::Owner | Self::Staff) => false,
        }
    }
}

/// Which shops somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shops {
    /// All, also those that are made later.
    All,
    /// These.
    Only(BTreeSet<ShopId>),
}

impl Shops {
    /// Whether the shop is among them.
    #[must_use]
    pub fn has(&self, shop: ShopId) -> bool {
        match self {
            Self::All => true,
            Self::Only(shops) => shops.contains(&shop),
        }
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Row number.
    pub id: UserId,
    /// What they sign in with; unique whatever its capitals.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where.
    pub shops: Shops,
    /// Whether they have a second factor.
    pub has_totp: bool,
    /// The language of their dashboard, as a BCP 47 tag; the browser's without one.
    pub language: Option<String>,
    /// When they were added.
    pub created_at: UnixMillis,
    /// Since when they cannot sign in.
    pub disabled_at: Option<UnixMillis>,
}

/// Somebody signed in, at one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Row number.
    pub id: SessionId,
    /// Who.
    pub user: UserId,
    /// Whether the second factor was shown too, where there is one.
    pub is_whole: bool,
    /// Since when.
    pub created_at: UnixMillis,
    /// When it was used last, to the minute.
    pub seen_at: UnixMillis,
    /// From where.
    pub address: String,
    /// With what browser, in its own words.
    pub agent: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_lower_ones_may_and_no_more() {
        let allowed = |role: Role| {
            Role::ALL
                .iter()
                .map(|needed| role.may(*needed))
                .collect::<Vec<_>>()
        };
        assert_eq!(Role::ALL, &[Role::Owner, Role::Staff, Role::ReadOnly]);
        assert_eq!(allowed(Role::Owner), [true, true, true]);
        assert_eq!(allowed(Role::Staff), [false, true, true]);
        assert_eq!(allowed(Role::ReadOnly), [false, false, true]);
    }
}
