//! Plain words for what libraries say of damaged files.

/// Part of what a library says, and what it means to the owner of the file; the narrower ones first.
const FAULTS: &[(&str, &str)] = &[
    // zip
    ("Could not find EOCD", CUT_ARCHIVE),
    ("No CDFH found", CUT_ARCHIVE),
    ("Unexpected end of zip::", CUT_ARCHIVE),
    ("Multi-disk ZIP files", WRONG_DIRECTORY),
    ("CDFH", WRONG_DIRECTORY),
    ("EOCD", WRONG_DIRECTORY),
    ("Central Directory", WRONG_DIRECTORY),
    ("local file header", WRONG_DIRECTORY),
    ("ZIP64", WRONG_DIRECTORY),
    ("xtra field", WRONG_DIRECTORY),
    ("past the end of the archive", WRONG_DIRECTORY),
    ("Compression method not supported", "it is packed in an unknown way"),
    ("invalid Zip archive", WRONG_DIRECTORY),
    // Decompressors
    ("checksum", "its checksum is wrong"),
    ("corrupt deflate stream", WRONG_PACKING),
    ("Data corruption detected", WRONG_PACKING),
    ("Unknown frame descriptor", WRONG_PACKING),
    ("invalid gzip header", WRONG_PACKING),
    ("deflate decompression error", WRONG_PACKING),
    // tar
    ("numeric field", WRONG_DIRECTORY),
    ("failed to read entire block", CUT),
    // All that read
    ("unexpected end of file", CUT),
    ("unexpected EOF", CUT),
    ("failed to fill whole buffer", CUT),
    ("points past end of file", CUT),
    ("nd of stream", CUT),
    // quick-xml, calamine
    ("not found before end of input", "it ends before its elements do"),
    ("nexpected end of xml", "it ends before its elements do"),
    ("ill-formed document", WRONG_XML),
    ("syntax error", WRONG_XML),
    ("parsing attribute", WRONG_XML),
    ("Xml error", WRONG_XML),
    ("Xml attribute error", WRONG_XML),
    ("File not found", "it names a part that it does not hold"),
    ("Relationship not found", "it names a part that it does not hold"),
];

const CUT: &str = "it is cut off";
const CUT_ARCHIVE: &str = "it is cut off: the directory at its end is missing";
const WRONG_DIRECTORY: &str = "its directory does not fit what it holds";
const WRONG_PACKING: &str = "what is packed in it cannot be unpacked";
const WRONG_XML: &str = "its XML is written wrongly";

/// What is wrong with a file, from the error of a library; an unknown one is kept in parentheses.
pub(crate) fn plain(error: impl ToString) -> String {
    let error = error.to_string();
    let known = FAULTS.iter().find(|(sign, _)| error.contains(sign));
    known.map_or_else(
        || format!("its structure is wrong ({error})"),
        |(_, words)| (*words).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: &str, expected: &str) {
        assert_eq!(plain(error), expected);
    }

    #[test]
    fn the_words_of_libraries_become_plain_ones() {
        check("Could not find EOCD", "it is cut off: the directory at its end is missing");
        check("invalid Zip archive: Could not find EOCD", CUT_ARCHIVE);
        check("Invalid EOCD64: inconsistent length", WRONG_DIRECTORY);
        check("Invalid checksum", "its checksum is wrong");
        check("archive header checksum mismatch", "its checksum is wrong");
        check("ill-formed document: expected `</w:p>`, but `</w:r>` was found", WRONG_XML);
        check("Cfb error: Sector 7 points past end of file", "it is cut off");
        check("Unrecognized op: 0x7", "its structure is wrong (Unrecognized op: 0x7)");
    }
}
