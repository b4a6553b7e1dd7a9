//! How a command ends when it does not end well.

use std::fmt;
use std::process::ExitCode;

use scalebench_store::StoreError;

/// Why a command failed; decides the exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line or its input makes no sense: 2.
    Usage(String),
    /// Something could not be read or written: 4.
    Files(String),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    pub(crate) fn files(message: impl Into<String>) -> Self {
        Self::Files(message.into())
    }

    /// Prints the reason and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("cargo scalebench: {self}");
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Files(_) => ExitCode::from(4),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Files(message) => f.write_str(message),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::files(error.to_string())
    }
}
