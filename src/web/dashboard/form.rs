//! What a browser posts: the fields of a form, and what was wrong with them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// The longest form: a file of addresses, or a picture in base64.
pub const FORM_BYTES_MAX: usize = 2 << 20;

/// More fields than any form has.
const FIELDS_MAX: usize = 5000;

/// The fields of a posted form, in their order, read and found genuine by the guard. As an extractor, those of this
/// request; empty when nothing was posted.
#[derive(Debug, Clone, Default)]
pub(super) struct Form(Arc<[(String, String)]>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(bytes).take(FIELDS_MAX);
        Self(
            pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// The first field of this name without space around it; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// As [`Self::get`], as it was typed: passwords may begin and end with spaces.
    pub(super) fn raw(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether there is such a field: a box that was ticked.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The same with these fields in the place of those of their names.
    pub(super) fn with(&self, fields: &[(&str, &str)]) -> Self {
        let is_other = |(name, _): &&(String, String)| fields.iter().all(|(known, _)| known != name);
        let others = self.0.iter().filter(is_other).cloned();
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self(others.chain(fields).collect())
    }

    /// All fields of this name.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.trim())
    }
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// What was wrong, by field, in the reader's language.
#[derive(Debug, Clone, Default)]
pub(super) struct Mistakes(BTreeMap<&'static str, String>);

impl Mistakes {
    /// One mistake.
    pub(super) fn one(field: &'static str, text: impl Into<String>) -> Self {
        let mut mistakes = Self::default();
        mistakes.add(field, text);
        mistakes
    }

    /// Notes what is wrong with a field; the first that is noted stays.
    pub(super) fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| text.into());
    }

    /// What is wrong with a field; empty when nothing is.
    pub(super) fn of(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// What a page is answered with that says them: 422 where there are any.
    pub(super) fn status(&self) -> StatusCode {
        if self.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_order_and_trimmed_but_for_raw_ones() {
        let form = Form::read(b"name=+Ann+&on=&store=1&store=2&name=Bob&word=%C3%A9%20");
        assert_eq!(form.get("name"), "Ann");
        assert_eq!((form.raw("word"), form.get("none")), ("é ", ""));
        assert!(form.has("on") && !form.has("off"));
        assert_eq!(form.all("store").collect::<Vec<_>>(), ["1", "2"]);
    }
}
