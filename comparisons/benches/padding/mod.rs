//! Code that does nothing but take up room, so that all code behind it lies elsewhere.

/// Multiples of 16 bytes, the least that functions are moved by.
const PADDING: usize = match option_env!("COMPARISONS_PADDING") {
    Some(text) => 16 * number(text.as_bytes()),
    None => 0,
};

const fn number(digits: &[u8]) -> usize {
    let (mut value, mut at) = (0, 0);
    while at < digits.len() {
        assert!(
            digits[at].is_ascii_digit(),
            "COMPARISONS_PADDING is a number"
        );
        value = 10 * value + (digits[at] - b'0') as usize;
        at += 1;
    }
    value
}

std::arch::global_asm!(
    ".text",
    ".balign 64",
    ".globl comparisons_padding",
    "comparisons_padding:",
    ".fill {size}, 1, 0x90",
    "ret",
    size = const PADDING,
);

unsafe extern "C" {
    fn comparisons_padding();
}

/// `state` as it is. The linker throws away what nobody refers to, so this does.
pub fn after<S>(state: S) -> S {
    std::hint::black_box(comparisons_padding as *const ());
    state
}
