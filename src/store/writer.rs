//! One thread owns the write connection and commits in groups: many callers' closures in one transaction, each undone alone
//! when it fails, each answered only after the commit is durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::Txn;
use super::checkpoints::Checkpoints;
use super::error::StoreError;
use super::vault::Vault;

/// Closures in one transaction; more wait for the next.
const GROUP_MAX: usize = 512;

/// What runs inside the transaction. Gives back what to do once the fate of the commit is known.
enum Job {
    /// Has a savepoint of its own.
    Alone(Alone),
    /// Has none as long as all of its kind succeed: a savepoint keeps a copy of every page that is changed after it. Once one
    /// fails that has changed something, what they did is undone, and each is run again in a savepoint of its own.
    Shared(Shared),
}

type Alone = Box<dyn FnOnce(&Txn<'_>) -> Ran + Send>;

type Shared = Box<dyn FnMut(&Txn<'_>) -> Ran + Send>;

struct Ran {
    keep: bool,
    answer: Answer,
}

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

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
        checkpoints: Checkpoints,
        vault: Arc<Vault>,
        queue: usize,
    ) -> Result<(Self, std::thread::JoinHandle<()>), StoreError> {
        let (jobs, inbox) = mpsc::channel(queue);
        let thread = std::thread::Builder::new()
            .name("payd-writer".to_owned())
            .spawn(move || run(connection, checkpoints, &vault, inbox))
            .map_err(|source| StoreError::File {
                path: "writer thread".into(),
                source,
            })?;
        Ok((Self { jobs }, thread))
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
        self.try_send(job)?;
        result.await.unwrap_or_else(|_| Err(unanswered().into()))
    }

    /// As [`Self::try_run`], without a savepoint of its own; may be run again from the start.
    ///
    /// # Errors
    /// As [`Self::try_run`].
    pub async fn try_run_shared<T, E>(
        &self,
        work: impl FnMut(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, result) = shared_job(work);
        self.try_send(job)?;
        result.await.unwrap_or_else(|_| Err(unanswered().into()))
    }

    fn try_send(&self, job: Job) -> Result<(), StoreError> {
        self.jobs
            .try_send(Message::Run(job))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
            })
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
    let job = Job::Alone(Box::new(move |txn| ran(work(txn), move || Some(reply))));
    (job, result)
}

fn shared_job<T, E>(
    mut work: impl FnMut(&Txn<'_>) -> Result<T, E> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (reply, result) = oneshot::channel();
    // The answer to each run but the last is dropped unused.
    let reply = Arc::new(Mutex::new(Some(reply)));
    let job = Job::Shared(Box::new(move |txn| {
        let reply = Arc::clone(&reply);
        ran(work(txn), move || {
            reply.lock().unwrap_or_else(PoisonError::into_inner).take()
        })
    }));
    (job, result)
}

fn ran<T, E>(
    outcome: Result<T, E>,
    reply: impl FnOnce() -> Option<oneshot::Sender<Result<T, E>>> + Send + 'static,
) -> Ran
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    Ran {
        keep: outcome.is_ok(),
        answer: Box::new(move |committed| {
            let outcome = match (outcome, committed) {
                (Ok(value), Ok(())) => Ok(value),
                (Ok(_), Err(error)) => Err(error.into()),
                (Err(error), _) => Err(error),
            };
            // A caller that has gone away does not undo what was committed.
            let _ = reply().map(|reply| reply.send(outcome));
        }),
    }
}

fn run(connection: Connection, checkpoints: Checkpoints, vault: &Vault, mut inbox: mpsc::Receiver<Message>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while inbox.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        if group.iter().any(|message| matches!(message, Message::Close)) {
            inbox.close();
        }
        let (mut alone, mut shared) = (Vec::new(), Vec::new());
        for message in group.drain(..) {
            match message {
                Message::Run(Job::Alone(job)) => alone.push(job),
                Message::Run(Job::Shared(job)) => shared.push(job),
                Message::Close => {}
            }
        }
        let group = Group {
            txn: Txn {
                connection: &connection,
                vault,
            },
            answers: Vec::with_capacity(GROUP_MAX),
        };
        group.commit(alone, shared);
        checkpoints.after_commit(&connection);
    }
    checkpoints.end();
    if let Err(error) = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
        tracing::debug!(%error, "no checkpoint at close; the next start does it");
    }
}

/// Jobs of one transaction.
struct Group<'a> {
    txn: Txn<'a>,
    /// Of the jobs that ran, to be given once the fate of the commit is known.
    answers: Vec<Answer>,
}

/// Why a transaction cannot go on.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A full disk ends the transaction under us; what was done in it is gone.
    #[error("the transaction was rolled back by the database")]
    RolledBack,
}

impl Group<'_> {
    fn commit(mut self, alone: Vec<Alone>, shared: Vec<Shared>) {
        let failed = self.run(alone, shared).err().map(|error| error.to_string());
        if let Some(reason) = &failed {
            tracing::error!(reason, "a group of writes was not committed");
            if !self.txn.connection.is_autocommit()
                && let Err(error) = self.txn.connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "could not roll back");
            }
        }
        for answer in self.answers {
            answer(
                failed
                    .clone()
                    .map_or(Ok(()), |reason| Err(StoreError::Commit(reason))),
            );
        }
    }

    /// Jobs that are not come to are dropped unrun: their callers read that the store could not do it.
    fn run(&mut self, alone: Vec<Alone>, mut shared: Vec<Shared>) -> Result<(), Broken> {
        self.execute("BEGIN IMMEDIATE")?;
        let is_first = alone.is_empty();
        for job in alone {
            self.run_in_savepoint(job)?;
        }
        if !is_first && !shared.is_empty() {
            self.execute("SAVEPOINT shared")?;
        }
        let answers_before = self.answers.len();
        if !self.run_together(&mut shared)? {
            self.answers.truncate(answers_before);
            if is_first {
                self.execute("ROLLBACK")?;
                self.execute("BEGIN IMMEDIATE")?;
            } else {
                self.execute("ROLLBACK TO shared")?;
            }
            for job in shared {
                self.run_in_savepoint(job)?;
            }
        }
        self.execute("COMMIT")
    }

    /// Runs jobs without a savepoint. False once one of them failed and left something behind.
    fn run_together(&mut self, jobs: &mut [Shared]) -> Result<bool, Broken> {
        for job in jobs {
            let changes = self.txn.connection.total_changes();
            let ran = catch_unwind(AssertUnwindSafe(|| job(&self.txn))).map_err(|_| ());
            if self.txn.connection.is_autocommit() {
                self.answer_later(ran);
                return Err(Broken::RolledBack);
            }
            let keeps = ran.as_ref().is_ok_and(|ran| ran.keep);
            if !keeps && self.txn.connection.total_changes() != changes {
                return Ok(false);
            }
            self.answer_later(ran);
        }
        Ok(true)
    }

    fn run_in_savepoint(&mut self, job: impl FnOnce(&Txn<'_>) -> Ran) -> Result<(), Broken> {
        self.execute("SAVEPOINT job")?;
        let ran = catch_unwind(AssertUnwindSafe(|| job(&self.txn))).map_err(|_| ());
        let keeps = ran.as_ref().is_ok_and(|ran| ran.keep);
        self.answer_later(ran);
        if self.txn.connection.is_autocommit() {
            return Err(Broken::RolledBack);
        }
        if !keeps {
            self.execute("ROLLBACK TO job")?;
        }
        self.execute("RELEASE job")
    }

    /// A job that panicked has no answer: its caller reads that its write was undone.
    fn answer_later(&mut self, ran: Result<Ran, ()>) {
        match ran {
            Ok(ran) => self.answers.push(ran.answer),
            Err(()) => tracing::error!("a write panicked and was undone"),
        }
    }

    fn execute(&self, sql: &'static str) -> Result<(), Broken> {
        self.txn.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}
