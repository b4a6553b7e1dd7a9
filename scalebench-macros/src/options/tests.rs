use quote::quote;

use super::known::KNOWN;
use super::*;

fn message(tokens: TokenStream) -> String {
    parse(tokens).err().expect("refused").to_string()
}

#[test]
fn every_example_is_accepted() {
    for (name, example) in KNOWN {
        let tokens: TokenStream = example.parse().expect("tokens");
        assert!(parse(tokens).is_ok(), "{name}");
    }
}

#[test]
fn options_are_read() {
    let options = parse(quote!(
        threads = [1, 8usize],
        window = "10 ms",
        rounds = 3,
        ignore
    ))
    .expect("valid");
    assert!(matches!(options.threads, Some(Threads::Counts(counts)) if counts == [1, 8]));
    assert_eq!(options.window_ns, Some(10_000_000));
    assert_eq!(options.rounds, Some(3));
    assert!(options.ignore && options.parallel.is_none());
}

#[test]
fn thread_counts_may_come_from_constants() {
    for tokens in [quote!(threads = COUNTS), quote!(threads = [1, CPUS])] {
        let options = parse(tokens).expect("valid");
        assert!(matches!(options.threads, Some(Threads::Constant(_))));
    }
}

#[test]
fn unknown_options_get_the_nearest_name() {
    assert!(message(quote!(thread = [1])).contains("did you mean `threads`?"));
    assert!(message(quote!(sample_size = 100)).contains("`launches` x `rounds`"));
    assert!(message(quote!(colour = 1)).contains("All options: name, threads"));
}

#[test]
fn duplicates_are_refused() {
    assert_eq!(
        message(quote!(ignore, ignore)),
        "`ignore` is given twice; keep one"
    );
    assert!(message(quote!(threads = [2, 1, 2])).contains("`2` is listed twice"));
    assert!(message(quote!(types = [Vec<u8>, Vec<u8>])).contains("`Vec<u8>` is listed twice"));
}

#[test]
fn expectations_are_read_and_their_faults_told() {
    let tokens = quote!(expect(efficiency(8) >= 0.7, latency <= "200ns",));
    let options = parse(tokens).expect("valid");
    let texts: Vec<String> = options
        .expect
        .iter()
        .map(|each| each.expectation.to_string())
        .collect();
    assert_eq!(texts, ["efficiency(8) >= 0.7", "latency <= 200ns"]);
    for (tokens, part) in [
        (quote!(expect), "`expect` takes parentheses"),
        (
            quote!(expect = "latency <= 1ns"),
            "`expect` takes parentheses",
        ),
        (
            quote!(expect[latency <= 1]),
            "write `expect(efficiency(8) >= 0.7)`",
        ),
        (quote!(expect()), "nothing is expected"),
        (quote!(expect(latncy <= "1ns")), "no metric `latncy`"),
    ] {
        assert!(
            message(tokens.clone()).contains(part),
            "{tokens}: {}",
            message(tokens.clone())
        );
    }
}
