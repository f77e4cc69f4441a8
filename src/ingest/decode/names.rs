//! File names in archives that do not say their encoding: each is too short to tell, all of them together are not.

use crate::ingest::decode::detect::{self, LineKind, NoGuess};
use crate::ingest::decode::is_utf8_by_accident;
use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

/// Bytes of names looked at.
const SAMPLE_BYTES: usize = 64 << 10;

/// Decodes the names of one archive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameDecoder(&'static Encoding);

impl NameDecoder {
    /// Decides for all names of an archive together. A wrong guess damages names only, so something is always chosen.
    pub(crate) fn for_names<'a>(names: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut sample = Vec::new();
        for name in names.into_iter().filter(|name| !name.is_ascii()) {
            if sample.len() + name.len() > SAMPLE_BYTES {
                break;
            }
            sample.extend_from_slice(name);
            sample.push(b'\n');
        }
        if std::str::from_utf8(&sample).is_ok() && !is_utf8_by_accident(&sample) {
            return Self(UTF_8);
        }
        Self(match detect::legacy(&sample) {
            Ok(guess) => guess.encoding,
            Err(NoGuess::TooShort { best, .. } | NoGuess::Tie { best, .. }) => best,
            Err(NoGuess::NoneFits) if !has_errors(GB18030, &sample) => GB18030,
            Err(NoGuess::NoneFits) => WINDOWS_1252,
        })
    }

    /// One of the names. One that is plainly UTF-8 among others that are not is read as what it is.
    pub(crate) fn decode(self, name: &[u8]) -> String {
        let is_utf8 = matches!(detect::kind_of_line(name), LineKind::Ascii | LineKind::Utf8);
        let encoding = if is_utf8 { UTF_8 } else { self.0 };
        encoding.decode_without_bom_handling(name).0.into_owned()
    }
}

fn has_errors(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    encoding.decode_without_bom_handling(bytes).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::BIG5;

    #[track_caller]
    fn check(encoding: &'static Encoding, names: &[&str]) {
        let raw: Vec<Vec<u8>> =
            names.iter().map(|name| encoding.encode(name).0.into_owned()).collect();
        let decoder = NameDecoder::for_names(raw.iter().map(Vec::as_slice));
        let decoded: Vec<String> = raw.iter().map(|name| decoder.decode(name)).collect();
        assert_eq!(decoded, names);
    }

    #[test]
    fn names_of_each_encoding_are_read() {
        check(GB18030, &["基层治理/工作报告.txt", "基层治理/a.txt", "网格化.docx"]);
        check(BIG5, &["基層治理/工作報告.txt", "基層治理/a.txt", "網格化.docx"]);
        check(UTF_8, &["基层治理/工作报告.txt", "網格化.docx", "re\u{301}sume\u{301}.txt"]);
        check(UTF_8, &["a.txt"]);
    }

    #[test]
    fn a_single_short_name_is_read() {
        check(GB18030, &["报告.txt"]);
        check(BIG5, &["報告.txt"]);
        check(UTF_8, &["报告.txt"]);
    }

    #[test]
    fn a_utf8_name_among_others_is_read_as_such() {
        let gbk = GB18030.encode("某县基层治理工作情况报告.txt").0.into_owned();
        let decoder = NameDecoder::for_names([gbk.as_slice(), "说明.txt".as_bytes()]);
        assert_eq!(decoder.decode("说明.txt".as_bytes()), "说明.txt");
        assert_eq!(decoder.decode(&gbk), "某县基层治理工作情况报告.txt");
    }
}
