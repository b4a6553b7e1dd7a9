//! `docs/reliability.md` and the suite tell the same.

use crate::benchmark::ROWS;

#[test]
fn every_fault_of_a_benchmark_has_a_row() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reliability.md");
    let text = std::fs::read_to_string(path).expect("the page");
    let named: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .filter(|name| !name.contains(' '))
        .collect();
    for row in &ROWS {
        let name = row.name.rsplit("::").next().unwrap_or(row.name);
        assert!(named.contains(&name), "no row for `{name}`");
    }
    for name in named {
        let known = ROWS
            .iter()
            .any(|row| row.name.rsplit("::").next() == Some(name));
        assert!(known, "the row `{name}` is of no fault");
    }
}
