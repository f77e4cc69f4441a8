//! stub
use crate::ingest::Extracted;
use crate::ingest::limits::Limits;
use encoding_rs::Encoding;
/// stub
pub fn declared_encoding(_bytes: &[u8]) -> Option<&'static Encoding> {
    None
}
pub(super) fn extract(text: &str, _limits: &Limits) -> Extracted {
    crate::ingest::extract::plain::extract(text.to_owned())
}
