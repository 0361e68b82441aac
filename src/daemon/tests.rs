//! The whole daemon on simulated time.
