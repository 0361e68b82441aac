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
    use rustls::ServerConfig;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::net::http::{HttpSettings, HttpTransport};
    use crate::net::websocket::{NetSockets, SCHEMES, Sockets as _};
    use crate::net::{Endpoint, Fetch as _, FetchRequest};

    #[test]
    fn every_connection_shares_the_roots() {
        let (first, second) = (client_config().unwrap(), client_config().unwrap());
        assert!(Arc::ptr_eq(&first.key_log, &second.key_log));
    }

    /// A server at `localhost` whose certificate is of an authority that nobody knows; answers every request alike.
    async fn server() -> u16 {
        let certificate =
            CertificateDer::from_slice(include_bytes!("../../tests/fixtures/tls/localhost.der"));
        let key = include_bytes!("../../tests/fixtures/tls/localhost.key.der");
        let key = PrivateKeyDer::try_from(key.to_vec()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                        .await;
                }
            }
        });
        port
    }

    #[tokio::test]
    async fn a_certificate_of_an_unknown_authority_is_refused_by_every_kind_of_connection() {
        let port = server().await;
        let endpoint = Endpoint::parse(&format!("https://localhost:{port}"), Vec::new()).unwrap();
        let transport = HttpTransport::new(&HttpSettings::default()).unwrap();
        let request = FetchRequest {
            endpoint: &endpoint,
            path: "",
            body: None,
            reply_bytes_max: 1000,
            timeout: std::time::Duration::from_secs(20),
        };
        let by_http = transport.fetch(request).await.unwrap_err().to_string();
        let url = format!("wss://localhost:{port}");
        let endpoint = Endpoint::parse_as(SCHEMES, &url, Vec::new()).unwrap();
        let by_socket = NetSockets::new().unwrap().open(&endpoint).await;
        let by_socket = by_socket.err().unwrap().to_string();
        for refused in [by_http, by_socket] {
            assert!(refused.contains("UnknownIssuer"), "{refused}");
        }
    }
}
