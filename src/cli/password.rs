//! How a command comes by somebody's password: from standard input, typed twice on a terminal, or made by payd. Never from
//! its arguments, which every user of the machine can read.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use anyhow::{Context as _, bail};
use console::Term;

use super::args::user::PasswordOptions;
use crate::ambient::Random;
use crate::domain::user::PASSWORD_BYTES_MAX;
use crate::engine::office::passwords::{self, Password};

/// A password, and its text when payd made it: to be shown once.
pub struct Given {
    /// The password.
    pub password: Password,
    /// What it is, where nobody knows it yet.
    pub made: Option<String>,
}

/// Asks for the password of `name`, reads it or makes it.
///
/// # Errors
/// When it cannot be read, or is typed differently the second time.
pub fn given(options: &PasswordOptions, name: &str, random: &dyn Random) -> anyhow::Result<Given> {
    if options.password_stdin {
        return Ok(Given {
            password: read_line()?,
            made: None,
        });
    }
    let terminal = Term::stderr();
    if std::io::stdin().is_terminal() && terminal.is_term() {
        return Ok(Given {
            password: ask_twice(&terminal, name)?,
            made: None,
        });
    }
    let made = passwords::make(random)?;
    Ok(Given {
        password: Password::new(made.clone()),
        made: Some(made),
    })
}

fn read_line() -> anyhow::Result<Password> {
    let mut line = String::new();
    // Longer ones are refused; a byte more is read to know it.
    let bytes_max = u64::try_from(PASSWORD_BYTES_MAX)
        .unwrap_or(u64::MAX)
        .saturating_add(3);
    std::io::stdin()
        .lock()
        .take(bytes_max)
        .read_line(&mut line)
        .context("cannot read the password from standard input")?;
    let typed = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Password::new(typed.strip_suffix('\r').unwrap_or(typed)))
}

fn ask_twice(terminal: &Term, name: &str) -> anyhow::Result<Password> {
    let ask = |question: String| -> anyhow::Result<String> {
        terminal.write_str(&question)?;
        Ok(terminal.read_secure_line()?)
    };
    let first = ask(format!("Password of {name}: ")).context("cannot ask for the password")?;
    let again = ask("The same again: ".to_owned()).context("cannot ask for the password")?;
    if first != again {
        bail!("the two passwords are not the same; nothing was changed");
    }
    Ok(Password::new(first))
}
