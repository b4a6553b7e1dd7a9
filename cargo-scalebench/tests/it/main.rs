//! The subcommand from outside: what it prints and how it exits.

mod agreement;
mod analyze;
mod compare;
mod curves;
mod history;
mod import;
mod init;
