//! Part of scalebench.
