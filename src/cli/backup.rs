//! `payd backup`: a copy of database and key file, also while a daemon writes.

use anyhow::bail;
use serde_json::json;

use super::args::{BackupOptions, Globals};
use super::output::Output;
use super::session::Place;
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
    let copies = copies::into_directory(&store, &options.directory)?;
    let copies: Vec<String> = copies.iter().map(|copy| copy.display().to_string()).collect();
    let text = format!(
        "Copied:\n  {}\nThe key file opens the secrets in the database: keep it apart from the copy of the database.\n\
         To restore, stop payd and put both back. What was asked for after the copy was made is then forgotten: before the \
         first payment, see \"Upgrade and back up\" in the README.",
        copies.join("\n  ")
    );
    Ok(Output::new(text, json!({ "copies": copies })))
}
