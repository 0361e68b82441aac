//! When a delivery is sent again. The waits are the format's; chance only ever lengthens them.

use std::time::Duration;

use crate::ambient::{Random, random_bytes};

/// The longest that an endpoint's Retry-After is obeyed.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(15 * 60);

/// A wait grows by at most one part in this many, so that a shop that comes back is not hit by all at once.
const JITTER_PARTS: u64 = 10;

/// The wait before the next attempt, `None` when `waits` are used up: `attempts` were made, the one that just
/// failed included. `retry_after` is a minimum, up to [`RETRY_AFTER_MAX`].
#[must_use]
pub fn wait_after(
    attempts: u32,
    waits: &[Duration],
    retry_after: Option<Duration>,
    random: &dyn Random,
) -> Option<Duration> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let scheduled = *waits.get(index)?;
    let asked = retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
    let wait = scheduled.max(asked);
    Some(wait.saturating_add(jitter(wait, random)))
}

/// A random span from zero to a tenth of `wait`; zero when the machine has no randomness to give.
fn jitter(wait: Duration, random: &dyn Random) -> Duration {
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    let choices = wait_ms.checked_div(JITTER_PARTS).unwrap_or(0).saturating_add(1);
    let drawn = random_bytes::<8>(random).map_or(0, u64::from_le_bytes);
    Duration::from_millis(drawn.checked_rem(choices).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::NoRandomness;

    /// Fills with one byte, or fails.
    struct Always(Option<u8>);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
            bytes.fill(self.0.ok_or(NoRandomness)?);
            Ok(())
        }
    }

    const WAITS: &[Duration] = &[Duration::from_secs(3), Duration::from_secs(60)];

    #[test]
    fn each_failed_attempt_has_its_wait_and_the_last_has_none() {
        let none = Always(None);
        assert_eq!(wait_after(0, WAITS, None, &none), None);
        assert_eq!(wait_after(1, WAITS, None, &none), Some(WAITS[0]));
        assert_eq!(wait_after(2, WAITS, None, &none), Some(WAITS[1]));
        assert_eq!(wait_after(3, WAITS, None, &none), None);
        assert_eq!(wait_after(u32::MAX, WAITS, None, &none), None);
    }

    #[test]
    fn chance_only_lengthens_a_wait_and_by_a_tenth_at_most() {
        for byte in 0..=255 {
            let wait = wait_after(2, WAITS, None, &Always(Some(byte))).unwrap();
            assert!(wait >= WAITS[1] && wait <= Duration::from_secs(66), "{wait:?}");
        }
        assert!((0..=255).any(|byte| wait_after(2, WAITS, None, &Always(Some(byte))) != Some(WAITS[1])));
    }

    #[test]
    fn retry_after_is_a_minimum_within_a_cap() {
        let none = Always(None);
        let after = |asked| wait_after(1, WAITS, Some(Duration::from_secs(asked)), &none);
        assert_eq!(after(1), Some(WAITS[0]));
        assert_eq!(after(100), Some(Duration::from_secs(100)));
        assert_eq!(after(u64::MAX), Some(RETRY_AFTER_MAX));
        assert_eq!(wait_after(3, WAITS, Some(Duration::from_secs(1)), &none), None);
    }
}
