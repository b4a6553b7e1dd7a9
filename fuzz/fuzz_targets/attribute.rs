//! The parsers of `#[scale_bench]` and `#[scale_bench_group]`: options on the first line, the function or the module below.
//! A compile error is fine, a panic is not.
#![no_main]
#![allow(dead_code, unused_imports, unexpected_cfgs)]

include!(concat!(env!("OUT_DIR"), "/macros.rs"));

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

/// The compiler limits nesting before a macro sees it; here only the length does.
const LONGEST: usize = 2_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (options, item) = text.split_once('\n').unwrap_or((text, ""));
    if text.len() > LONGEST {
        return;
    }
    if let (Ok(options), Ok(item)) = (options.parse::<TokenStream>(), item.parse::<TokenStream>()) {
        expand::scale_bench(options.clone(), item.clone());
        group::scale_bench_group(options, item);
    }
});
