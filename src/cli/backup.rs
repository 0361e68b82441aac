//! `payd backup`: a copy of database, key file and networks, also while a daemon writes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::json;

use super::args::{BackupOptions, Globals};
use super::output::Output;
use super::session::Place;
use crate::config::networks_file;
use crate::config::paths::NETWORKS;
use crate::engine::office::copies;
use crate::store::Options;

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
    // The database comes last: where it is, the copy is whole.
    let networks = write_networks(&place, &store, &options.directory)?;
    let mut copies = copies::into_directory(&store, &options.directory)?;
    copies.extend(networks);
    let copies: Vec<String> = copies.iter().map(|copy| copy.display().to_string()).collect();
    let text = format!(
        "Copied:\n  {}\nThe key file opens the secrets in the database: keep it apart from the copy of the database.\n\
         To restore, stop payd and put both back. What was asked for after the copy was made is then forgotten: before the \
         first payment, see \"Upgrade and back up\" in the README.",
        copies.join("\n  ")
    );
    Ok(Output::new(text, json!({ "copies": copies })))
}

/// Copies the networks, unless a whole copy is there already, which is refused later.
fn write_networks(place: &Place, store: &Options, directory: &Path) -> anyhow::Result<Option<PathBuf>> {
    let is_taken = store
        .path
        .file_name()
        .is_some_and(|name| directory.join(name).exists());
    let Some(text) = place.networks_text.as_ref().filter(|_| !is_taken) else {
        return Ok(None);
    };
    let copy = directory.join(NETWORKS);
    std::fs::create_dir_all(directory)
        .and_then(|()| networks_file::write(&copy, Some(text)))
        .with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(Some(copy))
}
