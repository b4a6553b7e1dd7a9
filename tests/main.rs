//! The tests of the whole: what a user of the crate sees.

mod attribute;
mod conventions;

/// Every annotation that cannot be measured is refused with a message that says what to write, on the token that is
/// wrong, one at a time; the annotations under `pass` compile and run. After a change of the messages: `TRYBUILD=overwrite
/// cargo test --test it annotations`, and read the difference.
#[test]
fn annotations() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.compile_fail("tests/ui/groups/*.rs");
    cases.compile_fail("tests/ui/expect/*.rs");
    cases.pass("tests/ui/pass/*.rs");
    if cfg!(feature = "tokio") {
        cases.compile_fail("tests/ui/tasks/*.rs");
        cases.pass("tests/ui/pass_tasks/*.rs");
    } else {
        cases.compile_fail("tests/ui/without_tokio/*.rs");
    }
}
