//! JSON as it is written: names in their order, numbers digit for digit. Knows no field.

use serde_json::value::RawValue;

use crate::web::api::json::Entries;

/// How deep values may lie in one another.
const DEPTH_MAX: usize = 32;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Object(Vec<(String, Node)>),
    List(Vec<Node>),
    Text(String),
    /// A number, a truth value or `null`, as it is written.
    Word(String),
}

impl Node {
    /// Reads a document; `None` when it is none, or lies too deep.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::read_raw(serde_json::from_str(text).ok()?, DEPTH_MAX)
    }

    fn read_raw(raw: &RawValue, depth_left: usize) -> Option<Self> {
        let depth_left = depth_left.checked_sub(1)?;
        let text = raw.get();
        match text.bytes().next()? {
            b'{' => {
                let Entries(entries) = serde_json::from_str(text).ok()?;
                let read = |(name, value)| Some((name, Self::read_raw(value, depth_left)?));
                entries
                    .into_iter()
                    .map(read)
                    .collect::<Option<_>>()
                    .map(Self::Object)
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                let items = items.into_iter().map(|item| Self::read_raw(item, depth_left));
                items.collect::<Option<_>>().map(Self::List)
            }
            b'"' => serde_json::from_str(text).ok().map(Self::Text),
            _ => Some(Self::Word(text.to_owned())),
        }
    }

    /// The value under a name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The names and values of an object; of anything else there are none.
    pub(super) fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Object(entries) => entries,
            Self::List(_) | Self::Text(_) | Self::Word(_) => &[],
        }
    }

    /// The items of a list; of anything else there are none.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Object(_) | Self::Text(_) | Self::Word(_) => &[],
        }
    }

    /// The text or the word under a name; empty when there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", Self::plain)
    }

    /// Whether the word under a name is `true`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// A text without its quotes, a word as it is, nothing else.
    pub(super) fn plain(&self) -> &str {
        match self {
            Self::Text(text) | Self::Word(text) => text,
            Self::Object(_) | Self::List(_) => "",
        }
    }

    /// As JSON for people: two spaces to the level.
    pub(super) fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, "\n");
        text
    }

    /// `line` is the line break with the spaces after it.
    fn write(&self, text: &mut String, line: &str) {
        let inner = format!("{line}  ");
        match self {
            Self::Object(entries) if !entries.is_empty() => {
                text.push('{');
                for (index, (name, value)) in entries.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    text.push_str(&inner);
                    text.push_str(&quoted(name));
                    text.push_str(": ");
                    value.write(text, &inner);
                }
                text.push_str(line);
                text.push('}');
            }
            Self::List(items) if !items.is_empty() => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    text.push_str(&inner);
                    item.write(text, &inner);
                }
                text.push_str(line);
                text.push(']');
            }
            Self::Object(_) => text.push_str("{}"),
            Self::List(_) => text.push_str("[]"),
            Self::Text(own) => text.push_str(&quoted(own)),
            Self::Word(own) => text.push_str(own),
        }
    }
}

fn quoted(text: &str) -> String {
    // A string has no way not to be written as JSON.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_in_its_order_and_digit_for_digit() {
        let text = r#"{"b": 50.00, "a": [1e400, null, true, "x\"y", {}, []], "c": {"d": "é"}}"#;
        let pretty = "{\n  \"b\": 50.00,\n  \"a\": [\n    1e400,\n    null,\n    true,\n    \"x\\\"y\",\n    {},\n    \
                      []\n  ],\n  \"c\": {\n    \"d\": \"é\"\n  }\n}";
        let node = Node::read(text).unwrap();
        assert_eq!(node.pretty(), pretty);
        assert_eq!(Node::read(pretty), Some(node));
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_nothing() {
        for text in ["", "{", "{\"a\":}", "[1,]", "nul"] {
            assert_eq!(Node::read(text), None, "{text}");
        }
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Node::read(&deep(DEPTH_MAX)).is_some());
        assert_eq!(Node::read(&deep(DEPTH_MAX + 1)), None);
    }
}
