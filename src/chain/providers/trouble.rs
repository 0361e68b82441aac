//! What went wrong with one provider, told apart by what to do about it. The texts are those that real providers
//! send; they age, and a text that is not known here counts as the provider being down.

use std::time::Duration;

use crate::chain::jsonrpc::RpcError;
use crate::net::TransportError;

/// Why one provider did not answer usefully.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Trouble {
    /// What to do about it.
    pub kind: TroubleKind,
    /// What happened; fit to be shown: no URL, no key.
    pub reason: String,
}

/// What a trouble calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// Too many blocks at once: ask for fewer. Not a failure.
    Size {
        /// The most blocks the provider says it takes.
        blocks_max: Option<u64>,
    },
    /// The block is not there yet, or no longer. Not a failure.
    Lag,
    /// Too many requests: wait, and come back. Not down.
    Throttled {
        /// How long the provider asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// This provider will not serve this call without another key or plan.
    NeverHere,
    /// It does not know the call.
    Unsupported,
    /// Not reached, broken, or too slow.
    Down,
    /// What it said contradicts itself: its word is worth nothing for a while.
    Lie,
    /// It serves another chain, or another token, than the configuration says.
    WrongChain,
    /// Providers contradict one another, or no second one can be asked: nobody is known to be to blame.
    Undecided,
    /// It was not asked at all: that would have been more often than it is to be asked. Not its failure.
    OverBudget,
}

impl TroubleKind {
    /// The kind in a word, for metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Size { .. } => "size",
            Self::Lag => "lag",
            Self::Throttled { .. } => "throttled",
            Self::NeverHere => "never_here",
            Self::Unsupported => "unsupported",
            Self::Down => "down",
            Self::Lie => "lie",
            Self::WrongChain => "wrong_chain",
            Self::Undecided => "undecided",
            Self::OverBudget => "over_budget",
        }
    }
}

impl Trouble {
    /// A trouble of `kind`; `reason` must be fit to be shown.
    #[must_use]
    pub fn new(kind: TroubleKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
        }
    }

    /// What the provider said cannot be true.
    #[must_use]
    pub fn lie(reason: impl Into<String>) -> Self {
        Self::new(TroubleKind::Lie, reason)
    }

    /// The block is not there, or no longer.
    #[must_use]
    pub fn lag(reason: impl Into<String>) -> Self {
        Self::new(TroubleKind::Lag, reason)
    }

    /// Unusable for now.
    #[must_use]
    pub fn down(reason: impl Into<String>) -> Self {
        Self::new(TroubleKind::Down, reason)
    }
}

impl From<TransportError> for Trouble {
    fn from(error: TransportError) -> Self {
        let kind = match error {
            TransportError::TooLarge { .. } => TroubleKind::Size { blocks_max: None },
            TransportError::Connection(_) | TransportError::Timeout(_) => TroubleKind::Down,
        };
        Self::new(kind, error.to_string())
    }
}

const TOO_MANY_REQUESTS: &[&str] = &[
    "too many requests",
    "rate limit",
    "rate-limit",
    "ratelimit",
    "rate exceeded",
    "request rate",
    "requests per second",
    "request count exceeded",
    "compute units per second",
    "throttled",
    "throttling",
    "error code: 1015",
    // TronGrid, and a full node of TRON
    "frequency limit",
    "query frequency",
    "server is suspended",
    "lack of computing resources",
];
/// A call that a node of TRON does not serve, by its settings or its kind.
const CLOSED: &[&str] = &["api is unavailable", "api is closed", "does not support constant"];
const OTHER_KEY: &[&str] = &["personal token", "unauthorized", "api key", "apikey", "forbidden"];
const NOT_THERE: &[&str] = &[
    "header not found",
    "unknown block",
    "block not found",
    "block height out of range",
    "missing trie node",
    "extends beyond current head",
    "beyond current head",
    "after last accepted block",
    "cannot query unfinalized data",
];
const TOO_LARGE: &[&str] = &[
    "limit exceeded",
    "block range",
    "blocks range",
    "ranges over",
    "range is too",
    "range too",
    "exceeds max results",
    "query returned more than",
    "too many results",
    "response size",
    "response is too",
    "query timeout exceeded",
];

/// Tells apart an error that came with HTTP `status`, from its code and the node's own words. `shown` is those
/// words fit to be shown.
#[must_use]
pub fn classify(
    method: &str,
    status: u16,
    retry_after: Option<Duration>,
    error: &RpcError,
    shown: &str,
) -> Trouble {
    let text = error.message.to_lowercase();
    let says = |known: &[&str]| known.iter().any(|known| text.contains(known));
    let of_logs = method == "eth_getLogs";
    let kind = if status == 429 || error.code == 429 || says(TOO_MANY_REQUESTS) {
        TroubleKind::Throttled {
            retry_after: retry_after.or_else(|| suspended_for(&text)),
        }
    } else if status == 405 || says(CLOSED) {
        TroubleKind::Unsupported
    } else if says(NOT_THERE) {
        TroubleKind::Lag
    } else if of_logs && (status == 413 || says(TOO_LARGE)) {
        TroubleKind::Size {
            blocks_max: blocks_max(&text),
        }
    } else if error.code == -32005 || (status == 503 && retry_after.is_some()) {
        TroubleKind::Throttled { retry_after }
    } else if matches!(status, 401 | 403) || says(OTHER_KEY) {
        TroubleKind::NeverHere
    } else if error.code == -32601 {
        TroubleKind::Unsupported
    } else {
        TroubleKind::Down
    };
    let status = match status {
        200..=299 => String::new(),
        // What was said may be nothing that helps.
        401 | 403 if kind == TroubleKind::NeverHere => {
            format!("HTTP {status}: it refuses the password or key of its URL or headers; correct it ")
        }
        404 => format!("HTTP {status}: correct the path of its URL "),
        _ => format!("HTTP {status} "),
    };
    Trouble::new(kind, format!("{method}: {status}{shown}").trim_end().to_owned())
}

/// How long a provider says that it will not answer: `the query server is suspended for 30 s`.
fn suspended_for(text: &str) -> Option<Duration> {
    let (_, rest) = text.split_once("suspended for ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(Duration::from_secs)
}

/// The number of blocks that a range error names, such as `limited to 0 - 50 blocks range`. Limits on results
/// name other numbers and are not taken for it.
fn blocks_max(text: &str) -> Option<u64> {
    let of_blocks = text.contains("range") || text.contains("blocks");
    if !of_blocks || text.contains("result") || text.contains("size") {
        return None;
    }
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| match word.strip_suffix('k') {
            Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1000),
            None => word.parse().ok(),
        })
        .find(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_apart(method: &str, status: u16, code: i64, message: &str) -> TroubleKind {
        let error = RpcError {
            code,
            message: message.to_owned(),
        };
        classify(method, status, None, &error, message).kind
    }

    #[test]
    fn what_providers_of_tron_say_is_told_apart() {
        let throttled = |seconds: Option<u64>| TroubleKind::Throttled {
            retry_after: seconds.map(Duration::from_secs),
        };
        for (status, message, kind) in [
            (
                403,
                "{\"Error\":\"The key exceeds the frequency limit(15), and the query server is suspended for 30 s\"}",
                throttled(Some(30)),
            ),
            (
                429,
                "request rate exceeded the allowed_rps(3), and the query server is suspended for 5s",
                throttled(Some(5)),
            ),
            (
                403,
                "Exceed the user daily usage (100000), the maximum query frequency is 1 time per second",
                throttled(None),
            ),
            (
                200,
                "class java.lang.IllegalAccessException : lack of computing resources",
                throttled(None),
            ),
            (
                404,
                "this API is unavailable due to config",
                TroubleKind::Unsupported,
            ),
            (
                200,
                "this API is closed because this node is a lite fullnode",
                TroubleKind::Unsupported,
            ),
            (405, "<html>", TroubleKind::Unsupported),
            (401, "ApiKey not exists", TroubleKind::NeverHere),
            (503, "Service Temporarily Unavailable", TroubleKind::Down),
        ] {
            assert_eq!(
                told_apart("wallet/getnowblock", status, 0, message),
                kind,
                "{message}"
            );
        }
    }

    #[test]
    fn what_real_providers_say_is_told_apart() {
        const THROTTLED: TroubleKind = TroubleKind::Throttled { retry_after: None };
        let size = |blocks_max| TroubleKind::Size { blocks_max };
        for (status, code, message, kind) in [
            (200, -32005, "limit exceeded", size(None)),
            (200, -32000, "exceed maximum block range: 5000", size(Some(5000))),
            (
                200,
                -32701,
                "ranges over 10000 blocks are not supported on freetier",
                size(Some(10_000)),
            ),
            (
                200,
                -32000,
                "eth_getLogs is limited to 0 - 50 blocks range",
                size(Some(50)),
            ),
            (
                400,
                -32600,
                "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. \
                 Based on your parameters, this block range should work: [0x1, 0xa]",
                size(Some(10)),
            ),
            (
                200,
                -32602,
                "query exceeds max results 20000, retry with the range 100-200",
                size(None),
            ),
            (200, -32005, "query returned more than 10000 results", size(None)),
            (200, -32000, "header not found", TroubleKind::Lag),
            (200, -32000, "unknown block", TroubleKind::Lag),
            (200, -32000, "missing trie node abc", TroubleKind::Lag),
            (
                200,
                -32000,
                "block range extends beyond current head block",
                TroubleKind::Lag,
            ),
            (429, 0, "", THROTTLED),
            (
                200,
                -32005,
                "daily request count exceeded, request rate limited",
                THROTTLED,
            ),
            (403, 0, "error code: 1015", THROTTLED),
            (
                403,
                0,
                "Please specify an address in your request or, to remove restrictions, order a personal token",
                TroubleKind::NeverHere,
            ),
            (401, 0, "", TroubleKind::NeverHere),
            (
                200,
                -32000,
                "Unauthorized: You must authenticate",
                TroubleKind::NeverHere,
            ),
            (200, -32601, "the method does not exist", TroubleKind::Unsupported),
            (502, 0, "bad gateway", TroubleKind::Down),
        ] {
            assert_eq!(
                told_apart("eth_getLogs", status, code, message),
                kind,
                "{message}"
            );
        }
        assert_eq!(
            told_apart("eth_getBlockByNumber", 200, -32005, "limit exceeded"),
            THROTTLED,
            "the same words mean another thing for a call without a range"
        );
    }
}
