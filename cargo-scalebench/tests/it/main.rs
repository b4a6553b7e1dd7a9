//! The subcommand from outside: what it prints and how it exits.

mod agreement;
mod analyze;
mod compare;
mod import;
mod init;
