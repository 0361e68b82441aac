//! Judges the certificate of a TLS server that may have signed it itself: one that an authority vouches for is taken,
//! any other is taken once and has to stay the same.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::VOUCHED_FOR;

/// The cryptography that TLS is done with.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// What a certificate is to what was known of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing was known; what to keep.
    New([u8; 32]),
    /// What was expected.
    AsBefore,
    /// Neither that, nor vouched for.
    Another,
}

/// Judges the certificate of one connection.
pub(super) struct Verifier {
    authorities: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
    pinned: Option<[u8; 32]>,
    shown: Mutex<Option<Shown>>,
}

impl Verifier {
    /// For a host with this fingerprint, if it has one.
    pub(super) fn new(pinned: Option<[u8; 32]>) -> Result<Self, String> {
        let provider = provider();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Ok(Self {
            authorities: authorities.build().map_err(|error| error.to_string())?,
            provider,
            pinned,
            shown: Mutex::default(),
        })
    }

    /// What the server showed; `None` before it showed anything.
    pub(super) fn shown(&self) -> Option<Shown> {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge(&self, certificate: &CertificateDer<'_>, is_vouched_for: bool) -> Shown {
        let fingerprint: [u8; 32] = Sha256::digest(certificate).into();
        match self.pinned {
            Some(pinned) if pinned == fingerprint || is_vouched_for => Shown::AsBefore,
            Some(_) => Shown::Another,
            None if is_vouched_for => Shown::New(VOUCHED_FOR),
            None => Shown::New(fingerprint),
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by_authority =
            self.authorities
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let shown = self.judge(end_entity, by_authority.is_ok());
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        match shown {
            Shown::New(_) | Shown::AsBefore => Ok(ServerCertVerified::assertion()),
            Shown::Another => Err(Error::General(
                "the certificate is another than before".to_owned(),
            )),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
