//! The dashboard in a real browser, one walk through each area.

mod addresses;
mod entry;
mod figures;
mod hindered;
mod nodes;
mod payments;
mod people;
mod pruned;
mod start;
mod stores;
mod webhooks;
