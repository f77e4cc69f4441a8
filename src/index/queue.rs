//! What waits for the engine's writer threads, bounded by bytes.
//!
//! The engine itself bounds its queue by documents, ten thousand of them: one of a long paragraph takes 200 kB.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tantivy::TantivyDocument;
use tantivy::schema::document::Document as EngineDocument;

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
#[derive(Debug)]
pub(super) struct Queue {
    /// Bytes that may wait; one document always may.
    bytes_max: usize,
    waiting: Arc<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    bytes: Mutex<usize>,
    /// Who waits goes on when no more bytes than this are left, and then adds thousands of documents: to be woken for
    /// each of them took a thirtieth of a run.
    low: usize,
    has_less: Condvar,
}

impl Waiting {
    fn bytes(&self) -> MutexGuard<'_, usize> {
        // A number is never half written.
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    pub(super) fn new(bytes_max: usize) -> Self {
        let waiting =
            Waiting { bytes: Mutex::new(0), low: bytes_max / 2, has_less: Condvar::new() };
        Self { bytes_max, waiting: Arc::new(waiting) }
    }

    /// Waits until there is room for the document.
    pub(super) fn admit(&self, document: Document) -> Queued {
        let Document { document, bytes } = document;
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + bytes > self.bytes_max;
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
        let has_less = *bytes == 0 || (*bytes <= self.waiting.low && before > self.waiting.low);
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
        let queue = Queue::new(1_000);
        let first = queue.admit(document(1_000));
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
        let queue = Queue::new(1_000);
        let quarter = || queue.admit(document(250));
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
        let queue = Queue::new(1_000);
        drop(queue.admit(document(2_000)));
        assert_eq!(*queue.waiting.bytes(), 0);
    }
}
