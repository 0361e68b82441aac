//! Reads Rust source as far as the floors test needs: words and signs without comments and texts, and the paths that
//! the words make.

/// A word or a sign of the source. A text, a comment and white space is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// An identifier, a keyword, or a number with its suffix.
    Word(String),
    /// `::`, which alone of the longer signs matters here.
    PathSep,
    /// Any other character.
    Sign(char),
}

/// A path into the crate, from its root: `crate::store::Row` is `["store", "Row"]`. A glob ends in `*`.
pub type CratePath = Vec<String>;

/// The tokens of `source`.
pub fn tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&here) = text.get(at) {
        let next = text.get(at + 1).copied();
        if let Some(end) = end_of_comment_or_text(&text, at) {
            at = end;
        } else if here.is_alphanumeric() || here == '_' {
            let end = end_of_word(&text, at);
            found.push(Token::Word(text[at..end].iter().collect()));
            at = end;
        } else if here == ':' && next == Some(':') {
            found.push(Token::PathSep);
            at += 2;
        } else {
            if !here.is_whitespace() {
                found.push(Token::Sign(here));
            }
            at += 1;
        }
    }
    found
}

/// Where the comment, text, byte string or character that begins at `at` ends; nothing where none begins.
fn end_of_comment_or_text(text: &[char], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let starts = |prefix: &str| prefix.chars().enumerate().all(|(i, c)| rest.get(i) == Some(&c));
    if starts("//") {
        return Some(at + rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()));
    }
    if starts("/*") {
        return Some(at + end_of_block_comment(rest));
    }
    let is_word_before = at > 0 && (text[at - 1].is_alphanumeric() || text[at - 1] == '_');
    if !is_word_before {
        let prefix = ["br", "cr", "r"].into_iter().find(|prefix| {
            let mut after = rest.iter().skip(prefix.len()).skip_while(|&&c| c == '#');
            starts(prefix) && after.next() == Some(&'"')
        });
        if let Some(prefix) = prefix {
            return Some(at + prefix.len() + end_of_raw_text(&rest[prefix.len()..]));
        }
    }
    if starts("\"") {
        return Some(at + end_of_quoted(rest, '"'));
    }
    // `'a'` and `'\n'` are characters, `'a` is a lifetime.
    let is_character = starts("'\\") || (starts("'") && rest.get(2) == Some(&'\''));
    is_character.then(|| at + end_of_quoted(rest, '\''))
}

fn end_of_quoted(rest: &[char], quote: char) -> usize {
    let mut end = 1;
    while end < rest.len() && rest[end] != quote {
        end += if rest[end] == '\\' { 2 } else { 1 };
    }
    (end + 1).min(rest.len())
}

fn end_of_raw_text(rest: &[char]) -> usize {
    let hashes = rest.iter().take_while(|&&c| c == '#').count();
    let mut end = hashes + 1;
    while end < rest.len() {
        let closes =
            rest[end] == '"' && rest[end + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes;
        if closes {
            return end + 1 + hashes;
        }
        end += 1;
    }
    rest.len()
}

fn end_of_block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut end = 0;
    while end < rest.len() {
        match (rest[end], rest.get(end + 1)) {
            ('/', Some('*')) => (depth, end) = (depth + 1, end + 2),
            ('*', Some('/')) => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
        if depth == 0 {
            return end;
        }
    }
    rest.len()
}

fn end_of_word(text: &[char], at: usize) -> usize {
    let length = text[at..]
        .iter()
        .take_while(|c| c.is_alphanumeric() || **c == '_')
        .count();
    at + length
}

/// The paths in a file's tokens that begin with `crate`, `self` or `super`, taken from the root of the crate.
/// `module` is where the file stands: `["chain", "evm"]` for `src/chain/evm/mod.rs`.
pub fn crate_paths(tokens: &[Token], module: &[String]) -> Vec<CratePath> {
    let mut found = Vec::new();
    // The modules written out in the file, each with the depth of braces at which it ends.
    let mut inner: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('{') => {
                if let [.., Token::Word(keyword), Token::Word(name)] = &tokens[..at]
                    && keyword == "mod"
                {
                    inner.push((name.clone(), depth));
                }
                depth += 1;
            }
            Token::Sign('}') => {
                depth = depth.saturating_sub(1);
                inner.retain(|(_, ends_at)| *ends_at < depth);
            }
            Token::Word(word) if begins_path(tokens, at) => {
                let here = module
                    .iter()
                    .cloned()
                    .chain(inner.iter().map(|(name, _)| name.clone()));
                let (start, after) = match word.as_str() {
                    "crate" => (Vec::new(), at + 1),
                    "self" => (here.collect(), at + 1),
                    "super" => climb(tokens, at, here.collect()),
                    _ => continue,
                };
                if tokens.get(after) == Some(&Token::PathSep) {
                    read_tree(tokens, after + 1, &start, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether the word at `at` is not the inner part of a path.
fn begins_path(tokens: &[Token], at: usize) -> bool {
    at == 0 || tokens[at - 1] != Token::PathSep
}

/// Follows `super::super`: the module it leads to, and the place behind it.
fn climb(tokens: &[Token], mut at: usize, mut module: Vec<String>) -> (Vec<String>, usize) {
    loop {
        module.pop();
        match &tokens[at + 1..] {
            [Token::PathSep, Token::Word(next), ..] if next == "super" => at += 2,
            _ => return (module, at + 1),
        }
    }
}

/// Reads the path or the group of paths at `at`, each with `prefix` before it; gives the place behind it.
fn read_tree(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<CratePath>) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens.get(at) {
            Some(Token::Word(word)) => {
                if word != "self" {
                    path.push(word.clone());
                }
                at += 1;
                if tokens.get(at) != Some(&Token::PathSep) {
                    found.push(path);
                    return at;
                }
                at += 1;
            }
            Some(Token::Sign('{')) => {
                at += 1;
                while !matches!(tokens.get(at), None | Some(Token::Sign('}'))) {
                    // What is no path here is a comma, or `as` with its name, which reads as a path of one word.
                    at = match &tokens[at] {
                        Token::Word(word) if word == "as" => at + 2,
                        Token::Word(_) => read_tree(tokens, at, &path, found),
                        Token::Sign('*') => {
                            found.push([path.as_slice(), &["*".to_owned()]].concat());
                            at + 1
                        }
                        _ => at + 1,
                    };
                }
                return at + 1;
            }
            Some(Token::Sign('*')) => {
                path.push("*".to_owned());
                found.push(path);
                return at + 1;
            }
            // `crate::a::<T>` and the like: the path ends here.
            _ => {
                found.push(path);
                return at;
            }
        }
    }
}

/// Whether `name` stands where it can only be another crate: at the head of a path, or alone after `use`.
pub fn names_crate(tokens: &[Token], name: &str) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        if !matches!(token, Token::Word(word) if word == name) {
            return false;
        }
        let before = |back: usize| at.checked_sub(back).map(|at| &tokens[at]);
        // `::name` is a crate where no word or closing bracket comes before the sign.
        let is_head = before(1) != Some(&Token::PathSep)
            || !matches!(before(2), Some(Token::Word(_) | Token::Sign('>')));
        let is_imported = matches!(before(1), Some(Token::Word(word)) if word == "use" || word == "crate");
        is_head && (tokens.get(at + 1) == Some(&Token::PathSep) || is_imported)
    })
}
