//! The dashboard in a real browser, one walk through each area.

mod entry;
mod figures;
