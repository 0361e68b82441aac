//! Reading a request's body without ever holding more of it than is allowed. Knows no API's words.

use axum::body::{Body, HttpBody};
use futures_util::StreamExt;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Longer than allowed.
    #[error("the body is longer than {bytes_max} bytes")]
    TooLong {
        /// What is allowed.
        bytes_max: usize,
    },
    /// The connection ended before the body did, or its framing is broken.
    #[error("the body ended early")]
    Broken,
}

/// What is thrown away of a body that is too long: a client that is still sending when its connection closes sees a
/// broken connection instead of the refusal.
const DISCARDED_BYTES_MAX: usize = 16 << 20;

/// Reads a body of at most `bytes_max` bytes. A longer one is thrown away as it comes, within a bound; one that is
/// announced to be longer than even that is not read at all.
///
/// # Errors
/// [`BodyError`].
pub async fn read(body: Body, bytes_max: usize) -> Result<Vec<u8>, BodyError> {
    let too_long = BodyError::TooLong { bytes_max };
    let discarded_max = bytes_max.saturating_add(DISCARDED_BYTES_MAX);
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > discarded_max {
        return Err(too_long);
    }
    let mut bytes = Vec::with_capacity(announced.min(bytes_max));
    let mut length: usize = 0;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::Broken)?;
        length = length.saturating_add(chunk.len());
        if length > discarded_max {
            return Err(too_long);
        }
        if length <= bytes_max {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    if length > bytes_max {
        Err(too_long)
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use std::task::{Context, Poll};

    use axum::body::Bytes;
    use futures_util::stream;
    use hyper::body::{Frame, SizeHint};

    use super::*;

    /// A body that says how long it is and is not to be read.
    struct Announced(u64);

    impl HttpBody for Announced {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            panic!("the body was read")
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0)
        }
    }

    #[tokio::test]
    async fn a_body_that_is_announced_far_too_long_is_not_read_at_all() {
        for length in [11 + DISCARDED_BYTES_MAX as u64, u64::MAX] {
            let result = read(Body::new(Announced(length)), 10).await;
            assert_eq!(result, Err(BodyError::TooLong { bytes_max: 10 }));
        }
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit_and_not_a_byte_further() {
        for (length, read_ok) in [(0, true), (9, true), (10, true), (11, false)] {
            let body = Body::from(vec![b'x'; length]);
            assert_eq!(read(body, 10).await.is_ok(), read_ok, "{length}");
        }
    }

    #[tokio::test]
    async fn a_body_without_end_is_left_after_what_is_thrown_away() {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let endless = stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(vec![b'x'; 1024])
        });
        let result = read(Body::from_stream(endless), 4096).await;
        assert_eq!(result, Err(BodyError::TooLong { bytes_max: 4096 }));
        assert_eq!(
            taken.load(Ordering::Relaxed),
            (4096 + DISCARDED_BYTES_MAX) / 1024 + 1
        );
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_an_error() {
        let broken = stream::iter([Ok(vec![b'x']), Err(std::io::Error::other("gone"))]);
        assert_eq!(read(Body::from_stream(broken), 10).await, Err(BodyError::Broken));
    }
}
