//! Text of pages that are pictures, read by a command of the user's choice. The library runs no other.

/// A command that is given the path of a PDF as its last argument and prints its text, pages ended by form feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcrCommand {
    program: String,
    arguments: Vec<String>,
}

impl OcrCommand {
    /// The words of a command line, quoted as in a shell, which is not asked: no variables, pipes or patterns. `None`
    /// when there is no word, or a quote is left open.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = shlex::split(line)?.into_iter();
        let program = words.next().filter(|program| !program.is_empty())?;
        Some(Self { program, arguments: words.collect() })
    }
}
