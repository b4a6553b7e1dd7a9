//! Verdicts that never blame a speed-up, and never praise a slow-down.

mod estimators;
mod few_launches;
mod neighbours;
mod stories;
mod table;
