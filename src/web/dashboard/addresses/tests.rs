//! Where a store receives.
