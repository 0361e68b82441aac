//! The daemon from where somebody stands who wants what is not theirs: what it tells, what it keeps and how, where it can be
//! sent. What this is part of says the threat model in the README.

mod canaries;
mod files;
mod guest;
mod injected;
mod secrets;
