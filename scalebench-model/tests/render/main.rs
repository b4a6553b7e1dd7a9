//! The renderers, drawn from reports that a small builder makes.

mod fixture;
mod pages;
mod terminal;
