//! `payd backup`: a copy of database, key file and networks, also while a daemon writes.

use anyhow::{Context as _, bail};
use serde_json::json;

use super::args::{BackupOptions, Globals};
use super::output::Output;
use super::session::Place;
use crate::config::networks_file;
use crate::config::paths::NETWORKS;
use crate::engine::office::copies;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub fn run(globals: &Globals, options: &BackupOptions) -> anyhow::Result<Output> {
    let place = Place::find(globals)?;
    let store = place.store_options();
    if !store.path.exists() {
        bail!(
            "there is no database at {}; check --data-dir",
            store.path.display()
        );
    }
    let mut copies = copies::into_directory(&store, &options.directory)?;
    if let Some(text) = &place.networks_text {
        let copy = options.directory.join(NETWORKS);
        networks_file::write(&copy, Some(text))
            .with_context(|| format!("cannot write {}", copy.display()))?;
        copies.push(copy);
    }
    let copies: Vec<String> = copies.iter().map(|copy| copy.display().to_string()).collect();
    let text = format!(
        "Copied:\n  {}\nThe key file opens the secrets in the database: keep it apart from the copy of the database.\n\
         To restore, stop payd and put both back. What was asked for after the copy was made is then forgotten: before the \
         first payment, see \"Upgrade and back up\" in the README.",
        copies.join("\n  ")
    );
    Ok(Output::new(text, json!({ "copies": copies })))
}
