//! Single values of a section, each checked for its type and bounds.

use std::borrow::Cow;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use toml::de::DeValue;

use super::{Field, Section};
use crate::config::error::{Place, quoted};
use crate::domain::UnknownWord;
use crate::domain::confirmations::Tiers;

impl<'d> Section<'d> {
    /// A setting whose value is text.
    pub fn text(&mut self, key: &'static str) -> Option<Field<Cow<'d, str>>> {
        let entry = self.entry(key)?;
        match entry.value {
            DeValue::String(text) => Some(Field {
                name: entry.name,
                value: Cow::Borrowed(text.as_ref()),
                place: entry.place,
            }),
            other => self.wrong_type(&entry.name, entry.place, "text in quotes", other),
        }
    }

    /// A setting whose value is text, overridden by a variable of the environment.
    pub fn text_or_variable(&mut self, key: &'static str, variable: &str) -> Option<Field<Cow<'d, str>>> {
        let in_file = self.text(key);
        match self.document.variable(variable) {
            Some(value) => Some(Field {
                name: self.name_of(key),
                value: Cow::Owned(value),
                place: Place::Variable(variable.to_owned()),
            }),
            None => in_file,
        }
    }

    /// A setting that is read by `T`'s own rule, whose error says what it should look like.
    pub fn parsed<T: FromStr>(
        &mut self,
        key: &'static str,
        variable: Option<&str>,
        wanted: &str,
    ) -> Option<T> {
        let field = match variable {
            Some(variable) => self.text_or_variable(key, variable)?,
            None => self.text(key)?,
        };
        let read = field.value.parse().ok();
        if read.is_none() {
            self.document.refuse(
                field.place,
                format!("`{}` is {}; write {wanted}", field.name, quoted(&field.value)),
            );
        }
        read
    }

    /// A setting that is one word of a vocabulary.
    pub fn word<T: FromStr<Err = UnknownWord>>(
        &mut self,
        key: &'static str,
        variable: Option<&str>,
        default: T,
    ) -> T {
        let field = match variable {
            Some(variable) => self.text_or_variable(key, variable),
            None => self.text(key),
        };
        let Some(field) = field else { return default };
        field.value.parse().unwrap_or_else(|UnknownWord { known, .. }| {
            self.document.refuse(
                field.place,
                format!(
                    "`{}` is {}; use one of: {known}",
                    field.name,
                    quoted(&field.value)
                ),
            );
            default
        })
    }

    /// A setting that is on or off.
    pub fn flag(&mut self, key: &'static str, default: bool) -> bool {
        let Some(entry) = self.entry(key) else {
            return default;
        };
        match entry.value {
            DeValue::Boolean(value) => *value,
            other => self
                .wrong_type(&entry.name, entry.place, "true or false", other)
                .unwrap_or(default),
        }
    }

    /// A setting that is a whole number in `range`, counted in `unit`.
    pub fn number<T>(&mut self, key: &'static str, range: RangeInclusive<T>, unit: &str) -> Option<Field<T>>
    where
        T: TryFrom<u64> + PartialOrd + Display,
    {
        let entry = self.entry(key)?;
        let DeValue::Integer(digits) = entry.value else {
            let wanted = format!("a whole number of {unit}");
            return self.wrong_type(&entry.name, entry.place, &wanted, entry.value);
        };
        let value = u64::from_str_radix(digits.as_str(), digits.radix()).ok();
        match value
            .and_then(|value| T::try_from(value).ok())
            .filter(|value| range.contains(value))
        {
            Some(value) => Some(Field {
                name: entry.name,
                value,
                place: entry.place,
            }),
            None => {
                let message = format!(
                    "`{}` is {}; it must be {} to {} {unit}",
                    entry.name,
                    digits.as_str(),
                    range.start(),
                    range.end()
                );
                self.document.refuse(entry.place, message);
                None
            }
        }
    }

    /// Confirmations: a number of blocks, or steps by what a payment is worth, in quotes.
    pub fn confirmations(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Option<Field<Tiers>> {
        let entry = self.entry(key)?;
        let DeValue::String(text) = entry.value else {
            let number = self.number(key, range, "blocks")?;
            return Some(Field {
                name: number.name,
                value: Tiers::flat(number.value),
                place: number.place,
            });
        };
        let value = match text.parse::<Tiers>() {
            Ok(tiers) if tiers.highest() <= *range.end() => Ok(tiers),
            Ok(_) => Err(format!("at most {} blocks can be asked for", range.end())),
            Err(error) => Err(error.to_string()),
        };
        match value {
            Ok(value) => Some(Field {
                name: entry.name,
                value,
                place: entry.place,
            }),
            Err(reason) => {
                let message = format!("`{}` is {}: {reason}", entry.name, quoted(text));
                self.document.refuse(entry.place, message);
                None
            }
        }
    }

    /// Confirmations that have no default.
    pub fn required_confirmations(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Option<Tiers> {
        self.require(key);
        self.confirmations(key, range).map(|field| field.value)
    }

    /// A number that has no default.
    pub fn required_number<T>(&mut self, key: &'static str, range: RangeInclusive<T>, unit: &str) -> Option<T>
    where
        T: TryFrom<u64> + PartialOrd + Display,
    {
        self.require(key);
        self.number(key, range, unit).map(|field| field.value)
    }

    /// A short text to be shown: 1 to `length_max` characters, none of them a control character.
    pub fn label(&mut self, key: &'static str, length_max: usize) -> Option<String> {
        let field = self.text(key)?;
        let fits = (1..=length_max).contains(&field.value.chars().count())
            && field.value.trim() == field.value
            && !field.value.chars().any(char::is_control);
        if !fits {
            let message = format!(
                "`{}` must be 1 to {length_max} characters on one line",
                field.name
            );
            self.document.refuse(field.place, message);
        }
        fits.then(|| field.value.into_owned())
    }

    /// A label that has no default.
    pub fn required_label(&mut self, key: &'static str, length_max: usize) -> Option<String> {
        self.require(key);
        self.label(key, length_max)
    }

    fn require(&self, key: &str) {
        if !self.has(key) {
            let message = format!("`{}` is missing; set it under [{}]", self.name_of(key), self.path);
            self.document.refuse(self.place.clone(), message);
        }
    }

    /// A span in whole seconds.
    pub fn seconds(&mut self, key: &'static str, range: RangeInclusive<u64>, default: Duration) -> Duration {
        self.number(key, range, "seconds")
            .map_or(default, |field| Duration::from_secs(field.value))
    }

    /// A span in whole milliseconds.
    pub fn millis(&mut self, key: &'static str, range: RangeInclusive<u64>, default: Duration) -> Duration {
        self.number(key, range, "milliseconds")
            .map_or(default, |field| Duration::from_millis(field.value))
    }

    /// A list of texts; empty without it.
    pub fn texts(&mut self, key: &'static str) -> Vec<Field<&'d str>> {
        let Some(entry) = self.entry(key) else {
            return Vec::new();
        };
        let wanted = "a list of texts like [\"one\", \"two\"]";
        let DeValue::Array(items) = entry.value else {
            self.wrong_type::<()>(&entry.name, entry.place, wanted, entry.value);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            let place = self.document.place(item.span().start);
            match item.get_ref() {
                DeValue::String(text) => texts.push(Field {
                    name: entry.name.clone(),
                    value: text.as_ref(),
                    place,
                }),
                other => {
                    self.wrong_type::<()>(&entry.name, place, wanted, other);
                }
            }
        }
        texts
    }

    /// A list of words of a vocabulary, each at most once.
    pub fn words<T>(&mut self, key: &'static str, default: &[T]) -> Vec<T>
    where
        T: FromStr<Err = UnknownWord> + Copy + PartialEq,
    {
        if !self.has(key) {
            self.texts(key);
            return default.to_vec();
        }
        let mut words: Vec<T> = Vec::new();
        for field in self.texts(key) {
            let (name, given) = (&field.name, quoted(field.value));
            let message = match field.value.parse() {
                Ok(word) if !words.contains(&word) => {
                    words.push(word);
                    continue;
                }
                Ok(_) => format!("`{name}` has {given} twice; remove one"),
                Err(UnknownWord { known, .. }) => format!("`{name}` has {given}; use some of: {known}"),
            };
            self.document.refuse(field.place, message);
        }
        words
    }
}
