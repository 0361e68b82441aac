//! Reads a TOML document section by section and collects everything that is wrong with it.
//!
//! Knows TOML and places in a file, but no setting: which keys there are is what the sections are asked for, so a
//! key that nobody asked for is an unknown one.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::error::{Place, Problem, hint, quoted};

mod values;

/// Where variables of the environment are looked up.
pub(super) type Environment<'d> = &'d dyn Fn(&str) -> Option<String>;

/// A configuration while it is read.
pub(super) struct Document<'d> {
    file: String,
    text: &'d str,
    environment: Environment<'d>,
    problems: RefCell<Vec<Problem>>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'d> Document<'d> {
    /// A document called `file` in messages.
    pub fn new(file: String, text: &'d str, environment: Environment<'d>) -> Self {
        Self {
            file,
            text,
            environment,
            problems: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// The document's tables; `None` when it is no TOML.
    pub fn parse(&self) -> Option<DeTable<'d>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let place = self.place(error.span().map_or(0, |span| span.start));
            // Only the parser's own words: its full text would show the line, and with it a key.
            self.refuse(place, format!("not valid TOML: {}", error.message()));
        }
        errors.is_empty().then(|| table.into_inner())
    }

    /// The outermost section.
    pub fn root<'s>(&'s self, table: &'s DeTable<'s>) -> Section<'s> {
        Section {
            document: self,
            table: Some(table),
            place: self.place(0),
            path: String::new(),
            pattern: String::new(),
            known: Vec::new(),
        }
    }

    /// Notes something wrong.
    pub fn refuse(&self, place: Place, message: impl Into<String>) {
        let message = message.into();
        self.problems.borrow_mut().push(Problem { place, message });
    }

    /// A variable of the environment; one that is set to nothing counts as not set.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }

    /// What was found wrong, in the order of the file.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort();
        problems.dedup();
        problems
    }

    /// Every setting that was asked for, with `*` for names that the merchant chooses.
    #[cfg(test)]
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.get(line_start..).unwrap_or_default().chars().count();
        Place::Line {
            file: self.file.clone(),
            line,
            column: column.saturating_add(1),
        }
    }
}

/// A value and where it was set.
#[derive(Debug, Clone)]
pub(super) struct Field<T> {
    /// The setting's full name, such as `server.listen`.
    pub name: String,
    /// What it was set to.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// One table of the document, or its absence.
pub(super) struct Section<'d> {
    /// The document it belongs to.
    pub document: &'d Document<'d>,
    table: Option<&'d DeTable<'d>>,
    /// Where it begins.
    pub place: Place,
    path: String,
    pattern: String,
    known: Vec<&'static str>,
}

impl<'d> Section<'d> {
    /// The section's full name, such as `networks.bsc`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether `key` is set, of whatever type.
    pub fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// Where `key` is set, of whatever type; the key counts as known.
    pub fn place_of(&mut self, key: &'static str) -> Option<Place> {
        self.known.push(key);
        let (key, _) = self.table?.get_key_value(key)?;
        Some(self.document.place(key.span().start))
    }

    /// The section under `key`; an empty one when it is not there.
    pub fn section(&mut self, key: &'static str) -> Section<'d> {
        let entry = self.entry(key);
        let (table, place) = match entry {
            Some(entry) => match entry.value {
                DeValue::Table(table) => (Some(table), entry.place),
                other => {
                    let wanted = format!("a section [{}]", entry.name);
                    let place = entry.place.clone();
                    self.wrong_type::<()>(&entry.name, entry.place, &wanted, other);
                    (None, place)
                }
            },
            None => (None, self.place.clone()),
        };
        Section {
            document: self.document,
            table,
            place,
            path: self.name_of(key),
            pattern: join(&self.pattern, key),
            known: Vec::new(),
        }
    }

    /// The section that would stand under a name of the merchant's choice: nothing is set in it.
    pub fn absent(&self, name: &str) -> Section<'d> {
        Section {
            document: self.document,
            table: None,
            place: self.place.clone(),
            path: self.name_of(name),
            pattern: join(&self.pattern, "*"),
            known: Vec::new(),
        }
    }

    /// The sections of this one, which the merchant names.
    pub fn named_sections(self) -> Vec<(String, Section<'d>)> {
        let document = self.document;
        let mut sections = Vec::new();
        for (name, value) in self.table.into_iter().flatten() {
            let place = document.place(name.span().start);
            let path = self.name_of(name.get_ref());
            match value.get_ref() {
                DeValue::Table(table) => sections.push((
                    name.get_ref().clone().into_owned(),
                    Section {
                        document,
                        table: Some(table),
                        place,
                        path,
                        pattern: join(&self.pattern, "*"),
                        known: Vec::new(),
                    },
                )),
                other => {
                    let wanted = format!("a section [{path}]");
                    self.wrong_type::<()>(&path, place, &wanted, other);
                }
            }
        }
        sections
    }

    /// The texts of this section, under keys which the merchant names. The values' types are named in messages,
    /// never the values.
    pub fn named_texts(self, wanted: &str) -> Vec<(Field<String>, Field<&'d str>)> {
        let document = self.document;
        let pattern = join(&self.pattern, "*");
        document.asked.borrow_mut().insert(pattern);
        let mut texts = Vec::new();
        for (key, value) in self.table.into_iter().flatten() {
            let name = self.name_of(key.get_ref());
            let place = document.place(value.span().start);
            match value.get_ref() {
                DeValue::String(text) => texts.push((
                    Field {
                        name: name.clone(),
                        value: key.get_ref().clone().into_owned(),
                        place: document.place(key.span().start),
                    },
                    Field {
                        name,
                        value: text.as_ref(),
                        place,
                    },
                )),
                other => {
                    self.wrong_type::<()>(&name, place, wanted, other);
                }
            }
        }
        texts
    }

    /// The sections of a list `[[...]]`, at most `count_max`.
    pub fn list(&mut self, key: &'static str, count_max: usize) -> Vec<Section<'d>> {
        let pattern = join(&self.pattern, key);
        let Some(entry) = self.entry(key) else {
            return Vec::new();
        };
        let wanted = format!("a list of sections [[{}]]", entry.name);
        let DeValue::Array(items) = entry.value else {
            self.wrong_type::<()>(&entry.name, entry.place, &wanted, entry.value);
            return Vec::new();
        };
        if items.len() > count_max {
            let message = format!("`{}` has more than {count_max} entries; remove some", entry.name);
            self.document.refuse(entry.place, message);
            return Vec::new();
        }
        let mut sections = Vec::new();
        for item in items.iter() {
            let place = self.document.place(item.span().start);
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    document: self.document,
                    table: Some(table),
                    place,
                    path: entry.name.clone(),
                    pattern: pattern.clone(),
                    known: Vec::new(),
                }),
                other => {
                    self.wrong_type::<()>(&entry.name, place, &wanted, other);
                }
            }
        }
        sections
    }

    /// Refuses every key that was not asked for. To be called once all have been.
    pub fn close(self) {
        for (key, _) in self.table.into_iter().flatten() {
            if self.known.contains(&key.get_ref().as_ref()) {
                continue;
            }
            let place = self.document.place(key.span().start);
            let section = if self.path.is_empty() {
                "at the top".to_owned()
            } else {
                format!("in [{}]", self.path)
            };
            let hint = hint(key.get_ref(), &self.known);
            let message = format!("unknown setting {} {section}; {hint}", quoted(key.get_ref()));
            self.document.refuse(place, message);
        }
    }

    fn entry(&mut self, key: &'static str) -> Option<Field<&'d DeValue<'d>>> {
        self.known.push(key);
        let pattern = join(&self.pattern, key);
        self.document.asked.borrow_mut().insert(pattern);
        let (key_text, value) = self.table?.get_key_value(key)?;
        // A section's own place is its name; a value's is the value.
        let offset = match value.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) => key_text.span().start,
            _ => value.span().start,
        };
        Some(Field {
            name: self.name_of(key),
            value: value.get_ref(),
            place: self.document.place(offset),
        })
    }

    fn name_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    fn wrong_type<T>(&self, name: &str, place: Place, wanted: &str, found: &DeValue<'_>) -> Option<T> {
        let found = match found {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a point",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a section",
        };
        self.document
            .refuse(place, format!("`{name}` must be {wanted}, not {found}"));
        None
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
