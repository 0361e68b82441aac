//! `payd systemd`: a unit that runs this program, shut off from all it does not need.

use std::path::Path;

use anyhow::Context as _;
use serde_json::json;

use super::output::Output;

/// Runs the command.
///
/// # Errors
/// When the path of this program cannot be found out.
pub fn run() -> anyhow::Result<Output> {
    let program = std::env::current_exe().context("cannot find out where this program is")?;
    let unit = unit(&program)?;
    let output = Output::new(unit.clone(), json!({ "unit": unit }));
    let is_hidden = ["/home", "/root", "/tmp", "/var/tmp"]
        .iter()
        .any(|hidden| program.starts_with(hidden));
    Ok(if is_hidden {
        output.warn(format!(
            "the service may not look into {}: install the program first, such as with \
             `sudo install -m 755 {} /usr/local/bin/payd`, then run `/usr/local/bin/payd systemd`",
            program.parent().unwrap_or(&program).display(),
            program.display()
        ))
    } else {
        output
    })
}

fn unit(program: &Path) -> anyhow::Result<String> {
    let program = program
        .to_str()
        .context("the path of this program is not text (UTF-8)")?;
    Ok(TEMPLATE.replace("PROGRAM", &escaped(program)))
}

/// A path as systemd takes it in `ExecStart=`: quoted, specifiers and variables switched off.
fn escaped(path: &str) -> String {
    let text = path.replace('%', "%%");
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/-_.%+".contains(character);
    if text.chars().all(is_plain) {
        text
    } else {
        format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
    }
}

const TEMPLATE: &str = "\
# Install:
#   sudo useradd --system --home-dir /var/lib/payd --shell /usr/sbin/nologin payd
#   sudo PROGRAM systemd | sudo tee /etc/systemd/system/payd.service
#   sudo systemctl daemon-reload && sudo systemctl enable --now payd
# Commands beside it:
#   sudo -u payd PROGRAM --data-dir /var/lib/payd payment list
# A configuration file, when there is one, is passed with --config in ExecStart.

[Unit]
Description=payd payment daemon
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=notify
ExecStart=PROGRAM serve --data-dir /var/lib/payd
User=payd
Group=payd
StateDirectory=payd
StateDirectoryMode=0700
UMask=0077
Restart=always
RestartSec=2
TimeoutStopSec=60
LimitNOFILE=65536

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_starts_this_program_and_nothing_it_could_be_mistaken_for() {
        let plain = unit(Path::new("/usr/local/bin/payd")).unwrap();
        assert!(plain.contains("\nExecStart=/usr/local/bin/payd serve --data-dir /var/lib/payd\n"));
        assert!(!plain.contains("PROGRAM"));
        let odd = unit(Path::new("/opt/my \"100%\"/payd")).unwrap();
        assert!(odd.contains("\nExecStart=\"/opt/my \\\"100%%\\\"/payd\" serve "));
    }
}
