//! Reads the reference figures.

use std::collections::BTreeMap;

use scalebench_model::laws::Observed;

/// One line of a fixture: values by column name.
pub(crate) type Line = BTreeMap<String, String>;

/// The lines of a fixture with a header.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let line = |line: &str| {
        let values: Vec<&str> = line.split(',').collect();
        assert_eq!(values.len(), header.len(), "{line}");
        let pairs = header.iter().zip(values);
        pairs
            .map(|(k, v)| ((*k).to_owned(), v.to_owned()))
            .collect()
    };
    lines.map(line).collect()
}

/// A number of a line; `None` where it is empty.
pub(crate) fn number(line: &Line, column: &str) -> Option<f64> {
    match line[column].as_str() {
        "" => None,
        text => Some(text.parse().expect("a number")),
    }
}

/// The points of one data set: N and X.
pub(crate) fn points(dataset: &str) -> Vec<(f64, f64)> {
    let all = lines(include_str!("../fixtures/points.csv"));
    let points: Vec<(f64, f64)> = all
        .iter()
        .filter(|line| line["dataset"] == dataset)
        .filter_map(|line| number(line, "threads").zip(number(line, "throughput")))
        .collect();
    assert!(!points.is_empty(), "no points of {dataset}");
    points
}

/// The points of one data set as a curve to fit, all with the same relative variance.
pub(crate) fn observed(dataset: &str) -> Observed {
    let points = points(dataset);
    Observed {
        threads: points.iter().map(|(n, _)| *n).collect(),
        r: points.iter().map(|(n, x)| n / x).collect(),
        variance: vec![1.0; points.len()],
    }
}

/// Whether two numbers agree to a relative tolerance.
pub(crate) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a - b).abs() <= tolerance * a.abs().max(b.abs())
}
