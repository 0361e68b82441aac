//! The `payd` command.

fn main() {}
