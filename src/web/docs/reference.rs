//! An OpenAPI document taken apart for the page that shows it: calls, fields, answers, errors, webhooks. Knows the
//! standard as far as payd's own descriptions use it, and no API.

use super::node::Node;
use super::prose::Prose;

/// How deep fields are followed into one another.
const DEPTH_MAX: usize = 6;

/// Everything that a description says.
pub(super) struct Reference {
    pub(super) title: String,
    pub(super) about: Prose,
    pub(super) schemes: Vec<Scheme>,
    pub(super) calls: Vec<Call>,
    pub(super) webhooks: Webhooks,
}

/// A header that says who calls.
pub(super) struct Scheme {
    pub(super) header: String,
    pub(super) about: Prose,
}

/// One method at one path.
pub(super) struct Call {
    /// What links to it name.
    pub(super) anchor: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) about: Prose,
    pub(super) is_public: bool,
    pub(super) parameters: Vec<Field>,
    pub(super) body: Vec<Field>,
    /// The body as JSON; empty when there is none.
    pub(super) body_example: String,
    pub(super) replies: Vec<Reply>,
    pub(super) errors: Vec<(String, Prose)>,
    /// What an error looks like, as JSON.
    pub(super) error_example: String,
}

/// An answer that is no error.
pub(super) struct Reply {
    pub(super) status: String,
    pub(super) about: Prose,
    /// The call where the same fields are listed already.
    pub(super) fields_at: Option<(String, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) example: String,
}

/// A field of a body, or a parameter.
#[derive(Clone)]
pub(super) struct Field {
    /// With the names of what it lies in: `confirmations.received`.
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) about: Prose,
    /// The only values there are.
    pub(super) words: Vec<String>,
    pub(super) example: String,
}

/// What is posted to the shop.
pub(super) struct Webhooks {
    pub(super) events: Vec<(String, Prose)>,
    pub(super) headers: Vec<(String, Prose)>,
    pub(super) signature: Prose,
    pub(super) acknowledged: Prose,
    pub(super) fields: Vec<Field>,
    pub(super) example: String,
}

impl Reference {
    /// Takes a document apart; `None` when it is no JSON.
    pub(super) fn read(document: &str) -> Option<Self> {
        let document = Node::read(document)?;
        let reader = Reader { document: &document };
        let none = Node::Object(Vec::new());
        let at = |path: [&str; 2]| {
            document
                .get(path[0])
                .and_then(|node| node.get(path[1]))
                .unwrap_or(&none)
        };
        let schemes = at(["components", "securitySchemes"]).entries().iter();
        let info = document.get("info").unwrap_or(&none);
        Some(Self {
            title: info.text("title").to_owned(),
            about: Prose::read(info.text("description")),
            schemes: schemes.map(|(_, scheme)| scheme_of(scheme)).collect(),
            calls: reader.calls(),
            webhooks: reader.webhooks(document.get("x-webhooks").unwrap_or(&none)),
        })
    }
}

fn scheme_of(scheme: &Node) -> Scheme {
    let header = scheme.text("name");
    Scheme {
        header: if header.is_empty() {
            "Authorization"
        } else {
            header
        }
        .to_owned(),
        about: Prose::read(scheme.text("description")),
    }
}

struct Reader<'a> {
    document: &'a Node,
}

impl<'a> Reader<'a> {
    fn calls(&self) -> Vec<Call> {
        let paths = self.document.get("paths").map(Node::entries).unwrap_or_default();
        let mut calls: Vec<Call> = Vec::new();
        // Which call has listed which answer's fields.
        let mut listed: Vec<(&str, (String, String))> = Vec::new();
        for (path, methods) in paths {
            for (method, operation) in methods.entries() {
                calls.push(self.call(path, method, operation, &mut listed));
            }
        }
        calls
    }

    fn call(
        &self,
        path: &str,
        method: &str,
        operation: &'a Node,
        listed: &mut Vec<(&'a str, (String, String))>,
    ) -> Call {
        let (anchor, summary) = (operation.text("operationId"), operation.text("summary"));
        let body = operation.get("requestBody").and_then(content);
        let parameters = operation.get("parameters").map(Node::items).unwrap_or_default();
        let responses = operation.get("responses").map(Node::entries).unwrap_or_default();
        let is_error = |status: &str| !status.starts_with('2');
        let errors = responses.iter().filter(|(status, _)| is_error(status));
        let replies = responses.iter().filter(|(status, _)| !is_error(status));
        let replies = replies.map(|(status, reply)| {
            let schema = content(reply);
            let name = schema.map(|schema| schema.text("$ref")).unwrap_or_default();
            let fields_at = listed.iter().find(|(known, _)| *known == name);
            let fields_at = fields_at
                .map(|(_, place)| place.clone())
                .filter(|_| !name.is_empty());
            if fields_at.is_none() {
                listed.push((name, (anchor.to_owned(), summary.to_owned())));
            }
            Reply {
                status: status.clone(),
                about: Prose::read(reply.text("description")),
                fields: match (&fields_at, schema) {
                    (None, Some(schema)) => self.fields(schema),
                    _ => Vec::new(),
                },
                example: match (&fields_at, schema) {
                    (None, Some(schema)) => self.example(schema, DEPTH_MAX).pretty(),
                    _ => String::new(),
                },
                fields_at,
            }
        });
        Call {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            about: Prose::read(operation.text("description")),
            is_public: operation
                .get("security")
                .is_some_and(|security| security.items().is_empty()),
            parameters: parameters
                .iter()
                .map(|parameter| self.parameter(parameter))
                .collect(),
            body: body.map(|schema| self.fields(schema)).unwrap_or_default(),
            body_example: body
                .map(|schema| self.example(schema, DEPTH_MAX).pretty())
                .unwrap_or_default(),
            replies: replies.collect(),
            error_example: errors
                .clone()
                .find_map(|(_, reply)| Some(self.example(content(reply)?, DEPTH_MAX).pretty()))
                .unwrap_or_default(),
            errors: errors
                .map(|(status, reply)| (status.clone(), Prose::read(reply.text("description"))))
                .collect(),
            anchor: anchor.to_owned(),
            summary: summary.to_owned(),
        }
    }

    fn parameter(&self, parameter: &Node) -> Field {
        let schema = parameter.get("schema").map(|schema| self.resolved(schema));
        let mut field = self.field(parameter.text("name"), schema.unwrap_or(parameter));
        field.is_required = parameter.is("required");
        field.about = Prose::read(parameter.text("description"));
        field.kind = format!("{}, {}", field.kind, parameter.text("in"));
        if field.example.is_empty() {
            field.example = parameter.text("example").to_owned();
        }
        field
    }

    fn webhooks(&self, webhooks: &Node) -> Webhooks {
        let pairs = |name: &str| {
            let items = webhooks.get(name).map(Node::items).unwrap_or_default();
            let pair = |item: &Node| match item.items() {
                [name, about] => Some((name.plain().to_owned(), Prose::read(about.plain()))),
                _ => None,
            };
            items.iter().filter_map(pair).collect()
        };
        let body = webhooks.get("body");
        Webhooks {
            events: pairs("events"),
            headers: pairs("headers"),
            signature: Prose::read(webhooks.text("signature")),
            acknowledged: Prose::read(webhooks.text("acknowledged")),
            fields: body.map(|schema| self.fields(schema)).unwrap_or_default(),
            example: body
                .map(|schema| self.example(schema, DEPTH_MAX).pretty())
                .unwrap_or_default(),
        }
    }

    /// What a reference names; everything else is itself.
    fn resolved<'n>(&self, schema: &'n Node) -> &'n Node
    where
        'a: 'n,
    {
        let name = schema.text("$ref").rsplit('/').next().unwrap_or_default();
        let schemas = self
            .document
            .get("components")
            .and_then(|components| components.get("schemas"));
        let named = schemas.and_then(|schemas| schemas.get(name));
        named.unwrap_or(schema)
    }

    fn fields(&self, schema: &Node) -> Vec<Field> {
        let mut fields = Vec::new();
        self.list(schema, "", DEPTH_MAX, &mut fields);
        fields
    }

    /// Lists the fields of an object, and of what lies in it.
    fn list(&self, schema: &Node, before: &str, depth_left: usize, fields: &mut Vec<Field>) {
        let Some(depth_left) = depth_left.checked_sub(1) else {
            return;
        };
        let schema = self.resolved(schema);
        // Of several forms, the fields of each: what several have in common stands there once.
        for choice in schema.get("oneOf").map(Node::items).unwrap_or_default() {
            self.list(choice, before, depth_left, fields);
        }
        if let Some(items) = schema.get("items") {
            self.list(items, before, depth_left, fields);
        }
        if let Some(any) = schema.get("additionalProperties") {
            self.list(any, &format!("{before}*."), depth_left, fields);
        }
        let required = schema.get("required").map(Node::items).unwrap_or_default();
        let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
        for (name, property) in properties {
            let full = format!("{before}{name}");
            if fields.iter().any(|known| known.name == full) {
                continue;
            }
            let mut field = self.field(&full, self.resolved(property));
            field.is_required = required.iter().any(|known| known.plain() == name);
            fields.push(field);
            self.list(property, &format!("{full}."), depth_left, fields);
        }
    }

    fn field(&self, name: &str, schema: &Node) -> Field {
        let words = schema.get("enum").map(Node::items).unwrap_or_default();
        let example = schema.get("example").or_else(|| schema.get("default"));
        Field {
            name: name.to_owned(),
            kind: self.kind(schema),
            is_required: false,
            about: Prose::read(schema.text("description")),
            words: words.iter().map(|word| word.plain().to_owned()).collect(),
            example: example.map(Node::plain).unwrap_or_default().to_owned(),
        }
    }

    /// The type in words: `string or null`, `integer, 1 to 100`.
    fn kind(&self, schema: &Node) -> String {
        let choices = schema.get("oneOf").map(Node::items).unwrap_or_default();
        let mut kinds: Vec<&str> = choices
            .iter()
            .map(|choice| self.resolved(choice).text("type"))
            .collect();
        if kinds.is_empty() {
            kinds.push(schema.text("type"));
        }
        kinds.dedup();
        let mut kind = kinds.join(" or ");
        if schema.is("nullable") {
            kind.push_str(" or null");
        }
        let (min, max) = (schema.text("minimum"), schema.text("maximum"));
        match (min, max, schema.text("maxLength")) {
            ("", "", "") => {}
            (_, _, length) if !length.is_empty() => kind.push_str(&format!(", at most {length} characters")),
            (min, "", _) => kind.push_str(&format!(", from {min}")),
            (min, max, _) => kind.push_str(&format!(", {min} to {max}")),
        }
        kind
    }

    /// An example of a value: its own, else made of those of its fields.
    fn example(&self, schema: &Node, depth_left: usize) -> Node {
        let null = || Node::Word("null".to_owned());
        let Some(depth_left) = depth_left.checked_sub(1) else {
            return null();
        };
        let schema = self.resolved(schema);
        if let Some(own) = schema.get("example") {
            return own.clone();
        }
        if let [first, ..] = schema.get("oneOf").map(Node::items).unwrap_or_default() {
            return self.example(first, depth_left);
        }
        if let [first, ..] = schema.get("enum").map(Node::items).unwrap_or_default() {
            return first.clone();
        }
        if let Some(items) = schema.get("items") {
            return Node::List(vec![self.example(items, depth_left)]);
        }
        let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
        if !properties.is_empty() {
            let shown = properties.iter();
            let entries = shown.map(|(name, property)| (name.clone(), self.example(property, depth_left)));
            return Node::Object(entries.collect());
        }
        match (schema.get("additionalProperties"), schema.text("type")) {
            (Some(any), "object") if !any.entries().is_empty() => {
                Node::Object(vec![("USDT-TRC20".to_owned(), self.example(any, depth_left))])
            }
            (_, "object") => Node::Object(Vec::new()),
            (_, "string") if !schema.is("nullable") => Node::Text("...".to_owned()),
            _ => null(),
        }
    }
}

/// The schema of a body in JSON.
fn content(body: &Node) -> Option<&Node> {
    body.get("content")?.get("application/json")?.get("schema")
}
