//! How a provider is asked: JSON-RPC calls, alone or as a batch, and plain HTTP; and how its replies are taken.

use std::ops::ControlFlow;

use futures_util::future::BoxFuture;
use futures_util::stream::{StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;

use super::provider::Provider;
use super::trouble::{Trouble, TroubleKind, classify};
use crate::chain::jsonrpc::{self, Call, RpcError, Unanswered};
use crate::net::{FetchReply, FetchRequest};

impl Provider {
    /// Makes the calls, in one request where the provider takes batches. The answers come in the order of the
    /// calls; `None` is a `null`.
    ///
    /// # Errors
    /// [`Trouble`] when any of them is not answered.
    pub async fn calls<T: DeserializeOwned + Send + 'static>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Option<T>>, Trouble> {
        if let [call] = calls {
            return Ok(vec![self.call(call).await?]);
        }
        if self.takes_batches() {
            match self.batch(calls).await? {
                ControlFlow::Break(answers) => return answers.into_iter().collect(),
                ControlFlow::Continue(()) => self.set_batches_refused(),
            }
        }
        let one_by_one: Vec<_> = calls.iter().map(|call| self.call_boxed(call)).collect();
        futures_util::stream::iter(one_by_one)
            .buffered(self.limits.concurrent_max.max(1))
            .try_collect()
            .await
    }

    /// Makes the calls as [`Self::calls`] does, where any of them may be refused without harm to the others.
    ///
    /// # Errors
    /// [`Trouble`] when the provider did not answer at all, or asks to be left alone.
    pub async fn calls_each<T: DeserializeOwned + Send + 'static>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Result<Option<T>, Trouble>>, Trouble> {
        if self.takes_batches() {
            match self.batch(calls).await? {
                ControlFlow::Break(answers) => return Ok(answers),
                ControlFlow::Continue(()) => self.set_batches_refused(),
            }
        }
        let one_by_one: Vec<_> = calls.iter().map(|call| self.call_boxed(call)).collect();
        let mut running = futures_util::stream::iter(one_by_one).buffered(self.limits.concurrent_max.max(1));
        let mut answers = Vec::with_capacity(calls.len());
        while let Some(answer) = running.next().await {
            match answer {
                Err(trouble)
                    if matches!(
                        trouble.kind,
                        TroubleKind::Throttled { .. } | TroubleKind::OverBudget
                    ) =>
                {
                    return Err(trouble);
                }
                answer => answers.push(answer),
            }
        }
        Ok(answers)
    }

    fn call_boxed<'a, T: DeserializeOwned + Send + 'a>(
        &'a self,
        call: &'a Call,
    ) -> BoxFuture<'a, Result<Option<T>, Trouble>> {
        Box::pin(self.call(call))
    }

    /// Makes one call; `None` is a `null`.
    ///
    /// # Errors
    /// [`Trouble`] when it is not answered.
    pub async fn call<T: DeserializeOwned + Send>(&self, call: &Call) -> Result<Option<T>, Trouble> {
        let reply = self.post(jsonrpc::single(call)).await?;
        match jsonrpc::read_single(&reply.body) {
            Ok(Ok(answer)) if is_success(&reply) => Ok(answer),
            Ok(Err(error)) | Err(Unanswered::Error(error)) => Err(self.told(call.method, &reply, &error)),
            Ok(Ok(_)) => Err(self.told_by_status(call.method, &reply)),
            Err(Unanswered::Malformed(_)) if !is_success(&reply) => {
                Err(self.told_by_status(call.method, &reply))
            }
            Err(Unanswered::Malformed(reason)) => Err(self.malformed(call.method, &reason)),
        }
    }

    /// Makes the calls as one batch; `Continue` when the provider takes none.
    async fn batch<T: DeserializeOwned>(
        &self,
        calls: &[Call],
    ) -> Result<ControlFlow<Vec<Result<Option<T>, Trouble>>>, Trouble> {
        let Some(method) = calls.first().map(|call| call.method) else {
            return Ok(ControlFlow::Break(Vec::new()));
        };
        let reply = self.post(jsonrpc::batch(calls)).await?;
        let refusal = match jsonrpc::read_batch(&reply.body, calls.len()) {
            Ok(answers) if is_success(&reply) => {
                let answers = answers.into_iter();
                let told = answers.map(|answer| answer.map_err(|error| self.told(method, &reply, &error)));
                return Ok(ControlFlow::Break(told.collect()));
            }
            Err(Unanswered::Error(error)) => self.told(method, &reply, &error),
            Err(Unanswered::Malformed(reason)) if is_success(&reply) => {
                return Err(self.malformed(method, &reason));
            }
            Ok(_) | Err(Unanswered::Malformed(_)) => self.told_by_status(method, &reply),
        };
        // One error for all of it, and none that a single call would meet too: the batch itself is refused.
        let of_the_batch = matches!(
            refusal.kind,
            TroubleKind::Unsupported | TroubleKind::Size { .. } | TroubleKind::Down
        );
        if of_the_batch && reply.status < 500 {
            tracing::info!(provider = self.host(), reason = %refusal, "takes no batches; calling one by one");
            return Ok(ControlFlow::Continue(()));
        }
        Err(refusal)
    }

    /// Asks an HTTP API that is no JSON-RPC: a GET of `path`, or a POST of the JSON text `body` to it. A reply of
    /// success, and one that says that it has no such thing (400, 404), are given back for the caller to read. `call`
    /// names the call in errors.
    ///
    /// # Errors
    /// [`Trouble`] for any other status, and when no complete reply came.
    pub async fn ask(&self, call: &str, path: &str, body: Option<Vec<u8>>) -> Result<FetchReply, Trouble> {
        let reply = self.fetch(path, body).await?;
        if is_success(&reply) || matches!(reply.status, 400 | 404) {
            return Ok(reply);
        }
        Err(self.told_by_status(call, &reply))
    }

    async fn post(&self, body: Vec<u8>) -> Result<FetchReply, Trouble> {
        self.fetch("", Some(body)).await
    }

    async fn fetch(&self, path: &str, body: Option<Vec<u8>>) -> Result<FetchReply, Trouble> {
        let request = FetchRequest {
            endpoint: &self.endpoint,
            path,
            body,
            reply_bytes_max: self.limits.reply_bytes_max,
            timeout: self.limits.timeout,
        };
        self.turn().await?;
        let began_at = self.now();
        let reply = self.transport.fetch(request).await;
        self.took(began_at);
        Ok(reply?)
    }

    fn told(&self, method: &str, reply: &FetchReply, error: &RpcError) -> Trouble {
        let shown = self.endpoint.scrub(&error.message);
        classify(method, reply.status, reply.retry_after, error, &shown)
    }

    fn told_by_status(&self, method: &str, reply: &FetchReply) -> Trouble {
        const WORDS_BYTES_MAX: usize = 2000;
        let words = reply.body.get(..WORDS_BYTES_MAX).unwrap_or(&reply.body);
        let error = RpcError {
            code: 0,
            message: String::from_utf8_lossy(words).into_owned(),
        };
        // A page of HTML tells people nothing that the status does not.
        classify(method, reply.status, reply.retry_after, &error, "")
    }

    fn malformed(&self, method: &str, reason: &str) -> Trouble {
        let reason = self.endpoint.scrub(reason);
        Trouble::down(format!("{method}: the reply cannot be read: {reason}"))
    }
}

fn is_success(reply: &FetchReply) -> bool {
    (200..300).contains(&reply.status)
}
