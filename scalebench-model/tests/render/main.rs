//! The renderers, drawn from reports that a small builder makes.
//!
//! Snapshots are written anew with `INSTA_UPDATE=always cargo test -p scalebench-model --test render`.

mod exchange;
mod expectations;
mod fixture;
mod grid;
mod load;
mod markdown;
mod neutral;
mod page;
mod pages;
mod reference;
mod robust;
mod tasks;
mod terminal;
