//! The `payd` command: sets up the process and hands over to [`payd::cli`].

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The only failure is that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    payd::cli::main(std::env::args_os())
}
