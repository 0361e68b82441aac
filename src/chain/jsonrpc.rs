//! JSON-RPC 2.0 envelopes: how calls are written, alone or as a batch, and how replies are taken apart.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method's name.
    pub method: &'static str,
    /// Its parameters: a JSON array.
    pub params: Params,
}

/// The parameters of a call.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Params {
    /// As a value.
    Value(Value),
    /// As the text that is sent.
    Text(Box<RawValue>),
}

impl Call {
    /// A call of `method` with `params`, a JSON array.
    #[must_use]
    pub fn new(method: &'static str, params: Value) -> Self {
        Self {
            method,
            params: Params::Value(params),
        }
    }

    /// A call of `method` with `params`, a JSON array: for what is too long to be made into a value first. `None` where
    /// it cannot be written.
    #[must_use]
    pub fn of(method: &'static str, params: &impl Serialize) -> Option<Self> {
        let params = Params::Text(to_raw_value(params).ok()?);
        Some(Self { method, params })
    }
}

/// A JSON-RPC error object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    /// The code; 0 when there was none.
    pub code: i64,
    /// The message, as the node wrote it: not fit to be shown before it is scrubbed.
    pub message: String,
}

/// Why a body does not answer the calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// One error for everything.
    Error(RpcError),
    /// Not what was asked for; the reason.
    Malformed(String),
}

#[derive(Serialize)]
struct Request<'a> {
    jsonrpc: &'static str,
    id: usize,
    method: &'static str,
    params: &'a Params,
}

impl<'a> Request<'a> {
    fn new(id: usize, call: &'a Call) -> Self {
        Self {
            jsonrpc: "2.0",
            id,
            method: call.method,
            params: &call.params,
        }
    }
}

/// The body of one call.
#[must_use]
pub fn single(call: &Call) -> Vec<u8> {
    // The error cannot come: the keys are strings and the values are JSON already.
    serde_json::to_vec(&Request::new(0, call)).unwrap_or_default()
}

/// The body of a batch; the calls are numbered from 0.
#[must_use]
pub fn batch(calls: &[Call]) -> Vec<u8> {
    let requests: Vec<_> = calls
        .iter()
        .enumerate()
        .map(|(id, call)| Request::new(id, call))
        .collect();
    serde_json::to_vec(&requests).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Reply<T> {
    #[serde(default)]
    id: Option<usize>,
    #[serde(default)]
    result: Option<T>,
    #[serde(default)]
    error: Option<WireError>,
}

/// What stands in a reply's `error`: nodes answer with an object, some Electrum servers with a text.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum WireError {
    Object {
        #[serde(default)]
        code: i64,
        #[serde(default)]
        message: String,
    },
    Text(String),
}

impl From<WireError> for RpcError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Object { code, message } => Self { code, message },
            WireError::Text(message) => Self { code: 0, message },
        }
    }
}

/// What one call was answered: a result, which may be `null`, or an error.
pub type Answer<T> = Result<Option<T>, RpcError>;

/// Reads the reply to [`single`].
///
/// # Errors
/// [`Unanswered::Malformed`] when it is none.
pub fn read_single<T: DeserializeOwned>(body: &[u8]) -> Result<Answer<T>, Unanswered> {
    let reply: Reply<T> = parse(body)?;
    match (reply.error, reply.id) {
        (Some(error), _) => Ok(Err(error.into())),
        (None, Some(0)) => Ok(Ok(reply.result)),
        (None, _) => Err(Unanswered::Malformed("the reply is to another call".to_owned())),
    }
}

/// Reads the reply to [`batch`] of `count` calls, in the order of the calls.
///
/// # Errors
/// [`Unanswered`] unless each call is answered exactly once.
pub fn read_batch<T: DeserializeOwned>(body: &[u8], count: usize) -> Result<Vec<Answer<T>>, Unanswered> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        let reply: Reply<serde::de::IgnoredAny> = parse(body)?;
        return Err(reply.error.map_or_else(
            || Unanswered::Malformed("a batch was answered with one reply".to_owned()),
            |error| Unanswered::Error(error.into()),
        ));
    }
    let mut answers: Vec<Option<Answer<T>>> = std::iter::repeat_with(|| None).take(count).collect();
    for reply in parse_list::<Reply<T>>(body, count)? {
        let answer = match reply.error {
            Some(error) if reply.id.is_none() => return Err(Unanswered::Error(error.into())),
            Some(error) => Err(error.into()),
            None => Ok(reply.result),
        };
        match reply.id.and_then(|id| answers.get_mut(id)) {
            Some(slot @ None) => *slot = Some(answer),
            _ => {
                return Err(Unanswered::Malformed(
                    "a batch's reply is to another call".to_owned(),
                ));
            }
        }
    }
    answers
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Unanswered::Malformed("a batch was answered in part".to_owned()))
}

/// Reads a list, and stops where it has more than `items_max`: what it holds is larger in memory than in the text.
fn parse_list<T: DeserializeOwned>(body: &[u8], items_max: usize) -> Result<Vec<T>, Unanswered> {
    let mut deserializer = serde_json::Deserializer::from_str(text(body)?);
    let list = deserializer.deserialize_seq(AtMost {
        items_max,
        items: PhantomData,
    });
    list.and_then(|list| deserializer.end().map(|()| list))
        .map_err(|error| Unanswered::Malformed(error.to_string()))
}

/// Visits a list of at most `items_max` items.
struct AtMost<T> {
    items_max: usize,
    items: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {}", self.items_max)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            if list.len() == self.items_max {
                return Err(A::Error::custom(format_args!(
                    "a list of more than {}",
                    self.items_max
                )));
            }
            list.push(item);
        }
        Ok(list)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unanswered> {
    serde_json::from_str(text(body)?).map_err(|error| Unanswered::Malformed(error.to_string()))
}

/// The text of a reply: that it is one is checked once for all of it, and not again for each text in it.
fn text(body: &[u8]) -> Result<&str, Unanswered> {
    std::str::from_utf8(body).map_err(|error| Unanswered::Malformed(error.to_string()))
}

/// Takes a list of at most `MAX` items; for `#[serde(deserialize_with)]`.
///
/// # Errors
/// The deserializer's, and one for a longer list.
pub fn bounded<'de, D, T, const MAX: usize>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(AtMost {
        items_max: MAX,
        items: PhantomData,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_put_back_into_the_order_of_its_calls() {
        let body = br#" [{"id":1,"result":null},{"id":0,"result":7},{"id":2,"error":{"code":-32000,"message":"no"}}]"#;
        let answers = read_batch::<u64>(body, 3).unwrap();
        let refused = RpcError {
            code: -32000,
            message: "no".to_owned(),
        };
        assert_eq!(answers, vec![Ok(Some(7)), Ok(None), Err(refused)]);
    }

    #[test]
    fn a_batch_in_which_any_call_is_unanswered_or_answered_twice_is_refused() {
        for body in [
            r#"[{"id":0,"result":7}]"#,
            r#"[{"id":0,"result":7},{"id":0,"result":8}]"#,
            r#"[{"id":0,"result":7},{"id":5,"result":8}]"#,
            r#"[{"id":0,"result":7},{"result":8}]"#,
            r#"[{"id":0,"result":7},{"id":1,"res"#,
            r#"{"id":0,"result":7}"#,
            "",
        ] {
            let refused = read_batch::<u64>(body.as_bytes(), 2);
            assert!(matches!(refused, Err(Unanswered::Malformed(_))), "{body}");
        }
    }

    #[test]
    fn a_second_reply_to_a_call_is_refused() {
        let body = br#"[{"id":0,"result":7},{"id":0,"result":8}]"#;
        assert!(read_batch::<u64>(body, 1).is_err());
    }

    #[test]
    fn one_error_for_a_whole_batch_is_told_from_a_malformed_reply() {
        for body in [
            r#"{"id":null,"error":{"code":-32600,"message":"batch not allowed"}}"#,
            r#"[{"id":null,"error":{"code":-32600,"message":"batch not allowed"}}]"#,
            r#"{"error":"batch not allowed"}"#,
        ] {
            match read_batch::<u64>(body.as_bytes(), 2) {
                Err(Unanswered::Error(error)) => assert_eq!(error.message, "batch not allowed"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_reply_to_another_call_is_not_taken_for_ours() {
        assert!(read_single::<u64>(br#"{"id":9,"result":7}"#).is_err());
        assert_eq!(read_single::<u64>(br#"{"id":0,"result":7}"#), Ok(Ok(Some(7))));
    }

    #[test]
    fn parameters_that_are_a_text_are_sent_as_they_stand() {
        let text = r#"[{"topics":["0xaa",null,["0xbb"]]}]"#;
        let params: Box<RawValue> = serde_json::from_str(text).unwrap();
        let call = Call::of("eth_getLogs", &params).unwrap();
        let value = Call::new("eth_getLogs", serde_json::from_str(text).unwrap());
        assert_eq!(single(&call), single(&value));
        assert_eq!(batch(&[call.clone(), call]), batch(&[value.clone(), value]));
    }

    #[test]
    fn a_list_longer_than_its_bound_is_refused() {
        #[derive(Deserialize)]
        struct Listed {
            #[serde(deserialize_with = "bounded::<_, _, 2>")]
            items: Vec<u8>,
        }
        assert_eq!(
            serde_json::from_str::<Listed>(r#"{"items":[1,2]}"#)
                .unwrap()
                .items,
            [1, 2]
        );
        assert!(serde_json::from_str::<Listed>(r#"{"items":[1,2,3]}"#).is_err());
    }
}
