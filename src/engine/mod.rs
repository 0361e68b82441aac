//! The use cases. Everything that changes a payment happens here, and nowhere else.

pub mod gateway;
