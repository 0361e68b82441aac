//! Identifiers. Numbers name rows; words name things to people.

use std::fmt;

use super::time::UnixMillis;

macro_rules! row_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a row number that the store gave out.
            #[must_use]
            pub const fn new(row: i64) -> Self {
                Self(row)
            }

            /// The row number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id!(
    /// A shop: what the command line and the APIs call a store, a project or a merchant.
    ShopId
);
row_id!(
    /// An API key of a store.
    KeyId
);
row_id!(
    /// A receive address in a store's pool.
    AddressId
);
row_id!(
    /// How a store receives on one network.
    WalletId
);
row_id!(
    /// A payment, inside payd only; outside it is a [`PaymentNumber`] or a [`PaymentToken`].
    PaymentId
);
row_id!(
    /// A transfer seen on a chain.
    TransferId
);
row_id!(
    /// An entry of the audit log.
    AuditId
);
row_id!(
    /// Somebody who may use the dashboard.
    UserId
);
row_id!(
    /// Somebody signed in to the dashboard.
    SessionId
);
row_id!(
    /// A way to reach the merchant.
    ChannelId
);
row_id!(
    /// Something that the merchant is told.
    NoticeId
);
row_id!(
    /// A webhook endpoint.
    EndpointId
);
row_id!(
    /// One recorded change of a payment.
    EventId
);
row_id!(
    /// One event on its way to one endpoint. Retries keep it, a replay gets a new one.
    DeliveryId
);
row_id!(
    /// Something that a store sells over the counter.
    CounterItemId
);

/// The public number of a payment: `PAY-2026-000123`, unique in this payd.
///
/// The running number has at least six digits and grows beyond them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PaymentNumber(String);

impl PaymentNumber {
    /// Builds the number from the year of creation and the running number within it.
    #[must_use]
    pub fn new(year: i32, running: i64) -> Self {
        Self(format!("PAY-{year:04}-{running:06}"))
    }

    /// Reads a number as a merchant or a URL wrote it; `None` when it does not have the form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, running) = text.strip_prefix("PAY-")?.split_once('-')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (year.len() == 4 && (6..=18).contains(&running.len()) && digits(year) && digits(running))
            .then(|| Self(text.to_owned()))
    }

    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PaymentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Bytes of the time in names that are kept in order: milliseconds, which begin anew every 34 years.
const TIME_BYTES: usize = 5;

fn time_bytes(now: UnixMillis) -> [u8; TIME_BYTES] {
    let [_, _, _, bytes @ ..] = now.get().to_be_bytes();
    bytes
}

/// The credential in a checkout URL: 32 bytes, 27 of them random, URL-safe. Whoever has it sees the checkout page.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PaymentToken(String);

impl PaymentToken {
    /// The token for 32 random bytes, as 64 hexadecimal digits.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(hex::encode(bytes))
    }

    /// The token of a payment that is made `now`, for 27 random bytes behind five of the time. Those that are made together
    /// lie together where tokens are kept in order, so that adding one costs the same among ten million as among ten.
    #[must_use]
    pub fn made(now: UnixMillis, random: [u8; 27]) -> Self {
        let mut bytes = [0; 32];
        let (time, rest) = bytes.split_at_mut(TIME_BYTES);
        time.copy_from_slice(&time_bytes(now));
        rest.copy_from_slice(&random);
        Self::from_random(bytes)
    }

    /// Reads a token from a URL; `None` when it does not have the form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
            .then(|| Self(text.to_owned()))
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentToken(..)")
    }
}

/// The name of a payment in the APIs that speak of UUIDs, in the form of RFC 9562's version 4: at least 82 random bits.
/// Whoever has it sees the checkout page.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PaymentUuid(String);

impl PaymentUuid {
    /// The UUID for 16 random bytes, of which six bits say that it is one.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let bits = u128::from_be_bytes(bytes);
        let bits = bits & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
        let digits = format!("{bits:032x}");
        let (a, rest) = digits.split_at(8);
        let (b, rest) = rest.split_at(4);
        let (c, rest) = rest.split_at(4);
        let (d, e) = rest.split_at(4);
        Self(format!("{a}-{b}-{c}-{d}-{e}"))
    }

    /// The UUID of a payment that is made `now`, for 11 random bytes behind five of the time: as
    /// [`PaymentToken::made`].
    #[must_use]
    pub fn made(now: UnixMillis, random: [u8; 11]) -> Self {
        let mut bytes = [0; 16];
        let (time, rest) = bytes.split_at_mut(TIME_BYTES);
        time.copy_from_slice(&time_bytes(now));
        rest.copy_from_slice(&random);
        Self::from_random(bytes)
    }

    /// Reads a UUID from a URL, in small or capital letters; `None` when it does not have the form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(index, byte)| match index {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The UUID as text, in small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentUuid(..)")
    }
}

/// The name of a payment in the APIs that speak of whole numbers: random, above zero and below 2^53, which JavaScript
/// can hold. Whoever has it sees the checkout page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaymentCode(u64);

impl PaymentCode {
    const MAX: u64 = 0x001f_ffff_ffff_ffff;

    /// The code for 8 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self((u64::from_be_bytes(bytes) >> 11).max(1))
    }

    /// Wraps a number; `None` when it is none of these.
    #[must_use]
    pub fn new(code: u64) -> Option<Self> {
        (1..=Self::MAX).contains(&code).then_some(Self(code))
    }

    /// Reads a code from a URL; `None` when it does not have the form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits).and_then(Self::new)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_number_reads_back_and_grows_past_six_digits() {
        for (running, text) in [
            (1, "PAY-2026-000001"),
            (999_999, "PAY-2026-999999"),
            (1_000_000, "PAY-2026-1000000"),
        ] {
            let number = PaymentNumber::new(2026, running);
            assert_eq!(number.as_str(), text);
            assert_eq!(PaymentNumber::parse(text), Some(number));
        }
    }

    #[test]
    fn a_malformed_payment_number_or_token_is_no_identifier() {
        for text in [
            "",
            "PAY-",
            "PAY-2026-1",
            "PAY-26-000001",
            "PAY-2026-00000x",
            "pay-2026-000001",
            "PAY-2026-0000000000000000001",
        ] {
            assert_eq!(PaymentNumber::parse(text), None, "{text}");
        }
        assert_eq!(PaymentToken::parse("../../etc/passwd"), None);
        assert!(PaymentToken::parse(&"a".repeat(64)).is_some());
    }

    #[test]
    fn a_uuid_is_of_version_four_and_reads_back() {
        let uuid = PaymentUuid::from_random([0xff; 16]);
        assert_eq!(uuid.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(
            PaymentUuid::from_random([0; 16]).as_str(),
            "00000000-0000-4000-8000-000000000000"
        );
        assert_eq!(PaymentUuid::parse(&uuid.as_str().to_uppercase()), Some(uuid));
        for text in [
            "",
            "ffffffff-ffff-4fff-bfff-fffffffffff",
            "ffffffffxffff-4fff-bfff-ffffffffffff",
            "ffffffff-ffff-4fff-bfff-fffffffffffg",
            "ﬀffffff-ffff-4fff-bfff-ffffffffffff",
        ] {
            assert_eq!(PaymentUuid::parse(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_payments_that_are_made_together_lie_together_and_tell_nothing_but_the_time() {
        let at = |millis: i64| UnixMillis::new(0x0195_4a5b_0000 + millis);
        let earlier = PaymentToken::made(at(1), [0xff; 27]);
        let later = PaymentToken::made(at(2), [0; 27]);
        assert_eq!(earlier.as_str(), format!("954a5b0001{}", "ff".repeat(27)));
        assert!(earlier.as_str() < later.as_str());
        assert_eq!(PaymentToken::parse(later.as_str()), Some(later));
        let uuid = PaymentUuid::made(at(1), [0xff; 11]);
        assert_eq!(uuid.as_str(), "954a5b00-01ff-4fff-bfff-ffffffffffff");
        assert!(uuid.as_str() < PaymentUuid::made(at(2), [0; 11]).as_str());
    }

    #[test]
    fn a_code_is_a_number_that_javascript_can_hold() {
        assert_eq!(PaymentCode::from_random([0xff; 8]).get(), (1 << 53) - 1);
        assert_eq!(PaymentCode::from_random([0; 8]).get(), 1);
        assert_eq!(PaymentCode::parse("123").map(PaymentCode::get), Some(123));
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "1.0",
            "9007199254740992",
            "99999999999999999999",
        ] {
            assert_eq!(PaymentCode::parse(text), None, "{text}");
        }
    }
}
