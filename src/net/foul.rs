//! Damage on the way between payd and a node: replies and lines that come from a scripted one are damaged now and then.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

use super::lines::{Dial, Duplex};
use super::{Endpoint, Fetch, FetchReply, FetchRequest, TransportError};
use crate::mutation::Mutator;

/// The host whose replies are damaged by the seed; those of other hosts come as they are.
pub(crate) struct FoulFetch {
    behind: Arc<dyn Fetch>,
    host: &'static str,
    from: Mutex<Mutator>,
    /// One reply in so many is damaged.
    once_in: usize,
    last: Mutex<Vec<u8>>,
}

impl FoulFetch {
    pub(crate) fn new(behind: Arc<dyn Fetch>, host: &'static str, from: &mut Mutator) -> Self {
        Self {
            behind,
            host,
            once_in: 1 + from.below(4),
            from: Mutex::new(Mutator::of(from.next())),
            last: Mutex::default(),
        }
    }

    fn spoilt(&self, mut reply: FetchReply) -> FetchReply {
        let mut from = self.from.lock().unwrap();
        if !from.once_in(self.once_in) {
            self.last.lock().unwrap().clone_from(&reply.body);
            return reply;
        }
        match from.below(16) {
            0 => reply.status = [0, 100, 204, 301, 400, 404, 429, 500, 503, 999][from.below(10)],
            1 => {
                let seconds = [0, 1, 3600, u64::MAX / 1000, u64::MAX][from.below(5)];
                reply.status = 429;
                reply.retry_after = Some(Duration::from_secs(seconds));
            }
            2 => reply.body = self.last.lock().unwrap().clone(),
            3 => reply.body = b"<html><body>502 Bad Gateway</body></html>".to_vec(),
            4..=6 if damage_hex(&mut from, &mut reply.body) => {}
            _ => {
                let last = self.last.lock().unwrap().clone();
                for _ in 0..=from.below(2) {
                    from.damage(&mut reply.body, &last);
                }
            }
        }
        reply
    }
}

impl Fetch for FoulFetch {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let is_foul = request.endpoint.host() == self.host;
        let bytes_max = request.reply_bytes_max;
        Box::pin(async move {
            let reply = self.behind.fetch(request).await?;
            let reply = if is_foul { self.spoilt(reply) } else { reply };
            if reply.body.len() > bytes_max {
                return Err(TransportError::TooLarge { bytes_max });
            }
            Ok(reply)
        })
    }
}

/// Damages the bytes that some long hexadecimal text in `body` stands for; false where there is none.
fn damage_hex(from: &mut Mutator, body: &mut Vec<u8>) -> bool {
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, byte) in body.iter().enumerate() {
        if !byte.is_ascii_hexdigit() {
            if at - start >= 40 {
                runs.push(start..at);
            }
            start = at + 1;
        }
    }
    if runs.is_empty() {
        return false;
    }
    let run = runs[from.below(runs.len())].clone();
    let even = run.start..run.end - run.len() % 2;
    let mut bytes = hex::decode(&body[even.clone()]).unwrap();
    from.damage_bytes(&mut bytes, &[]);
    body.splice(even, hex::encode(bytes).into_bytes());
    true
}

/// The host whose lines are damaged by the seed.
pub(crate) struct FoulDial {
    behind: Arc<dyn Dial>,
    host: &'static str,
    seeds: Mutex<Mutator>,
}

impl FoulDial {
    pub(crate) fn new(behind: Arc<dyn Dial>, host: &'static str, from: &mut Mutator) -> Self {
        Self {
            behind,
            host,
            seeds: Mutex::new(Mutator::of(from.next())),
        }
    }
}

impl Dial for FoulDial {
    fn dial<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        Box::pin(async move {
            let behind = self.behind.dial(endpoint).await?;
            if endpoint.host() != self.host {
                return Ok(behind);
            }
            let from = Mutator::of(self.seeds.lock().unwrap().next());
            let (ours, theirs) = tokio::io::duplex(1 << 16);
            tokio::spawn(between(behind, theirs, from));
            Ok(Box::new(ours) as Box<dyn Duplex>)
        })
    }
}

/// Carries what is asked as it is, and damages lines of what is answered.
async fn between(server: Box<dyn Duplex>, client: tokio::io::DuplexStream, mut from: Mutator) {
    let (from_server, mut to_server) = tokio::io::split(server);
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let once_in = 1 + from.below(40);
    let answers = async {
        let mut lines = BufReader::new(from_server).split(b'\n');
        let mut last = Vec::new();
        while let Ok(Some(mut line)) = lines.next_segment().await {
            if from.once_in(once_in) {
                match from.below(8) {
                    0 => line.clone_from(&last),
                    1 => line = [line.clone(), b"\n".to_vec(), line].concat(),
                    2 if damage_hex(&mut from, &mut line) => {}
                    _ => from.damage(&mut line, &last),
                }
            }
            line.push(b'\n');
            if to_client.write_all(&line).await.is_err() {
                return;
            }
            last = line;
        }
    };
    tokio::select! {
        () = answers => {}
        _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
    }
}
