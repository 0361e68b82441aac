//! One thread owns the write connection and commits in groups: many callers' closures in one transaction, each in
//! its own savepoint, each answered only after the commit is durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::Txn;
use super::error::StoreError;
use super::steps::{Disk, Steps};
use super::vault::Vault;

/// Closures in one transaction; more wait for the next.
const GROUP_MAX: usize = 512;

/// What runs inside the transaction. Gives back what to do once the fate of the commit is known.
type Job = Box<dyn FnOnce(&Txn<'_>) -> Ran + Send>;

struct Ran {
    keep: bool,
    answer: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
}

/// What the thread is sent.
enum Message {
    Run(Job),
    /// Finish what was sent before, then end.
    Close,
}

/// The way to the writer thread.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the thread on `connection`; it ends when it is told to or when every handle is gone.
    ///
    /// # Errors
    /// [`StoreError::File`] when the system gives no thread.
    pub fn start(
        connection: Connection,
        vault: Arc<Vault>,
        queue: usize,
    ) -> Result<(Self, std::thread::JoinHandle<()>), StoreError> {
        let (jobs, inbox) = mpsc::channel(queue);
        let thread = std::thread::Builder::new()
            .name("payd-writer".to_owned())
            .spawn(move || run(connection, &vault, inbox))
            .map_err(|source| StoreError::File {
                path: "writer thread".into(),
                source,
            })?;
        Ok((Self { jobs }, thread))
    }

    /// As [`Self::start`], but as a task of the caller's runtime that goes by `steps`.
    pub fn start_in_steps(
        connection: Connection,
        vault: Arc<Vault>,
        queue: usize,
        steps: Arc<dyn Steps>,
    ) -> Self {
        let (jobs, inbox) = mpsc::channel(queue);
        tokio::spawn(run_in_steps(connection, vault, inbox, steps));
        Self { jobs }
    }

    /// Runs `work` in a transaction and returns its result once that is durable. An error from `work` undoes
    /// what it did. Waits while the queue is full.
    ///
    /// # Errors
    /// Those of `work`; [`StoreError::Closed`], [`StoreError::Commit`].
    pub async fn run<T, E>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, result) = job(work);
        self.jobs
            .send(Message::Run(job))
            .await
            .map_err(|_| StoreError::Closed)?;
        result.await.unwrap_or_else(|_| Err(unanswered().into()))
    }

    /// As [`Self::run`], but refuses at once when the queue is full.
    ///
    /// # Errors
    /// As [`Self::run`], and [`StoreError::Busy`].
    pub async fn try_run<T, E>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, result) = job(work);
        self.jobs
            .try_send(Message::Run(job))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
            })?;
        result.await.unwrap_or_else(|_| Err(unanswered().into()))
    }
}

impl Writer {
    /// Lets the thread finish what was handed to it before, and nothing after.
    pub async fn close(self) {
        // The error means that it has ended already.
        let _ = self.jobs.send(Message::Close).await;
    }
}

/// A job that was dropped unanswered: its transaction failed before it ran, or it panicked.
fn unanswered() -> StoreError {
    StoreError::Commit("the write was undone; the log says why".to_owned())
}

fn job<T, E>(
    work: impl FnOnce(&Txn<'_>) -> Result<T, E> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (reply, result) = oneshot::channel();
    let job: Job = Box::new(move |txn| {
        let outcome = work(txn);
        Ran {
            keep: outcome.is_ok(),
            answer: Box::new(move |committed| {
                let outcome = match (outcome, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(error)) => Err(error.into()),
                    (Err(error), _) => Err(error),
                };
                // A caller that has gone away does not undo what was committed.
                let _ = reply.send(outcome);
            }),
        }
    });
    (job, result)
}

fn run(connection: Connection, vault: &Vault, mut inbox: mpsc::Receiver<Message>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while inbox.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        if group.iter().any(|message| matches!(message, Message::Close)) {
            inbox.close();
        }
        let jobs = group.drain(..).filter_map(|message| match message {
            Message::Run(job) => Some(job),
            Message::Close => None,
        });
        commit_group(&connection, vault, jobs, Disk::HasRoom).answer();
    }
    if let Err(error) = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
        tracing::debug!(%error, "no checkpoint at close; the next start does it");
    }
}

/// The same as [`run`], of one runtime with its callers, and with a step before and after each commit.
async fn run_in_steps(
    connection: Connection,
    vault: Arc<Vault>,
    mut inbox: mpsc::Receiver<Message>,
    steps: Arc<dyn Steps>,
) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while inbox.recv_many(&mut group, GROUP_MAX).await > 0 {
        let disk = steps.before_commit().await;
        let jobs = group.drain(..).filter_map(|message| match message {
            Message::Run(job) => Some(job),
            Message::Close => None,
        });
        let ended = commit_group(&connection, &vault, jobs, disk);
        steps.after_commit().await;
        ended.answer();
    }
}

/// A group whose fate is known, and those who wait to hear of it.
struct Ended {
    answers: Vec<Answer>,
    failed: Option<String>,
}

impl Ended {
    fn answer(self) {
        let failed = self.failed;
        for answer in self.answers {
            answer(
                failed
                    .clone()
                    .map_or(Ok(()), |reason| Err(StoreError::Commit(reason))),
            );
        }
    }
}

fn commit_group(
    connection: &Connection,
    vault: &Vault,
    group: impl Iterator<Item = Job>,
    disk: Disk,
) -> Ended {
    let mut answers = Vec::new();
    let mut failed = connection
        .execute_batch("BEGIN IMMEDIATE")
        .err()
        .map(|error| error.to_string());
    for job in group {
        if failed.is_some() {
            // Dropped unrun: its caller reads that the store could not do it.
            continue;
        }
        match run_in_savepoint(connection, vault, job) {
            Ok(answer) => answers.extend(answer),
            Err(error) => failed = Some(error.to_string()),
        }
        // A full disk ends the transaction under us; what was done in it is gone.
        if failed.is_none() && connection.is_autocommit() {
            failed = Some("the transaction was rolled back by the database".to_owned());
        }
    }
    if failed.is_none() {
        failed = match disk {
            Disk::HasRoom => connection
                .execute_batch("COMMIT")
                .err()
                .map(|error| error.to_string()),
            Disk::IsFull => Some("database or disk is full".to_owned()),
        };
    }
    if let Some(reason) = &failed {
        tracing::error!(reason, "a group of writes was not committed");
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "could not roll back");
        }
    }
    Ended { answers, failed }
}

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

fn run_in_savepoint(connection: &Connection, vault: &Vault, job: Job) -> rusqlite::Result<Option<Answer>> {
    connection.execute_batch("SAVEPOINT job")?;
    let txn = Txn { connection, vault };
    let ran = catch_unwind(AssertUnwindSafe(|| job(&txn)));
    if ran.as_ref().is_ok_and(|ran| ran.keep) {
        connection.execute_batch("RELEASE job")?;
    } else if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK TO job; RELEASE job")?;
    }
    if ran.is_err() {
        tracing::error!("a write panicked and was undone");
    }
    Ok(ran.ok().map(|ran| ran.answer))
}
