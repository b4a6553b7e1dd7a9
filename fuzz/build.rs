//! Lets the targets include modules of crates that offer no library: the macro's parser and the readers of the subcommand.

use std::path::Path;

/// Declares the modules that `list` declares, under their place in `folder`. All where `only` is empty.
fn modules(list: &Path, folder: &Path, only: &[&str]) -> String {
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
    out
}

fn write(name: &str, declarations: &str) {
    let target = std::env::var_os("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&target).join(name), declarations).expect("writable");
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the repository");
    let macros = root.join("scalebench-macros/src");
    write("macros.rs", &modules(&macros.join("lib.rs"), &macros, &[]));
    let command = root.join("cargo-scalebench/src");
    let analyze = command.join("analyze");
    let readers = ["assemble", "header", "input", "reader", "rows"];
    write(
        "analyze.rs",
        &modules(&analyze.join("mod.rs"), &analyze, &readers),
    );
    let import = command.join("import");
    let readers = ["criterion", "google", "jmh", "options", "pattern", "record"];
    let around = ["child", "exit", "screen", "target"];
    let import = modules(&import.join("mod.rs"), &import, &readers);
    let around = modules(&command.join("main.rs"), &command, &around);
    write("import.rs", &(import + &around));
}
