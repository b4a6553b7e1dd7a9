//! Where workers run, when not here: `--launcher`, `--hosts`, `--remote-program`, `--on-host-loss`.

use std::path::PathBuf;

use super::values::one_of;
use super::{UsageError, usage};

/// What stands for the host in the words of a launcher.
const HOST: &str = "{host}";

/// What becomes of a run that loses a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnHostLoss {
    /// It ends, and what was not complete has failed.
    #[default]
    Fail,
    /// It goes on with the hosts that are left.
    Continue,
}

/// Where workers run, when not here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Remote {
    /// The words of the command that starts a program on `{host}`; none: workers run here.
    launcher: Vec<String>,
    /// The hosts, in the order in which launches take turns.
    pub(crate) hosts: Vec<String>,
    /// Where this program is on the hosts; `None`: at the same path as here.
    pub(crate) program: Option<PathBuf>,
    pub(crate) on_loss: OnHostLoss,
}

impl Remote {
    /// Whether workers are started by a launcher.
    pub(crate) fn is_asked_for(&self) -> bool {
        !self.launcher.is_empty()
    }

    /// The words of the command that starts a program on `host`.
    pub(crate) fn command(&self, host: &str) -> Vec<String> {
        let words = self.launcher.iter();
        words.map(|word| word.replace(HOST, host)).collect()
    }

    /// Sets what the flag `name` says. Returns whether it is one of these.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<bool, UsageError> {
        match name {
            "launcher" => self.launcher = words(value)?,
            "hosts" => add_hosts(&mut self.hosts, value)?,
            "remote-program" if value.is_empty() => {
                return usage("`--remote-program` takes a path");
            }
            "remote-program" => self.program = Some(value.into()),
            "on-host-loss" => {
                let choices = [
                    ("fail", OnHostLoss::Fail),
                    ("continue", OnHostLoss::Continue),
                ];
                self.on_loss = one_of(name, value, &choices)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Checks that launcher and hosts fit each other.
    pub(super) fn complete(&mut self, in_process: bool) -> Result<(), UsageError> {
        let names_host = self.launcher.iter().any(|word| word.contains(HOST));
        match (self.launcher.first(), self.hosts.len()) {
            (None, 0) if self.program.is_none() => Ok(()),
            (None, _) => usage(
                "`--hosts` and `--remote-program` need `--launcher`, which says how a program is started on a host, \
                 such as --launcher 'ssh {host}'",
            ),
            (Some(_), _) if in_process => {
                usage("`--in-process` measures in this process; it does not go with `--launcher`")
            }
            (Some(_), 0) if names_host => {
                usage("`--launcher` names {host}, so say which: `--hosts a,b`")
            }
            (Some(launcher), 0) => {
                self.hosts = vec![launcher.rsplit('/').next().unwrap_or(launcher).to_owned()];
                Ok(())
            }
            (Some(_), 2..) if !names_host => usage(
                "`--launcher` starts every host's workers alike; write {host} where the host belongs",
            ),
            _ => Ok(()),
        }
    }
}

/// Names of hosts, divided by commas; one that is there already is not added again.
fn add_hosts(hosts: &mut Vec<String>, value: &str) -> Result<(), UsageError> {
    for host in value.split(',').map(str::trim) {
        // A host such as `-oProxyCommand=...` would be a flag of the launcher.
        let odd = |c: char| c.is_control() || c.is_whitespace();
        if host.is_empty() || host.starts_with('-') || host.contains(odd) {
            return usage(format!(
                "`--hosts` takes names such as a,b,c, not `{value}`"
            ));
        }
        if !hosts.iter().any(|known| known == host) {
            hosts.push(host.to_owned());
        }
    }
    Ok(())
}

/// Splits a command into words as a shell does: at blanks, with 'single' and "double" quotes and `\`. Nothing else is
/// special, since no shell runs it.
fn words(command: &str) -> Result<Vec<String>, UsageError> {
    let problem = |what: &str| {
        usage(format!(
            "`--launcher` takes a command such as 'ssh {{host}}', but `{command}` {what}"
        ))
    };
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => match letters.next() {
                Some(escaped) => word.get_or_insert_default().push(escaped),
                None => return problem("ends in `\\`"),
            },
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, '\0') => return problem("holds a zero byte"),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if let Some(open) = quote {
        return problem(&format!("opens a quote with {open} that never closes"));
    }
    words.extend(word);
    match words.first() {
        Some(program) if !program.is_empty() && program != HOST => Ok(words),
        _ => problem("names no program"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_by_a_shell() {
        let split = |text| words(text).expect("a command");
        assert_eq!(split("ssh {host}"), ["ssh", "{host}"]);
        assert_eq!(
            split(r#"ip  netns exec 'a b' "c \"d\" '" e\ f '' g"h"i"#),
            ["ip", "netns", "exec", "a b", "c \"d\" '", "e f", "", "ghi"]
        );
        for text in [
            "",
            "  ",
            "'",
            "ssh \"{host}",
            "ssh \\",
            "{host}",
            "''",
            "a\0",
        ] {
            assert!(words(text).is_err(), "{text:?}");
        }
    }

    fn remote(flags: &[(&str, &str)]) -> Result<Remote, String> {
        let mut remote = Remote::default();
        for (name, value) in flags {
            let known = remote.set(name, value).map_err(|error| error.to_string())?;
            assert!(known, "{name}");
        }
        let complete = remote.complete(false);
        complete.map_err(|error| error.to_string()).map(|()| remote)
    }

    #[test]
    fn hosts_and_launcher_must_fit() {
        for (flags, part) in [
            (&[("hosts", "a")][..], "need `--launcher`"),
            (&[("remote-program", "/x")], "need `--launcher`"),
            (&[("launcher", "ssh {host}")], "`--hosts a,b`"),
            (&[("launcher", "sh"), ("hosts", "a,b")], "write {host}"),
            (&[("launcher", "ssh {host}"), ("hosts", "a,,b")], "names"),
            (&[("launcher", "ssh {host}"), ("hosts", "-oX=y")], "names"),
            (&[("on-host-loss", "cry")], "fail or continue"),
        ] {
            let error = remote(flags).expect_err("refused");
            assert!(error.contains(part), "{flags:?}: {error}");
        }
        assert!(Remote::default().complete(true).is_ok());
    }

    #[test]
    fn the_host_takes_its_place_in_every_word() {
        let remote = remote(&[
            ("launcher", "run {host} --name=w-{host}"),
            ("hosts", "a, b,a"),
        ]);
        let remote = remote.expect("fits");
        assert_eq!(remote.hosts, ["a", "b"]);
        assert_eq!(remote.command("b"), ["run", "b", "--name=w-b"]);
    }

    #[test]
    fn a_launcher_without_a_host_is_one_by_itself() {
        let remote = remote(&[("launcher", "/usr/bin/mpirun -n 1")]).expect("fits");
        assert_eq!(remote.hosts, ["mpirun"]);
    }
}
