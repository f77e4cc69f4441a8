//! What waits for the engine's writer threads, bounded by bytes.
//!
//! The engine itself bounds its queue by documents, ten thousand of them: one of a long paragraph takes 200 kB.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tantivy::TantivyDocument;
use tantivy::schema::document::Document as EngineDocument;

/// Bytes that may wait; one document always may.
const WAITING_BYTES_MAX: usize = 16 << 20;
/// Who waits goes on when no more bytes than this are left, and then adds thousands of documents: to be woken for each of
/// them took a thirtieth of a run.
const WAITING_BYTES_LOW: usize = WAITING_BYTES_MAX / 2;
/// Longer than this nobody waits: threads that died take nothing more, and adding says so.
const PATIENCE: Duration = Duration::from_secs(10);

/// A document of the engine on its way from a worker to the writer.
#[derive(Debug)]
pub(crate) struct Document {
    document: TantivyDocument,
    bytes: usize,
}

impl Document {
    /// A document that takes about so many bytes.
    pub(super) fn new(document: TantivyDocument, bytes: usize) -> Self {
        Self { document, bytes }
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Counts the bytes of the documents that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Arc<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    bytes: Mutex<usize>,
    has_less: Condvar,
}

impl Waiting {
    fn bytes(&self) -> MutexGuard<'_, usize> {
        // A number is never half written.
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Waits until there is room for the document.
    pub(super) fn admit(&self, document: Document) -> Queued {
        let Document { document, bytes } = document;
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + bytes > WAITING_BYTES_MAX;
        let waited =
            self.waiting.has_less.wait_timeout_while(self.waiting.bytes(), PATIENCE, is_full);
        *waited.unwrap_or_else(PoisonError::into_inner).0 += bytes;
        Queued { document, _place: Place { bytes, waiting: Arc::clone(&self.waiting) } }
    }
}

/// A document that has been admitted; its place is free when the engine takes it up, or lets it go.
pub(super) struct Queued {
    document: TantivyDocument,
    _place: Place,
}

/// A place in the queue.
struct Place {
    bytes: usize,
    waiting: Arc<Waiting>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut bytes = self.waiting.bytes();
        let before = *bytes;
        *bytes -= self.bytes;
        // A large document may need all the room.
        let has_less = *bytes == 0 || (*bytes <= WAITING_BYTES_LOW && before > WAITING_BYTES_LOW);
        drop(bytes);
        if has_less {
            self.waiting.has_less.notify_one();
        }
    }
}

impl EngineDocument for Queued {
    type Value<'a> = <TantivyDocument as EngineDocument>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as EngineDocument>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        EngineDocument::iter_fields_and_values(&self.document)
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn document(bytes: usize) -> Document {
        Document::new(TantivyDocument::default(), bytes)
    }

    #[test]
    fn a_document_waits_until_there_is_room() {
        let queue = Queue::default();
        let first = queue.admit(document(WAITING_BYTES_MAX));
        thread::scope(|scope| {
            let second = scope.spawn(|| queue.admit(document(1)));
            thread::sleep(Duration::from_millis(100));
            assert!(!second.is_finished());
            drop(first.into_tantivy_document());
            drop(second.join().unwrap());
        });
        assert_eq!(*queue.waiting.bytes(), 0);
    }

    #[test]
    fn who_waits_goes_on_when_there_is_much_room() {
        let queue = Queue::default();
        let quarter = || queue.admit(document(WAITING_BYTES_MAX / 4));
        let [first, second, third, fourth] = [quarter(), quarter(), quarter(), quarter()];
        thread::scope(|scope| {
            let small = scope.spawn(|| queue.admit(document(1)));
            thread::sleep(Duration::from_millis(100));
            drop(first);
            thread::sleep(Duration::from_millis(100));
            assert!(!small.is_finished());
            drop(second);
            drop(small.join().unwrap());
        });
        drop((third, fourth));
        assert_eq!(*queue.waiting.bytes(), 0);
    }

    #[test]
    fn one_that_is_larger_than_all_room_is_admitted_alone() {
        let queue = Queue::default();
        drop(queue.admit(document(WAITING_BYTES_MAX * 2)));
        assert_eq!(*queue.waiting.bytes(), 0);
    }
}
