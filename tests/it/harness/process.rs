//! Child processes that do not outlive their test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use super::wait_until;

/// A running child whose output goes to files; killed by its process id when dropped.
pub struct Process {
    name: String,
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Process {
    /// Starts `command`, its output going to `NAME.stdout` and `NAME.stderr` in `dir`.
    pub fn start(name: &str, mut command: Command, dir: &Path) -> Self {
        let stdout = dir.join(format!("{name}.stdout"));
        let stderr = dir.join(format!("{name}.stderr"));
        let append = |path: &Path| {
            File::options()
                .create(true)
                .append(true)
                .open(path)
                .expect("a log file")
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(append(&stdout))
            .stderr(append(&stderr))
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{name} does not start ({error}); `tests/run` installs what the tests need")
            });
        Self {
            name: name.to_owned(),
            child,
            stdout,
            stderr,
        }
    }

    /// What it has written to standard output so far.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.stdout).unwrap_or_default()).into_owned()
    }

    /// What it has written to standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.stderr).unwrap_or_default()).into_owned()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child's state")
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        if self.ended().is_none() {
            // The shell's own `kill`: a signal needs unsafe code or a crate otherwise.
            let sent = Command::new("sh")
                .args(["-c", &format!("kill -TERM {}", self.id())])
                .status();
            assert!(
                sent.expect("a shell").success(),
                "no SIGTERM could be sent to {}",
                self.name
            );
        }
        self.wait().await
    }

    /// Waits until it ends by itself.
    pub async fn wait(&mut self) -> ExitStatus {
        let what = format!("the end of {}", self.name);
        let child = std::cell::RefCell::new(&mut self.child);
        wait_until(&what, || async {
            child.borrow_mut().try_wait().expect("a child's state")
        })
        .await
    }

    /// Ends it at once (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        // Fails only for a child that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            for (stream, text) in [("stdout", self.stdout()), ("stderr", self.stderr())] {
                eprintln!(
                    "--- {} {stream} (the last lines)\n{}",
                    self.name,
                    last_lines(&text, 60)
                );
            }
        }
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
