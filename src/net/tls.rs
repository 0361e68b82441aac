//! TLS towards the world: ring, the host's certificates and the Mozilla ones beside them. One set of roots for every
//! connection that trusts public authorities; a pinned certificate is another matter and not this module's.

use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;

/// TLS cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct TlsUnavailable(String);

/// What connections to public hosts are made with; without ALPN, which the protocol above adds to its copy. Copies
/// share the roots.
///
/// # Errors
/// [`TlsUnavailable`] when the host's certificates cannot be used.
pub fn client_config() -> Result<ClientConfig, TlsUnavailable> {
    static SHARED: OnceLock<ClientConfig> = OnceLock::new();
    match SHARED.get() {
        Some(config) => Ok(config.clone()),
        None => {
            let built = build()?;
            Ok(SHARED.get_or_init(|| built).clone())
        }
    }
}

fn build() -> Result<ClientConfig, TlsUnavailable> {
    let failed = |error: rustls::Error| TlsUnavailable(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(failed)?;
    // The name warns of verifiers that do not verify; this one is the platform's.
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_shares_the_roots() {
        let (first, second) = (client_config().unwrap(), client_config().unwrap());
        assert!(Arc::ptr_eq(&first.key_log, &second.key_log));
    }
}
