//! A line of the worker protocol, read by either side: it is refused, or comes back the same.
#![no_main]
#![allow(dead_code, unexpected_cfgs, unreachable_pub)]

#[path = "../../scalebench-core/src/given.rs"]
mod given;
#[path = "../../scalebench-core/src/protocol.rs"]
mod protocol;

use libfuzzer_sys::fuzz_target;
use protocol::{Order, Reply};
use serde::{Serialize, de::DeserializeOwned};

fn round_trip<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(text: &str) {
    if let Ok(message) = serde_json::from_str::<T>(text) {
        let line = serde_json::to_string(&message).expect("what was read can be written");
        assert!(!line.contains('\n'), "a message is one line");
        let back: T = serde_json::from_str(&line).expect("what was written can be read");
        assert_eq!(back, message);
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        round_trip::<Order>(text);
        round_trip::<Reply>(text);
    }
});
