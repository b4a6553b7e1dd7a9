//! What this machine was seen to vary by, from `cargo scalebench calibrate`.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::files::{read_file, write_atomic};
use crate::{Home, StoreError};

/// No machine is as noisy as this, as a share.
const MOST: f64 = 10.0;

/// What is longer is no such file, bytes.
const MOST_BYTES: u64 = 4096;

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
    /// The noise of this machine, none where it was never measured; and a sentence where the file cannot be used.
    #[must_use]
    pub fn noise(&self) -> (Noise, Option<String>) {
        self.read_noise().map_or_else(
            |problem| {
                let note = format!(
                    "What this machine varies by is not known: {problem}. Changes count from the usual size on; \
                     `cargo scalebench calibrate` finds it out anew."
                );
                (Noise::default(), Some(note))
            },
            |noise| (noise, None),
        )
    }

    fn read_noise(&self) -> Result<Noise, StoreError> {
        let path = self.noise_file();
        if fs::symlink_metadata(&path).is_err() {
            return Ok(Noise::default());
        }
        let text = read_file(&path, MOST_BYTES).map_err(|error| StoreError::read(&path, error))?;
        let noise: Noise = serde_json::from_slice(&text)
            .map_err(|error| StoreError::understand(&path, format!("it is damaged ({error})")))?;
        let shares = [noise.performance, noise.scalability];
        match shares.iter().find(|share| !(0.0..=MOST).contains(*share)) {
            Some(share) => {
                let problem = format!("it is damaged ({share} is no share)");
                Err(StoreError::understand(&path, problem))
            }
            None => Ok(noise),
        }
    }

    fn noise_file(&self) -> PathBuf {
        self.folder().join("noise.json")
    }

    /// Keeps the noise of this machine; it becomes the least change that counts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_noise(&self, noise: Noise) -> Result<PathBuf, StoreError> {
        let path = self.noise_file();
        self.check_place(&path)?;
        let text =
            serde_json::to_string(&noise).map_err(|error| StoreError::understand(&path, error))?;
        write_atomic(&path, text.as_bytes())?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        (folder, home)
    }

    #[test]
    fn what_was_kept_is_found_again() {
        let (_folder, home) = home();
        assert_eq!(home.read_noise().expect("none"), Noise::default());
        let noise = Noise {
            performance: 0.02,
            scalability: 0.03,
            comparisons: 40,
        };
        home.save_noise(noise).expect("writable");
        assert_eq!(home.read_noise().expect("readable"), noise);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let (_folder, home) = home();
        let long = format!("{{\"performance\":0{}", " ".repeat(10_000));
        let damaged = [
            "",
            "{",
            "[]",
            "{\"performance\":-1,\"scalability\":0}",
            "{\"performance\":0,\"scalability\":1e300}",
            "{\"performance\":null,\"scalability\":0}",
            &long,
        ];
        for text in damaged {
            fs::write(home.noise_file(), text).expect("writable");
            let problem = home.read_noise().expect_err(text);
            assert_eq!(problem.path(), home.noise_file());
        }
        fs::remove_file(home.noise_file()).expect("it is there");
        fs::create_dir(home.noise_file()).expect("writable");
        assert!(home.read_noise().is_err());
        assert!(matches!(home.noise(), (none, Some(_)) if none == Noise::default()));
    }
}
