//! What this machine was seen to vary by, from `cargo scalebench calibrate`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::files::{LARGEST, read_file, write_atomic};
use crate::{Home, StoreError};

/// The machine's own noise: 95 of 100 comparisons of unchanged code stay within, as shares (0.01 is 1 %).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Noise {
    /// Of performance.
    pub performance: f64,
    /// Of scalability.
    pub scalability: f64,
    /// How many comparisons it was seen in.
    #[serde(default)]
    pub comparisons: u32,
}

impl Home {
    /// The noise of this machine; none where it was never measured or the file cannot be used.
    #[must_use]
    pub fn noise(&self) -> Noise {
        let read = read_file(&self.folder().join("noise.json"), LARGEST).ok();
        read.and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps the noise of this machine; it becomes the least change that counts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_noise(&self, noise: Noise) -> Result<PathBuf, StoreError> {
        let path = self.folder().join("noise.json");
        self.check_place(&path)?;
        let text =
            serde_json::to_string(&noise).map_err(|error| StoreError::understand(&path, error))?;
        write_atomic(&path, text.as_bytes())?;
        Ok(path)
    }
}
