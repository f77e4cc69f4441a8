//! Text put together block by block, for formats whose text does not stand in their bytes.

use crate::ingest::{Block, Extracted, Layout, Metadata, Role};
use crate::model::{Note, Span};

/// Blocks so far.
#[derive(Debug, Default)]
pub(crate) struct BlockText {
    pub(crate) text: String,
    pub(crate) blocks: Vec<Block>,
}

impl BlockText {
    /// Adds a block with its number and, where the format has them, its pages and its area; blank text adds none.
    pub(crate) fn push(
        &mut self,
        text: &str,
        role: Option<Role>,
        number: usize,
        page: Option<(usize, usize)>,
        area: Option<[i32; 4]>,
    ) {
        let text = text.trim_matches(['\n', '\r', ' ', '\t']);
        if text.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(text);
        let span = Span::new(start, self.text.len());
        self.blocks.push(Block { span, role, number, page, area });
    }

    /// The whole text.
    pub(crate) fn finish(self, metadata: Metadata, notes: Vec<Note>) -> Extracted {
        let Self { text, blocks } = self;
        Extracted {
            text,
            map: None,
            layout: Layout::Blocks,
            blocks,
            metadata,
            notes,
            unread_pages: Vec::new(),
        }
    }
}
