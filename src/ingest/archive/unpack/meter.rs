//! Counts what comes out of decompressors, and stops them.

use crate::ingest::limits::{LimitName, Limits, OverLimit};
use std::cell::Cell;
use std::io::{self, Read};

/// What all members of an archive, and of the archives in it, have come to so far.
#[derive(Debug)]
pub(super) struct Meter {
    unpacked: Cell<u64>,
    limits: Limits,
    /// Why the last reader stopped.
    over: Cell<Option<OverLimit>>,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { unpacked: Cell::new(0), limits: *limits, over: Cell::new(None) }
    }

    /// A second meter that stands where this one stands, for a look ahead.
    pub(super) fn fork(&self) -> Self {
        Self { unpacked: self.unpacked.clone(), over: Cell::new(None), ..*self }
    }

    /// The limit that lets nothing more be unpacked, once it is met.
    pub(super) fn exhausted(&self) -> Option<OverLimit> {
        let max = self.limits.unpacked_bytes_max;
        let is_over = self.unpacked.get() > max;
        is_over.then(|| OverLimit::more_than(LimitName::UnpackedBytes, max))
    }

    /// Why the last reader stopped, if a limit made it.
    pub(super) fn take_over(&self) -> Option<OverLimit> {
        self.over.take()
    }

    /// Counts what `inner` gives; `packed_bytes` is the size of all that it reads from.
    pub(super) fn reader<R: Read>(&self, inner: R, packed_bytes: usize) -> Metered<'_, R> {
        // The ratio is taken of the whole: text is not packed evenly.
        let packed_bytes = u64::try_from(packed_bytes).unwrap_or(u64::MAX).max(1);
        let bytes_max = self.limits.dense_bytes_max(packed_bytes);
        Metered { inner, meter: self, bytes_max, unpacked_bytes: 0 }
    }

    fn ratio_over(&self) -> OverLimit {
        OverLimit::more_than(LimitName::Ratio, self.limits.ratio_max)
    }
}

/// A reader whose bytes are counted; reading fails when a limit is met, and [`Meter::take_over`] says which.
pub(super) struct Metered<'a, R> {
    inner: R,
    meter: &'a Meter,
    /// What the ratio allows.
    bytes_max: u64,
    unpacked_bytes: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let more = u64::try_from(count).unwrap_or(u64::MAX);
        self.unpacked_bytes = self.unpacked_bytes.saturating_add(more);
        self.meter.unpacked.set(self.meter.unpacked.get().saturating_add(more));
        let is_dense = self.unpacked_bytes > self.bytes_max;
        match is_dense.then(|| self.meter.ratio_over()).or(self.meter.exhausted()) {
            None => Ok(count),
            over => {
                self.meter.over.set(over);
                Err(io::Error::other("limit"))
            }
        }
    }
}
