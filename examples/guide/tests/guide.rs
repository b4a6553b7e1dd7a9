//! docs/guide.md says what the benchmarks say.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text without indentation and empty lines.
fn flat(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every benchmark file by its target's name.
fn benches() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let entries = fs::read_dir(folder).expect("the folder of benches");
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("readable");
            (name.into_owned(), text)
        })
        .collect()
}

#[test]
fn every_piece_of_code_stands_in_a_benchmark() {
    let guide = read("../../docs/guide.md");
    let all: Vec<String> = benches().iter().map(|(_, text)| flat(text)).collect();
    let pieces: Vec<&str> = guide.split("```rust\n").skip(1).collect();
    assert!(pieces.len() >= 7, "a piece of each chapter");
    for piece in pieces {
        let code = flat(piece.split("```").next().expect("code"));
        let found = all.iter().any(|text| text.contains(&code));
        assert!(found, "no file in examples/guide/benches has\n{code}");
    }
}

#[test]
fn every_benchmark_file_has_its_place_in_the_guide() {
    let guide = read("../../docs/guide.md");
    for (name, _) in benches() {
        assert!(guide.contains(&format!("--bench {name}")), "{name}");
    }
}

#[test]
fn every_sample_of_the_table_exists() {
    let guide = read("../../docs/guide.md");
    let samples = read("benches/jmh.rs");
    let modules: Vec<&str> = samples
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.split([' ', ';']).next())
        .filter(|name| name.starts_with("sample_"))
        .collect();
    assert!(modules.len() >= 8, "{modules:?}");
    for module in &modules {
        assert!(guide.contains(&format!("`{module}`")), "{module}");
    }
    for named in guide.split("`sample_").skip(1) {
        let name = format!("sample_{}", named.split('`').next().expect("a name"));
        assert!(modules.contains(&name.as_str()), "{name}");
    }
}
