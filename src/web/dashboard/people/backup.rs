//! A copy of everything to take away: one tar file with the key file and the database. It is made beside the database, read
//! once and sent piece by piece, however large.

use crate::web::dashboard::html::html_with;
use std::io;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::about::bytes_text;
use crate::domain::time::UnixMillis;
use crate::engine::office::Office;
use crate::engine::office::copies::{CopyPlace, Files};
use crate::web::dashboard::again::Again;
use crate::web::dashboard::{Dashboard, Form, Frame, Mistakes, Room, Visit, problem};

/// What is read and sent at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// A reader that takes nothing for so long has gone away.
const TAKEN_WITHIN: Duration = Duration::from_secs(120);

/// Blocks of a tar file (POSIX.1-2017, pax, "ustar Interchange Format").
const BLOCK_BYTES: u64 = 512;

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/backup", get(page).post(download))
}

#[derive(Template)]
#[template(path = "dashboard/people/backup.html")]
struct BackupPage {
    frame: Frame,
    database: String,
    key_file: String,
    size: String,
    mistakes: Mistakes,
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    render(&dashboard, &visit, StatusCode::OK, Mistakes::default()).await
}

async fn render(dashboard: &Dashboard, visit: &Visit, status: StatusCode, mistakes: Mistakes) -> Response {
    let t = visit.t;
    let files = match dashboard.office.files().await {
        Ok(files) => files,
        Err(error) => return problem::failed(t, &error),
    };
    let page = BackupPage {
        frame: visit.frame(t.say("nav-backup"), Room::Backup),
        size: bytes_text(t, files.bytes),
        database: files.database,
        key_file: files.key_file,
        mistakes,
    };
    html_with(status, &page)
}

async fn download(State(dashboard): State<Dashboard>, visit: Visit, again: Again, form: Form) -> Response {
    let t = visit.t;
    if let Err(doubt) = again.knows(&dashboard, &visit, form.raw("own")).await {
        let mistake = Mistakes::one("own", doubt.text.clone());
        return doubt.on(render(&dashboard, &visit, StatusCode::UNPROCESSABLE_ENTITY, mistake).await);
    }
    let Some(place) = dashboard.copies.take() else {
        let mistake = Mistakes::one("own", t.say("backup-busy"));
        return render(&dashboard, &visit, StatusCode::CONFLICT, mistake).await;
    };
    let by = visit.by(&dashboard.office);
    let at = by.at;
    let (files, key) = match (
        dashboard.office.files().await,
        dashboard.office.begin_copy(by).await,
    ) {
        (Ok(files), Ok(key)) => (files, key),
        (Err(error), _) | (_, Err(error)) => return problem::failed(t, &error),
    };
    let (send, receive) = mpsc::channel(2);
    let sending = Sending {
        office: dashboard.office.clone(),
        files,
        key,
        at,
        to: send,
        _place: place,
    };
    let stop = dashboard.stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = sending.run() => {}
            () = stop.cancelled() => {}
        }
    });
    let pieces = stream::unfold(receive, |mut receive| async move {
        let piece = receive.recv().await?;
        Some((piece, receive))
    });
    let date = at.rfc3339();
    let date = date.split('T').next().unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, "application/x-tar".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"payd-backup-{date}.tar\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// A copy on its way.
struct Sending {
    office: Office,
    files: Files,
    key: Zeroizing<Vec<u8>>,
    at: UnixMillis,
    to: mpsc::Sender<io::Result<Bytes>>,
    _place: CopyPlace,
}

impl Sending {
    async fn run(self) {
        if let Err(error) = self.send_all().await {
            tracing::warn!(%error, "a backup was not sent to its end");
            // The connection ends before the file does, so that nobody takes half of it for all.
            let _ = self.to.try_send(Err(error));
        }
    }

    async fn send_all(&self) -> io::Result<()> {
        let key_bytes = u64::try_from(self.key.len()).unwrap_or(u64::MAX);
        self.send(header(&self.files.key_file, key_bytes, self.at)?)
            .await?;
        self.send(self.key.to_vec()).await?;
        self.send(padding(key_bytes)).await?;
        let copy = self.office.copy_database().await.map_err(io::Error::other)?;
        self.send(header(&self.files.database, copy.bytes, self.at)?)
            .await?;
        let mut file = tokio::fs::File::from_std(copy.file).take(copy.bytes);
        let mut left = copy.bytes;
        while left > 0 {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            let mut part = (&mut file).take(PIECE_BYTES as u64);
            let read = part.read_to_end(&mut piece).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
            self.send(piece).await?;
        }
        self.send(padding(copy.bytes)).await?;
        // Two empty blocks end the file.
        self.send(vec![0; 1024]).await
    }

    async fn send(&self, piece: Vec<u8>) -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        match tokio::time::timeout(TAKEN_WITHIN, self.to.send(Ok(piece.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

/// The block before a file in a tar file.
fn header(name: &str, bytes: u64, at: UnixMillis) -> io::Result<Vec<u8>> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(at.seconds()).unwrap_or_default());
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(header.as_bytes().to_vec())
}

/// What fills a file's last block up.
fn padding(bytes: u64) -> Vec<u8> {
    let over = bytes.checked_rem(BLOCK_BYTES).unwrap_or(0);
    let missing = if over == 0 {
        0
    } else {
        BLOCK_BYTES.saturating_sub(over)
    };
    vec![0; usize::try_from(missing).unwrap_or(0)]
}
