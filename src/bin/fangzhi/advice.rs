//! Files that are known and not read: what they are and what to do with them instead.

use crate::lang::{Lang, tr};

/// Formats of one kind, and what to do with them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Advice {
    /// In lower case without dot.
    pub(crate) extensions: &'static [&'static str],
    what: fn(Lang) -> &'static str,
    instead: fn(Lang) -> &'static str,
}

impl Advice {
    /// What it is.
    pub(crate) fn what(&self, lang: Lang) -> &'static str {
        (self.what)(lang)
    }

    /// What to do with it.
    pub(crate) fn instead(&self, lang: Lang) -> &'static str {
        (self.instead)(lang)
    }

    /// What is known of files with that extension.
    pub(crate) fn of(extension: &str) -> Option<&'static Self> {
        ADVICE.iter().find(|advice| advice.extensions.contains(&extension))
    }
}

/// All that is known.
pub(crate) const ADVICE: &[Advice] = &[
    Advice {
        extensions: &["rtf"],
        what: |lang| tr!(lang, "rich text"),
        instead: |lang| tr!(lang, "save it as DOCX"),
    },
    Advice {
        extensions: &["epub"],
        what: |lang| tr!(lang, "electronic books"),
        instead: |lang| tr!(lang, "convert it to HTML or DOCX"),
    },
    Advice {
        extensions: &["pptx", "ppt", "dps", "odp"],
        what: |lang| tr!(lang, "presentations"),
        instead: |lang| tr!(lang, "save it as PDF"),
    },
    Advice {
        extensions: &["xlsb"],
        what: |lang| tr!(lang, "binary workbooks"),
        instead: |lang| tr!(lang, "save it as XLSX"),
    },
    Advice {
        extensions: &["ofd"],
        what: |lang| tr!(lang, "OFD pages"),
        instead: |lang| tr!(lang, "save it as PDF"),
    },
    Advice {
        extensions: &["caj", "nh", "kdh"],
        what: |lang| tr!(lang, "CAJ pages"),
        instead: |lang| tr!(lang, "print it to PDF in its reader"),
    },
    Advice {
        extensions: &["rar", "7z", "bz2", "xz"],
        what: |lang| tr!(lang, "archives of other kinds"),
        instead: |lang| tr!(lang, "unpack it, or pack it as ZIP"),
    },
    Advice {
        extensions: &["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"],
        what: |lang| tr!(lang, "pictures"),
        instead: |lang| tr!(lang, "turn it into text by OCR"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::ingest::Format;

    #[test]
    fn what_is_read_needs_no_advice() {
        for extension in ADVICE.iter().flat_map(|advice| advice.extensions) {
            assert_eq!(Format::from_extension(extension), None, "{extension}");
        }
    }

    #[test]
    fn an_extension_has_its_advice() {
        let instead = |extension| Advice::of(extension).map(|advice| advice.instead(Lang::English));
        assert_eq!(instead("rtf"), Some("save it as DOCX"));
        assert_eq!(instead("odp"), Some("save it as PDF"));
        assert_eq!(instead("xlsb"), Some("save it as XLSX"));
        assert_eq!(instead("xyz"), None);
    }
}
