//! The bare limit beside which payd is held, with the crates that payd is made of: the same signed request over HTTP, and
//! a row in a group commit, each alone and both together, and nothing else.

mod rows;
mod server;

use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Serves signed requests: axum, JSON, HMAC.
    Serve {
        #[arg(long)]
        port: u16,
        /// The secret of the signatures.
        #[arg(long)]
        secret: String,
        /// With it, a row is durable before the answer.
        #[arg(long)]
        database: Option<PathBuf>,
    },
    /// Writes rows, without HTTP.
    Rows {
        database: PathBuf,
        /// Writers that wait for their row before they bring the next.
        #[arg(long)]
        writers: u32,
        #[arg(long)]
        seconds: f64,
        /// Rows that may share a commit.
        #[arg(long, default_value_t = rows::GROUP_MAX)]
        group: usize,
    },
}

pub(crate) async fn run(arguments: &Arguments) {
    match &arguments.what {
        What::Serve {
            port,
            secret,
            database,
        } => server::run(*port, secret, database.as_deref()).await,
        What::Rows {
            database,
            writers,
            seconds,
            group,
        } => rows::run(database, *writers, *seconds, *group).await,
    }
}
