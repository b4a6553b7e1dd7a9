//! The text of values: what can be displayed displays itself, anything else reads as it was written.

use std::ops::Range;

use scalebench::scale_bench;

#[derive(Clone)]
enum Kind {
    Small,
    Large(u8),
}

const BIG: usize = 1024;

#[scale_bench(types = [Vec<Option<u8>>], consts = [BIG])]
fn bench<T, const N: usize>(
    #[values(16, BIG, 2..4, 8..=9, 1 << 5)] _size: usize,
    #[values("a b", "c")] _text: &str,
    #[values(Kind::Small, Kind::Large(3))] _kind: Kind,
    #[values((0..3), (1..2))] _range: Range<u32>,
    #[values(true)] _flag: bool,
    #[values(0.5)] _share: f64,
    #[values(&[1, 2])] _keys: &[u64],
    #[values(&Kind::Small)] _by_reference: &Kind,
) {
}

fn main() {
    let entry = &scalebench::__private::ENTRIES[0];
    let texts: Vec<(&str, Vec<String>)> = entry
        .values
        .iter()
        .map(|parameter| (parameter.name, (parameter.values)()))
        .collect();
    let expected: [(&str, &[&str]); 10] = [
        ("T", &["Vec<Option<u8>>"]),
        ("N", &["1024"]),
        ("_size", &["16", "1024", "2", "3", "8", "9", "32"]),
        ("_text", &["a b", "c"]),
        ("_kind", &["Kind::Small", "Kind::Large(3)"]),
        ("_range", &["0..3", "1..2"]),
        ("_flag", &["true"]),
        ("_share", &["0.5"]),
        ("_keys", &["&[1, 2]"]),
        ("_by_reference", &["&Kind::Small"]),
    ];
    assert_eq!(texts.len(), expected.len());
    for ((name, values), (expected_name, expected_values)) in texts.iter().zip(expected) {
        assert_eq!(
            (*name, values.as_slice()),
            (expected_name, to_strings(expected_values).as_slice())
        );
    }
}

fn to_strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
