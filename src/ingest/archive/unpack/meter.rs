//! Counts what comes out of decompressors, and stops them.

use crate::ingest::limits::{LimitName, Limits, OverLimit};
use std::cell::Cell;
use std::io::{self, Read};

/// Members smaller than this may be packed as well as they like.
const RATIO_BYTES_MIN: u64 = 1 << 20;

/// What all members of an archive, and of the archives in it, have come to so far.
#[derive(Debug)]
pub(super) struct Meter {
    unpacked: Cell<u64>,
    unpacked_max: u64,
    ratio_max: u64,
    /// Why the last reader stopped.
    over: Cell<Option<OverLimit>>,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            unpacked: Cell::new(0),
            unpacked_max: limits.unpacked_bytes_max,
            ratio_max: limits.ratio_max,
            over: Cell::new(None),
        }
    }

    /// A second meter that stands where this one stands, for a look ahead.
    pub(super) fn fork(&self) -> Self {
        Self { unpacked: self.unpacked.clone(), over: Cell::new(None), ..*self }
    }

    /// The limit that lets nothing more be unpacked, once it is met.
    pub(super) fn exhausted(&self) -> Option<OverLimit> {
        (self.unpacked.get() > self.unpacked_max).then_some(OverLimit {
            limit: LimitName::UnpackedBytes,
            max: self.unpacked_max,
            found: self.unpacked_max,
            exact: false,
        })
    }

    /// Why the last reader stopped, if a limit made it.
    pub(super) fn take_over(&self) -> Option<OverLimit> {
        self.over.take()
    }

    /// Counts what `inner` gives; `packed_bytes` is the size of all that it reads from.
    pub(super) fn reader<R: Read>(&self, inner: R, packed_bytes: usize) -> Metered<'_, R> {
        let packed_bytes = u64::try_from(packed_bytes).unwrap_or(u64::MAX).max(1);
        Metered { inner, meter: self, packed_bytes, unpacked_bytes: 0 }
    }

    /// The ratio is taken of the whole: text is not packed evenly.
    fn ratio_over(&self, packed_bytes: u64, unpacked_bytes: u64) -> Option<OverLimit> {
        let is_over = unpacked_bytes > RATIO_BYTES_MIN
            && unpacked_bytes / packed_bytes >= self.ratio_max
            && unpacked_bytes > self.ratio_max.saturating_mul(packed_bytes);
        is_over.then_some(OverLimit {
            limit: LimitName::Ratio,
            max: self.ratio_max,
            found: self.ratio_max,
            exact: false,
        })
    }
}

/// A reader whose bytes are counted; reading fails when a limit is met, and [`Meter::take_over`] says which.
pub(super) struct Metered<'a, R> {
    inner: R,
    meter: &'a Meter,
    packed_bytes: u64,
    unpacked_bytes: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let more = u64::try_from(count).unwrap_or(u64::MAX);
        self.unpacked_bytes = self.unpacked_bytes.saturating_add(more);
        self.meter.unpacked.set(self.meter.unpacked.get().saturating_add(more));
        let ratio = self.meter.ratio_over(self.packed_bytes, self.unpacked_bytes);
        match ratio.or(self.meter.exhausted()) {
            None => Ok(count),
            over => {
                self.meter.over.set(over);
                Err(io::Error::other("limit"))
            }
        }
    }
}
