//! Lets the targets include modules of crates that offer no library: the macro's parser and the reader of CSV files.

use std::path::Path;

/// Declares the modules that `list` declares, under their place in `folder`.
fn modules(list: &Path, folder: &Path, only: &[&str], name: &str) {
    println!("cargo::rerun-if-changed={}", list.display());
    let text = std::fs::read_to_string(list).expect("the sources lie beside this folder");
    let mut out = String::new();
    for module in text
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
    {
        let one = folder.join(format!("{module}.rs"));
        let many = folder.join(module).join("mod.rs");
        let file = if one.exists() { one } else { many };
        if file.exists() && (only.is_empty() || only.contains(&module)) {
            out.push_str(&format!("#[path = {file:?}]\nmod {module};\n"));
        }
    }
    let target = std::env::var_os("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&target).join(name), out).expect("writable");
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the repository");
    let macros = root.join("scalebench-macros/src");
    modules(&macros.join("lib.rs"), &macros, &[], "macros.rs");
    let analyze = root.join("cargo-scalebench/src/analyze");
    let only = ["assemble", "header", "input", "reader", "rows"];
    modules(&analyze.join("mod.rs"), &analyze, &only, "analyze.rs");
}
