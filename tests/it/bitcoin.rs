//! Bitcoin and Litecoin read into a real store: from the recorded chain over real HTTP, and from real nodes.

mod bench;
mod esplora;
mod nodes;
mod recorded;
