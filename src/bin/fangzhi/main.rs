//! The `fangzhi` command: arguments in, text and JSON out; the work is in the library.
fn main() {}
