//! Tests of the parts together, and of the source tree itself; one binary, so that it links once.

mod tidy;
