//! How many files the process may have open: raised to what the system allows at start, and shared out among the
//! connections of each port, so that payd runs out of places for visitors before it runs out of files for its own work.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the database, the chains, the webhooks and the log need.
const RESERVED: u64 = 256;

/// The most connections of the shops' and customers' port: each takes memory as well.
const SERVER_MAX: u64 = 10_240;

/// The most connections of the dashboard's port, and of that for metrics.
const OTHERS_MAX: u64 = 512;

/// Fewer than these, and nothing would be served at all.
const CONNECTIONS_MIN: u64 = 32;

/// How many connections each port takes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// The port of shops and customers.
    pub server: usize,
    /// Each of the others.
    pub others: usize,
}

/// Raises the soft limit of open files to the hard one; gives what then holds, `None` for no limit.
pub fn raise() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit of open files could not be raised");
        }
    }
    getrlimit(Resource::Nofile).current
}

/// Shares out `files`, the limit of open files.
#[must_use]
pub fn share(files: Option<u64>) -> Connections {
    let free = files.map_or(u64::MAX, |files| files.saturating_sub(RESERVED));
    let part = |divisor: u64, most: u64| {
        let count = free.checked_div(divisor).unwrap_or_default();
        usize::try_from(count.clamp(CONNECTIONS_MIN, most)).unwrap_or(usize::MAX)
    };
    let shared = Connections {
        server: part(2, SERVER_MAX),
        others: part(8, OTHERS_MAX),
    };
    if let Some(files) = files.filter(|_| u64::try_from(shared.server).is_ok_and(|count| count < 1024)) {
        tracing::warn!(
            files,
            connections = shared.server,
            "few files may be open at a time, so that few connections are taken: raise the limit (LimitNOFILE of the \
             systemd unit, or ulimit -n)"
        );
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_take_no_more_files_than_leave_enough_for_the_work() {
        for files in [256_u64, 512, 1024, 4096, 20_000, 1 << 20] {
            let Connections { server, others } = share(Some(files));
            let taken = u64::try_from(server + 2 * others).unwrap();
            // Below that, nothing could be served at all.
            assert!(
                files <= 512 || taken + RESERVED <= files,
                "{files}: {server} {others}"
            );
        }
        let plenty = share(Some(1 << 20));
        assert_eq!((plenty.server, plenty.others), (10_240, 512));
        assert_eq!(share(None), plenty);
        assert!(share(Some(20_000)).server >= 9_000);
    }

    #[test]
    fn the_limit_is_as_high_as_it_may_be() {
        let raised = raise();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!((raised, limit.current), (limit.maximum, limit.maximum));
    }
}
