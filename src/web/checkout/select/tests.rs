//! The selection, through the real router and a real engine.
