//! The grammar of `payd network`.

use clap::{Args, Subcommand};

/// What `payd network` does.
#[derive(Debug, Clone, Subcommand)]
pub enum NetworkCommand {
    /// List the live networks: which are read, whom payd asks, which public providers it knows
    List,
    /// Switch a network on, or change how it is read; a running payd takes it over by itself
    On(NetworkOn),
    /// Switch a network off; what was recorded of it stays
    Off {
        /// The network, such as bsc
        network: String,
    },
    /// Ask providers whether they can be used, without changing anything
    Probe {
        /// The network, such as bsc
        network: String,
        /// The providers; without any, those of the network, or those that payd proposes
        #[command(flatten)]
        providers: NetworkProviders,
    },
}

/// Providers on a command line.
#[derive(Debug, Clone, Default, Args)]
pub struct NetworkProviders {
    /// A provider: its URL, with its kind before it where that is not told by the URL (esplora:https://...); "-" reads
    /// lines of them from the standard input, so that keys stay out of the shell's history
    #[arg(long = "provider", value_name = "[KIND:]URL")]
    pub urls: Vec<String>,
    /// A header to send along, where the one provider that is named wants its key in one
    #[arg(long = "header", value_name = "NAME:VALUE")]
    pub headers: Vec<String>,
}

/// Options of `payd network on`.
#[derive(Debug, Clone, Args)]
pub struct NetworkOn {
    /// The network, such as bsc
    pub network: String,
    /// Whom to ask; without any, the public providers that payd proposes
    #[command(flatten)]
    pub providers: NetworkProviders,
    /// Keep the providers that the network has, before those that are named
    #[arg(long)]
    pub keep: bool,
    /// Blocks before money counts: a number, or steps by what a payment is worth, such as 0=1,100=2
    #[arg(long, value_name = "BLOCKS", default_value = "", hide_default_value = true)]
    pub confirmations: String,
    /// A token that is not to be looked for; may be given again
    #[arg(long, value_name = "TOKEN")]
    pub without: Vec<String>,
}
