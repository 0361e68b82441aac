//! Ports for programs that cannot be told to pick one, or that must keep theirs over a restart.

use std::fs::{self, File};
use std::net::TcpListener;
use std::sync::Mutex;

/// Below the ports that the system gives to outgoing connections, of which the tests make thousands.
const PORTS: std::ops::Range<u32> = 12_000..32_000;

struct Given {
    /// How many were tried; none is tried twice.
    tried: u32,
    /// A locked file for each port that was given out. The system ends a lock with its process, however that ends.
    locks: Vec<File>,
}

static GIVEN: Mutex<Given> = Mutex::new(Given {
    tried: 0,
    locks: Vec::new(),
});

/// A port on which nothing listens. It is given out once, also when several test runs share the machine, and stays
/// reserved while the program behind it is down.
///
/// # Panics
/// When no port is free.
pub fn free_port() -> u16 {
    let mut given = GIVEN.lock().expect("the ports given out");
    while given.tried < PORTS.end - PORTS.start {
        // Each run begins elsewhere, so that it need not try all that others hold.
        let place = std::process::id().wrapping_mul(997).wrapping_add(given.tried);
        let port = u16::try_from(PORTS.start + place % (PORTS.end - PORTS.start)).expect("a port");
        given.tried += 1;
        if let Some(lock) = lock(port)
            && TcpListener::bind(("127.0.0.1", port)).is_ok()
        {
            given.locks.extend(lock);
            return port;
        }
    }
    panic!("no port of {PORTS:?} is free");
}

/// The lock of a port, `None` if another run has it. Where there can be no lock, such as in another user's folder, the
/// inner value is `None`: only whether somebody listens counts then.
fn lock(port: u16) -> Option<Option<File>> {
    let dir = std::env::temp_dir().join("payd-test-ports");
    let opened = fs::create_dir_all(&dir).and_then(|()| File::create(dir.join(port.to_string())));
    match opened {
        Ok(file) => file.try_lock().is_ok().then_some(Some(file)),
        Err(_) => Some(None),
    }
}
