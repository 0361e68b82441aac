//! `payd check`: reads the configuration and says what is in force. Opens nothing.

use serde_json::{Map, Value, json};

use super::args::Globals;
use super::output::{self, Output};
use super::session::Place;

/// Runs the command.
///
/// # Errors
/// Everything that is wrong with the configuration.
pub fn run(globals: &Globals) -> anyhow::Result<Output> {
    let place = Place::find(globals)?;
    let file = place.config_file.as_ref().map(|file| file.display().to_string());
    let summary = place.settings.summary();
    let mut text = match &file {
        Some(file) => format!("{file} is good.\n\n"),
        None => "No configuration file; these are the defaults.\n\n".to_owned(),
    };
    let mut rows = vec![("data directory", place.data_dir.path().display().to_string())];
    rows.extend(summary.iter().map(|(name, value)| (name.as_str(), value.clone())));
    text.push_str(&output::pairs(&rows));
    let in_force: Map<String, Value> = summary
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let warnings = place.settings.warnings();
    let json = json!({
        "config_file": file,
        "data_dir": place.data_dir.path().display().to_string(),
        "settings": in_force,
        "warnings": warnings,
    });
    let mut output = Output::new(text, json);
    output.warnings = warnings;
    Ok(output)
}
