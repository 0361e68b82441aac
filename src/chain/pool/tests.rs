//! Providers that hang, lag, throttle and contradict one another, by a clock that is moved by hand.

mod lies;
mod rig;
mod slow;
mod troubles;
