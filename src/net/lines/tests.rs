//! The line transport over real sockets on this machine.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::*;
use crate::net::resolve::SystemLookup;

const FIRST: (&[u8], &[u8]) = (
    include_bytes!("../../../tests/fixtures/electrum/first.certificate.der"),
    include_bytes!("../../../tests/fixtures/electrum/first.key.der"),
);
const SECOND: (&[u8], &[u8]) = (
    include_bytes!("../../../tests/fixtures/electrum/second.certificate.der"),
    include_bytes!("../../../tests/fixtures/electrum/second.key.der"),
);

#[derive(Default)]
struct Kept(Mutex<HashMap<String, [u8; 32]>>);

impl Pins for Kept {
    fn get<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Option<[u8; 32]>, PinsUnread>> {
        let pin = self.0.lock().unwrap().get(host).copied();
        Box::pin(async move { Ok(pin) })
    }

    fn set<'a>(&'a self, host: &'a str, fingerprint: [u8; 32]) -> BoxFuture<'a, Result<(), PinsUnread>> {
        let before = self.0.lock().unwrap().insert(host.to_owned(), fingerprint);
        assert_eq!(before, None, "a pin is never overwritten");
        Box::pin(async { Ok(()) })
    }
}

fn transport(pins: &Arc<Kept>) -> LineTransport {
    let pins: Arc<Kept> = Arc::clone(pins);
    LineTransport::new(Arc::new(SystemLookup::default()), Duration::from_secs(20), pins)
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse_as(SCHEMES, url, Vec::new()).unwrap()
}

/// Serves `certificates`, one connection each; answers one line.
async fn serve(certificates: Vec<(&'static [u8], &'static [u8])>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for (certificate, key) in certificates {
            let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
            let config = ServerConfig::builder_with_provider(verifier::provider())
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate.to_vec().into()], key)
                .unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            // A client that refuses the certificate hangs up.
            if let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await {
                let _ = stream.write_all(b"hello\n").await;
                let _ = stream.read_u8().await;
            }
        }
    });
    port
}

async fn hello(transport: &LineTransport, url: &str) -> Result<Vec<u8>, TransportError> {
    let stream = transport.dial(&endpoint(url)).await?;
    let mut lines = LineReader::new(stream, 100);
    Ok(lines.next().await?.to_vec())
}

#[tokio::test]
async fn a_certificate_that_its_server_signed_is_pinned_at_first_and_a_changed_one_is_refused() {
    let port = serve(vec![FIRST, FIRST, SECOND, FIRST]).await;
    let pins = Arc::new(Kept::default());
    let transport = transport(&pins);
    let url = format!("ssl://127.0.0.1:{port}");
    assert_eq!(hello(&transport, &url).await.unwrap(), b"hello");
    assert_eq!(pins.0.lock().unwrap().len(), 1);
    assert_eq!(hello(&transport, &url).await.unwrap(), b"hello");
    let refused = hello(&transport, &url).await.unwrap_err().to_string();
    assert!(
        refused.contains("shows another certificate") && refused.contains("forget-certificate 127.0.0.1"),
        "{refused}"
    );
    assert_eq!(hello(&transport, &url).await.unwrap(), b"hello");
}

#[tokio::test]
async fn a_host_that_an_authority_vouched_for_is_not_replaced_by_one_that_signs_for_itself() {
    let port = serve(vec![FIRST]).await;
    let pins = Arc::new(Kept::default());
    let place = format!("127.0.0.1:{port}");
    pins.0.lock().unwrap().insert(place.clone(), VOUCHED_FOR);
    let refused = hello(&transport(&pins), &format!("ssl://{place}"))
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("shows another certificate"),
        "{refused}"
    );
}

#[tokio::test]
async fn plain_connections_leave_the_own_network_only_when_that_was_accepted() {
    let pins = Arc::new(Kept::default());
    // A network for documentation (RFC 5737): nobody is there, and nobody is asked.
    let refused = hello(&transport(&pins), "tcp://192.0.2.1:50001")
        .await
        .unwrap_err();
    let told = refused.to_string();
    assert!(
        told.contains("use ssl://") && told.contains("?plain=accepted"),
        "{told}"
    );
    for (ip, near) in [
        ("127.0.0.1", true),
        ("192.168.1.5", true),
        ("10.0.0.1", true),
        ("fd00::1", true),
        ("::1", true),
        ("::ffff:10.0.0.1", true),
        ("8.8.8.8", false),
        ("::ffff:8.8.8.8", false),
        ("2001:db8::1", false),
    ] {
        assert_eq!(is_near(ip.parse().unwrap()), near, "{ip}");
    }
    let accepted = Place::of(&endpoint("tcp://192.0.2.1:7?plain=accepted")).unwrap();
    assert!(accepted.is_plain_accepted);
    assert_eq!((accepted.port, &*accepted.name), (7, "192.0.2.1"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"hello\n").await.unwrap();
    });
    let url = format!("tcp://127.0.0.1:{port}");
    assert_eq!(hello(&transport(&pins), &url).await.unwrap(), b"hello");
    serving.await.unwrap();
}

#[tokio::test]
async fn lines_are_bounded_and_one_that_was_only_begun_is_none() {
    let mut lines = LineReader::new(&b"one\n\nthree\r\nfour"[..], 6);
    assert_eq!(lines.next().await.unwrap(), b"one");
    assert_eq!(lines.next().await.unwrap(), b"");
    assert_eq!(lines.next().await.unwrap(), b"three\r");
    assert!(matches!(lines.next().await, Err(TransportError::Connection(_))));
    let endless = tokio::io::repeat(b'x');
    let refused = LineReader::new(endless, 1000).next().await.unwrap_err();
    assert_eq!(refused, TransportError::TooLarge { bytes_max: 1000 });
}
