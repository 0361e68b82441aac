//! Time and bytes of a stretch of work.

use std::time::{Duration, Instant};

/// A stretch under way.
pub(crate) struct Stretch {
    begun: Instant,
    allocated: usize,
}

impl Stretch {
    pub(crate) fn begin() -> Self {
        Self {
            allocated: crate::ALLOCATOR.total_allocated(),
            begun: Instant::now(),
        }
    }

    /// How long it took, and how many bytes were allocated.
    pub(crate) fn end(self) -> (Duration, u64) {
        let took = self.begun.elapsed();
        (took, (crate::ALLOCATOR.total_allocated() - self.allocated) as u64)
    }
}

/// The least of all: what the machine was busy with besides only adds.
pub(crate) fn least(samples: Vec<f64>) -> f64 {
    samples.into_iter().fold(f64::MAX, f64::min)
}
