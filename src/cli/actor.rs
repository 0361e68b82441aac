//! Who calls a command, for the audit log: the name of the operating system's user.

use std::os::unix::fs::MetadataExt as _;

/// Longer than a user name may be.
const NAME_MAX: usize = 64;

/// The caller, as the audit log names them: `cli:ann`, or `cli:root (sudo by ann)`.
#[must_use]
pub fn actor() -> String {
    // The directory of a process belongs to the user it runs as; variables such as USER can say anything.
    let user = match std::fs::metadata("/proc/self") {
        Ok(own) => name_of(own.uid()).unwrap_or_else(|| format!("uid {}", own.uid())),
        Err(_) => "unknown".to_owned(),
    };
    let by = std::env::var("SUDO_USER")
        .ok()
        .filter(|by| is_name(by) && *by != user);
    match by {
        Some(by) => format!("cli:{user} (sudo by {by})"),
        None => format!("cli:{user}"),
    }
}

fn name_of(uid: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    named(&users, uid)
}

/// The name of a user in the table of users: `name:password:uid:...`.
fn named(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let number = fields.nth(1)?;
        (number.parse() == Ok(uid) && is_name(name)).then(|| name.to_owned())
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= NAME_MAX && text.chars().all(|char| char.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_by_the_table_of_users() {
        let users = "root:x:0:0:root:/root:/bin/bash\nbroken\nann:x:1000:1000::/home/ann:/bin/sh\n";
        assert_eq!(named(users, 1000).as_deref(), Some("ann"));
        assert_eq!(named(users, 0).as_deref(), Some("root"));
        assert_eq!(named(users, 7), None);
        assert!(actor().starts_with("cli:"));
    }
}
