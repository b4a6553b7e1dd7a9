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
