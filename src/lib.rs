//! The facade of scalebench.
