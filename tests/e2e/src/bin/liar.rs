//! Something that a coordinator takes for a worker, and that answers nonsense. The name of its file says which:
//! `liar@7` tells the seventh kind of lie, see [`lie`].

use std::io::{BufRead, Write};

/// What it says in place of a good reply; `None` ends it without a word.
fn lie(kind: usize) -> Option<String> {
    let long = "x".repeat(1 << 20);
    let deep = "[".repeat(100_000);
    let lies: [&str; 29] = [
        "",
        "{}",
        "null",
        "hello",
        "\u{0}",
        "\"sample\"",
        "\"done\"",
        "{\"done\":{\"more\":1}}",
        "{\"hello\":{\"protocol\":0,\"version\":\"\"}}",
        "{\"hello\":{\"protocol\":4294967295,\"version\":\"9\"}}",
        "{\"hello\":{\"protocol\":-1,\"version\":\"9\"}}",
        "{\"list\":{\"benchmarks\":[]}}",
        "{\"list\":{\"benchmarks\":null}}",
        "{\"sized\":{\"call_ns\":0,\"chunk_calls\":0}}",
        "{\"sized\":{\"call_ns\":-1,\"chunk_calls\":1}}",
        "{\"sized\":{\"call_ns\":1e308,\"chunk_calls\":18446744073709551615}}",
        "{\"sized\":{\"call_ns\":1e-320,\"chunk_calls\":1}}",
        "{\"sized\":{\"call_ns\":1e999,\"chunk_calls\":1}}",
        "{\"sample\":{\"round\":0,\"threads\":0,\"window_ns\":0,\"calls\":0,\"counted_ns\":0,\"counted_calls\":0,\"overlap\":0}}",
        "{\"sample\":{\"round\":0,\"threads\":1,\"window_ns\":1e308,\"calls\":1e308,\"counted_ns\":1e308,\"counted_calls\":1e-308,\"overlap\":2}}",
        "{\"sample\":{\"round\":0,\"threads\":2,\"window_ns\":-5,\"calls\":-5,\"counted_ns\":-5,\"counted_calls\":-5,\"overlap\":-5}}",
        "{\"percentiles\":{\"threads\":1,\"calls\":0,\"p50\":-1,\"p90\":0,\"p99\":0,\"p999\":0,\"max\":0}}",
        "{\"failed\":{\"message\":\"\",\"place\":null}}",
        "{\"failed\":{\"message\":\"\\u001b[2J\\u0007\",\"place\":\"\\n\"}}",
        &long,
        &deep,
        "\u{feff}\"done\"",
        "\"done\"\n\"done\"\n\"done\"",
        "{\"sample\":{\"round\":0,\"threads\":3,\"window_ns\":1000000,\"calls\":1000,\"counted_ns\":1000000,\"counted_calls\":1000,\"overlap\":1}}",
    ];
    lies.get(kind).map(|text| (*text).to_owned())
}

/// How many good replies it gives first: none, or those that lead up to a window.
fn good(order: &str, ids: &str) -> Option<String> {
    let reply = if order.contains("\"hello\"") {
        "{\"hello\":{\"protocol\":PROTOCOL,\"version\":\"0.1.0\"}}".to_owned()
    } else if order.contains("\"list\"") {
        format!("{{\"list\":{{\"benchmarks\":{ids}}}}}")
    } else if order.contains("\"size\"") {
        "{\"sized\":{\"call_ns\":100.0,\"chunk_calls\":100}}".to_owned()
    } else if order.contains("\"prepare\"") {
        "\"done\"".to_owned()
    } else {
        return None;
    };
    // The coordinator says which protocol it speaks.
    let protocol = order.split("\"protocol\":").nth(1).unwrap_or("1}");
    let number: String = protocol.chars().take_while(char::is_ascii_digit).collect();
    Some(reply.replace("PROTOCOL", &number))
}

/// What the real program lists for its benchmark.
const IDS: &str = r#"[{"id":"subjects::known::counter","mode":"concurrent","location":{"file":"f","line":1},"parameters":[],"work":null,"ignore":false,"threads":[1,2],"launches":null,"rounds":null,"window_ns":null,"max_time_ns":null}]"#;

fn main() {
    let binary = std::env::current_exe().unwrap_or_default();
    let name = binary.to_string_lossy().into_owned();
    let mut numbers = name
        .split('@')
        .skip(1)
        .map(|number| number.parse().unwrap_or(0));
    let (kind, good_ones) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let mut out = std::io::stdout();
    for (place, order) in std::io::stdin().lock().lines().enumerate() {
        let Ok(order) = order else { return };
        let good = good(&order, IDS).filter(|_| place < good_ones);
        let Some(reply) = good.or_else(|| lie(kind)) else {
            return;
        };
        if writeln!(out, "{reply}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}
