//! The parser of `#[scale_bench]`: options on the first line, the function below. A compile error is fine, a panic is not.
#![no_main]
#![allow(dead_code, unused_imports, unexpected_cfgs)]

include!(concat!(env!("OUT_DIR"), "/macros.rs"));

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

/// The compiler limits nesting before a macro sees it; here only the length does.
const LONGEST: usize = 2_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (options, function) = text.split_once('\n').unwrap_or((text, ""));
    if text.len() > LONGEST {
        return;
    }
    if let (Ok(options), Ok(function)) = (options.parse::<TokenStream>(), function.parse()) {
        expand::scale_bench(options, function);
    }
});
