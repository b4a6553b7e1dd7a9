//! Code that does not stand it: its message comes out, and everything is still dropped exactly once.

use scalebench::scale_bench;

use super::{Tallies, Tally, Token, trial};

static MADE: Tallies = Tallies::new();

#[scale_bench]
fn panics_in_a_call(
    #[with(MADE.shared.make())] _shared: &Token,
    #[with(MADE.own.make())] _own: &mut Token,
    #[with(MADE.inputs.make())] _input: Token,
) -> Token {
    assert!(MADE.call() < 1000, "call 1000 is too much");
    MADE.outputs.make()
}

#[test]
fn a_panic_in_a_call_leaves_nothing_behind() {
    let failure = trial("failures::panics_in_a_call", 2).unwrap_err();
    assert!(failure.contains("call 1000 is too much"), "{failure}");
    assert!(MADE.inputs.settled() > 1000);
    assert_eq!(MADE.outputs.settled(), 1000);
    assert_eq!((MADE.shared.settled(), MADE.own.settled()), (1, 2));
}

static SHARED_BEFORE: Tally = Tally::new();
static OWN_BEFORE: Tally = Tally::new();

#[scale_bench]
fn panics_in_the_state_of_a_thread(
    #[with(SHARED_BEFORE.make())] _shared: &Token,
    #[with(OWN_BEFORE.make())] _own: &mut Token,
    #[with({ assert_eq!(thread.index(), 0, "only one thread fits"); 1 })] _place: &mut u8,
) {
}

#[test]
fn a_panic_in_a_threads_state_drops_what_was_made_before() {
    let failure = trial("failures::panics_in_the_state_of_a_thread", 2).unwrap_err();
    assert!(failure.contains("only one thread fits"), "{failure}");
    assert_eq!((SHARED_BEFORE.settled(), OWN_BEFORE.settled()), (1, 2));
}

#[scale_bench]
fn fails_in_shared_state(#[with("seven".parse()?)] _number: &u64) {}

#[scale_bench]
fn fails_in_thread_state(#[with(Err("no room")?)] _room: &mut u64) {}

#[scale_bench]
fn fails_in_input(#[with(u8::try_from(300)?)] _small: u8) {}

fn refused() -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    Err("the server refused".into())
}

#[scale_bench]
fn fails_with_an_error_that_threads_may_share(#[with(refused()?)] _number: &u64) {}

#[test]
fn an_error_at_a_question_mark_is_the_failure() {
    for (id, message) in [
        (
            "failures::fails_with_an_error_that_threads_may_share",
            "`_number` could not be made: the server refused",
        ),
        (
            "failures::fails_in_shared_state",
            "`_number` could not be made: invalid digit found in string",
        ),
        (
            "failures::fails_in_thread_state",
            "`_room` could not be made: no room",
        ),
        (
            "failures::fails_in_input",
            "`_small` could not be made: out of range integral type conversion attempted",
        ),
    ] {
        assert_eq!(trial(id, 2).unwrap_err(), message);
    }
}
