//! What goes wrong when: providers, receivers, the clock, the disk, the process.

use std::sync::atomic::Ordering;

use super::{Run, STEPS};
use crate::life::{Death, Life};
use crate::provider::{Fault, NO_FAULTS};
use crate::receivers::{Manner, RECEIVERS};
use crate::world::{Network, PROVIDERS};

impl Run {
    /// Plans what goes wrong.
    pub(super) fn break_things(&mut self, life: &Life) {
        let step = self.step;
        for network in Network::ALL {
            self.break_providers(network);
        }
        for receiver in 0..RECEIVERS {
            if step >= self.receiver_until[receiver] {
                let manner = match self.chance.below(100) {
                    0..82 => Manner::Well,
                    99 => Manner::Gone,
                    _ => *self.chance.pick(Manner::UNWELL),
                };
                self.receiver_until[receiver] = step
                    + if manner == Manner::Gone {
                        1
                    } else {
                        self.chance.between(2, 12)
                    };
                self.receivers.inbox.lock().unwrap().manners[receiver] = Some(manner);
                self.tell(format_args!("receiver {receiver}: {manner:?}"));
            }
        }
        if self.clock_until == step {
            self.wall.off_ms.store(0, Ordering::Relaxed);
        }
        if self.clock_until <= step && self.chance.permille(15) {
            let off_ms = match self.chance.below(4) {
                0 => -(self.chance.below(600_000) as i64),
                1 => self.chance.below(600_000) as i64,
                2 => -(self.chance.below(30_000) as i64),
                _ => self.chance.below(30_000) as i64,
            };
            self.wall.off_ms.store(off_ms, Ordering::Relaxed);
            self.clock_until = step + self.chance.between(1, 10);
            self.count("clock jumps");
            self.tell(format_args!("the clock is {off_ms} ms off"));
        }
        let is_full = self.disk_until > step;
        if !is_full {
            *life.fate.disk_is_full.lock().unwrap() = false;
            if self.chance.permille(15) {
                *life.fate.disk_is_full.lock().unwrap() = true;
                self.disk_until = step + self.chance.between(1, 5);
                self.count("full disks");
                self.tell(format_args!("the disk is full"));
            }
        }
        if life.fate.death.lock().unwrap().is_none() && self.chance.permille(25) {
            let death = *self.chance.pick(&[Death::BeforeCommit, Death::AfterCommit]);
            let left = self.chance.between(1, 30);
            *life.fate.death.lock().unwrap() = Some((left, death));
            self.tell(format_args!("death {death:?} in {left} commits"));
        }
    }

    /// Plans what goes wrong with a network's providers. At most one of them lies at a time.
    fn break_providers(&mut self, network: Network) {
        let (step, of) = (self.step, network.index());
        for provider in 0..PROVIDERS {
            if step < self.provider_until[of][provider] {
                continue;
            }
            let mut faults = self.net.faults.lock().unwrap()[of];
            // Never as many as a quorum.
            let others_lie = (0..PROVIDERS).any(|other| other != provider && faults[other].is_lie(network));
            faults[provider] = match self.chance.below(100) {
                0..66 => Fault::None,
                66..84 => *self.chance.pick(Fault::unwell(network)),
                _ if others_lie => Fault::None,
                _ => *self.chance.pick(Fault::lies(network)),
            };
            let lasts = match faults[provider] {
                // Nobody notices it for long.
                Fault::FabricatesLate => self.chance.between(12, 30),
                _ => self.chance.between(2, 12),
            };
            self.provider_until[of][provider] = step + lasts;
            self.net.faults.lock().unwrap()[of] = faults;
            self.lag[of][provider] = if self.chance.permille(200) {
                self.chance.between(1, 6) as usize
            } else {
                0
            };
            let lag = self.lag[of][provider];
            self.tell(format_args!(
                "provider {}{provider}: {}, {lag} behind",
                network.letter(),
                faults[provider].word()
            ));
        }
    }

    /// Perhaps the provider that is asked first begins to tell of a chain on which nobody pays. For so long that nothing but
    /// the votes of the others, which are well, leads back from it.
    pub(super) fn lead_away(&mut self) {
        if self.step + 40 > STEPS || !self.chance.permille(60) {
            return;
        }
        let of = Network::Evm.index();
        let mut faults = [Fault::None; PROVIDERS];
        faults[0] = Fault::EmptyChain;
        self.net.faults.lock().unwrap()[of] = faults;
        self.provider_until[of] = [self.step + self.chance.between(28, 40); PROVIDERS];
        self.tell(format_args!("provider p0: an empty chain"));
    }

    /// Everything is well again.
    pub(super) fn heal(&mut self, life: &Life) {
        *self.net.faults.lock().unwrap() = NO_FAULTS;
        self.lag = Default::default();
        self.receivers.inbox.lock().unwrap().manners = [None; RECEIVERS];
        self.wall.off_ms.store(0, Ordering::Relaxed);
        *life.fate.disk_is_full.lock().unwrap() = false;
        *life.fate.death.lock().unwrap() = None;
    }
}
