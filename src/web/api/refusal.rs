//! What the refusals of all APIs have in common: how long to wait, and what is said of payd's own faults. Knows no shape.

/// Seconds after which a retry can find an address or an amount free: they are held for minutes.
pub(super) const RETRY_HELD_SECONDS: u16 = 30;

/// Seconds after which a retry can find payd less busy.
pub(super) const RETRY_BUSY_SECONDS: u16 = 1;

/// Said of what failed inside payd: the cause is in the log and nowhere else.
pub(super) const INTERNAL: &str =
    "payd could not do this because of an internal error; its log has the cause under this x-request-id";
