//! One thread owns the write connection and commits in groups: many callers' closures in one transaction, each undone alone
//! when it fails, each answered only after the commit is durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::Txn;
use super::checkpoints::Checkpoints;
use super::condition::{Condition, Hindrance, take_seen};
use super::error::StoreError;
use super::steps::{Disk, Steps};
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
    condition: Condition,
}

impl Writer {
    /// Starts the thread on `connection`; it ends when it is told to or when every handle is gone. Where it is started on a
    /// runtime, a task there answers those who wait: it has to last as long as they do.
    ///
    /// # Errors
    /// [`StoreError::File`] when the system gives no thread.
    pub fn start(
        connection: Connection,
        checkpoints: Checkpoints,
        vault: Arc<Vault>,
        condition: Condition,
        queue: usize,
    ) -> Result<(Self, std::thread::JoinHandle<()>), StoreError> {
        let (jobs, inbox) = mpsc::channel(queue);
        let seen = condition.clone();
        let callers = tokio::runtime::Handle::try_current().ok();
        let thread = std::thread::Builder::new()
            .name("payd-writer".to_owned())
            .spawn(move || run(connection, checkpoints, &vault, &seen, callers.as_ref(), inbox))
            .map_err(|source| StoreError::File {
                path: "writer thread".into(),
                source,
            })?;
        Ok((Self { jobs, condition }, thread))
    }

    /// As [`Self::start`], but as a task of the caller's runtime that goes by `steps`.
    pub fn start_in_steps(
        connection: Connection,
        vault: Arc<Vault>,
        condition: Condition,
        queue: usize,
        steps: Arc<dyn Steps>,
    ) -> Self {
        let (jobs, inbox) = mpsc::channel(queue);
        tokio::spawn(run_in_steps(connection, vault, condition.clone(), inbox, steps));
        Self { jobs, condition }
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
        result.await.unwrap_or_else(|_| Err(self.unanswered().into()))
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
        result.await.unwrap_or_else(|_| Err(self.unanswered().into()))
    }

    /// As [`Self::try_run`], without a savepoint of its own; may be run again from the start.
    ///
    /// # Errors
    /// As [`Self::try_run`].
    pub fn try_run_shared<T, E>(
        &self,
        work: impl FnMut(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // Put away before anything waits: the future would hold `work`, and so would each around it.
        let (job, result) = shared_job(work);
        async move {
            self.try_send(job)?;
            result.await.unwrap_or_else(|_| Err(self.unanswered().into()))
        }
    }

    fn try_send(&self, job: Job) -> Result<(), StoreError> {
        self.jobs
            .try_send(Message::Run(job))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
            })
    }

    /// Why a job was dropped unanswered: its transaction failed before it ran, or it panicked.
    fn unanswered(&self) -> StoreError {
        match self.condition.hindrance() {
            Some(hindrance) => StoreError::Hindered(hindrance),
            None => StoreError::Commit("the write was undone; the log says why".to_owned()),
        }
    }
}

impl Writer {
    /// Lets the thread finish what was handed to it before, and nothing after.
    pub async fn close(self) {
        // The error means that it has ended already.
        let _ = self.jobs.send(Message::Close).await;
    }
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

fn run(
    connection: Connection,
    checkpoints: Checkpoints,
    vault: &Vault,
    condition: &Condition,
    callers: Option<&tokio::runtime::Handle>,
    mut inbox: mpsc::Receiver<Message>,
) {
    let mut messages = Vec::with_capacity(GROUP_MAX);
    while inbox.blocking_recv_many(&mut messages, GROUP_MAX) > 0 {
        if messages.iter().any(|message| matches!(message, Message::Close)) {
            inbox.close();
        }
        let jobs = Jobs::sorted(messages.drain(..));
        // What is damaged gets worse by being written to; whoever waits reads why.
        if condition.hindrance() == Some(Hindrance::Damaged) {
            continue;
        }
        let group = Group::new(&connection, vault, condition);
        let ended = group.commit(jobs, Disk::HasRoom);
        match callers {
            // To wake each of them from here takes longer than to have them woken where they wait.
            Some(callers) => drop(callers.spawn(async { ended.answer() })),
            None => ended.answer(),
        }
        checkpoints.after_commit(&connection);
    }
    checkpoints.end();
    if condition.hindrance() == Some(Hindrance::Damaged) {
        return;
    }
    if let Err(error) = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
        tracing::debug!(%error, "no checkpoint at close; the next start does it");
    }
}

/// The same as [`run`], of one runtime with its callers, and with a step before and after each commit.
async fn run_in_steps(
    connection: Connection,
    vault: Arc<Vault>,
    condition: Condition,
    mut inbox: mpsc::Receiver<Message>,
    steps: Arc<dyn Steps>,
) {
    let mut messages = Vec::with_capacity(GROUP_MAX);
    while inbox.recv_many(&mut messages, GROUP_MAX).await > 0 {
        let disk = steps.before_commit().await;
        let jobs = Jobs::sorted(messages.drain(..));
        let ended = Group::new(&connection, &vault, &condition).commit(jobs, disk);
        steps.after_commit().await;
        ended.answer();
    }
}

/// What shares a transaction.
#[derive(Default)]
struct Jobs {
    alone: Vec<Alone>,
    shared: Vec<Shared>,
}

impl Jobs {
    fn sorted(messages: impl Iterator<Item = Message>) -> Self {
        let mut jobs = Self::default();
        for message in messages {
            match message {
                Message::Run(Job::Alone(job)) => jobs.alone.push(job),
                Message::Run(Job::Shared(job)) => jobs.shared.push(job),
                Message::Close => {}
            }
        }
        jobs
    }
}

/// Jobs of one transaction.
struct Group<'a> {
    txn: Txn<'a>,
    condition: &'a Condition,
    /// What keeps the database from being written, as far as this transaction met it.
    hindrance: Option<Hindrance>,
    /// Of the jobs that ran, to be given once the fate of the commit is known.
    answers: Vec<Answer>,
}

/// A group whose fate is known, and those who wait to hear of it.
struct Ended {
    answers: Vec<Answer>,
    failed: Option<StoreError>,
    hindrance: Option<Hindrance>,
}

impl Ended {
    fn answer(self) {
        for answer in self.answers {
            answer(match (&self.failed, self.hindrance) {
                (None, _) => Ok(()),
                (Some(_), Some(hindrance)) => Err(StoreError::Hindered(hindrance)),
                (Some(reason), None) => Err(StoreError::Commit(reason.to_string())),
            });
        }
    }
}

impl<'a> Group<'a> {
    fn new(connection: &'a Connection, vault: &'a Vault, condition: &'a Condition) -> Self {
        let _ = take_seen();
        Self {
            txn: Txn { connection, vault },
            condition,
            hindrance: None,
            answers: Vec::with_capacity(GROUP_MAX),
        }
    }

    fn commit(mut self, jobs: Jobs, disk: Disk) -> Ended {
        let failed = self.run(jobs, disk).err();
        self.note();
        if let Some(reason) = &failed {
            // Of a hindrance it was said when it began; it is not said again for each write.
            if !matches!(reason, StoreError::Hindered(_)) {
                tracing::error!(%reason, "a group of writes was not committed");
            }
            if !self.txn.connection.is_autocommit()
                && let Err(error) = self.txn.connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "could not roll back");
            }
        }
        Ended {
            answers: self.answers,
            failed,
            hindrance: self.hindrance,
        }
    }

    /// Jobs that are not come to are dropped unrun: their callers read that the store could not do it.
    fn run(&mut self, jobs: Jobs, disk: Disk) -> Result<(), StoreError> {
        let Jobs { alone, mut shared } = jobs;
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
        match disk {
            Disk::HasRoom => self.execute("COMMIT"),
            Disk::IsFull => Err(StoreError::Commit("database or disk is full".to_owned())),
        }
    }

    /// Runs jobs without a savepoint. False once one of them failed and left something behind.
    fn run_together(&mut self, jobs: &mut [Shared]) -> Result<bool, StoreError> {
        for job in jobs {
            let changes = self.txn.connection.total_changes();
            let ran = self.caught(|txn| job(txn))?;
            let keeps = ran.as_ref().is_some_and(|ran| ran.keep);
            if !keeps && self.txn.connection.total_changes() != changes {
                return Ok(false);
            }
            self.answers.extend(ran.map(|ran| ran.answer));
        }
        Ok(true)
    }

    fn run_in_savepoint(&mut self, job: impl FnOnce(&Txn<'_>) -> Ran) -> Result<(), StoreError> {
        self.execute("SAVEPOINT job")?;
        let ran = self.caught(job)?;
        let keeps = ran.as_ref().is_some_and(|ran| ran.keep);
        self.answers.extend(ran.map(|ran| ran.answer));
        if !keeps {
            self.execute("ROLLBACK TO job")?;
        }
        self.execute("RELEASE job")
    }

    /// Runs a job; none is what a job that panicked gives: it has no answer, and its caller reads that its write was undone.
    fn caught(&mut self, job: impl FnOnce(&Txn<'_>) -> Ran) -> Result<Option<Ran>, StoreError> {
        let ran = catch_unwind(AssertUnwindSafe(|| job(&self.txn)));
        if ran.is_err() {
            tracing::error!("a write panicked and was undone");
        }
        // Before any of those behind it is dropped: its caller asks the condition.
        self.note();
        if self.txn.connection.is_autocommit() {
            // A full disk ends the transaction under us; what was done in it is gone.
            self.answers.extend(ran.ok().map(|ran| ran.answer));
            return Err(StoreError::Commit(
                "the transaction was rolled back by the database".to_owned(),
            ));
        }
        Ok(ran.ok())
    }

    /// What SQLite's last error on this thread told of is kept in the condition: a job's own error may say less.
    fn note(&mut self) {
        if let Some(hindrance) = take_seen() {
            self.condition.failed(hindrance);
            self.hindrance = Some(hindrance);
        }
    }

    fn execute(&self, sql: &'static str) -> Result<(), StoreError> {
        self.txn.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}
