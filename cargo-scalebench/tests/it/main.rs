//! The subcommand from outside: what it prints and how it exits.

mod agreement;
mod analyze;
mod compare;
mod history;
mod import;
mod init;
