//! How a command ends when it does not end well.

use crate::screen::tell;
use std::fmt;
use std::process::ExitCode;

use scalebench_store::StoreError;

/// Why a command failed; decides the exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line or its input makes no sense: 2.
    Usage(String),
    /// The gate found a regression, or an expectation failed; what it is has been said: 1.
    Gate,
    /// A benchmark failed or could not be built: 3.
    Broken(String),
    /// Something could not be read or written: 4.
    Files(String),
    /// The user asked for an end: 130.
    Interrupted,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    pub(crate) fn files(message: impl Into<String>) -> Self {
        Self::Files(message.into())
    }

    pub(crate) fn broken(message: impl Into<String>) -> Self {
        Self::Broken(message.into())
    }

    /// Prints the reason and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        tell(self);
        ExitCode::from(self.code())
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Gate => 1,
            Self::Usage(_) => 2,
            Self::Broken(_) => 3,
            Self::Files(_) => 4,
            Self::Interrupted => 130,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Broken(message) | Self::Files(message) => {
                f.write_str(message)
            }
            Self::Gate => f.write_str("the gate failed"),
            Self::Interrupted => f.write_str("interrupted"),
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
