//! Where the command line meets the daemon and the engine: how each is made from the settings.

use crate::chain::ProviderReport;
use crate::cli::args::{Globals, ServeOptions};
use crate::cli::session::{Place, Session};
use crate::engine::gateway::Gateway;

/// Runs the daemon until it is told to stop.
///
/// # Errors
/// When it cannot start, or a part of it failed.
pub async fn serve(globals: &Globals, options: ServeOptions) -> anyhow::Result<()> {
    let mut place = Place::find(globals)?;
    if let Some(listen) = options.listen {
        place.settings.server.listen = listen;
    }
    if let Some(format) = options.log_format {
        place.settings.log.format = format;
    }
    anyhow::bail!("the daemon is not part of this build")
}

/// The engine over the open database.
///
/// # Errors
/// When it cannot be made.
pub fn gateway(_session: &Session) -> anyhow::Result<Gateway> {
    anyhow::bail!("the engine is not part of this build")
}

/// Asks the providers of every configured live network: the network's name and a report per provider.
pub async fn probe(_place: &Place) -> Vec<(String, Vec<ProviderReport>)> {
    Vec::new()
}
