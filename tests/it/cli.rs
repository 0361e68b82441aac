//! The command line as a stranger finds it: on a fresh machine, beside a running daemon and without one.

mod backup;
mod forms;
mod inbox;
mod prune;
mod refusals;
mod serve;
