//! What hangs together: sets of places that grow by being joined.

/// Sets of the places from 0 on, each place at first one of its own. A set goes by its least place.
#[derive(Debug)]
pub(crate) struct Joined(Vec<u32>);

impl Joined {
    pub(crate) fn new(count: usize) -> Self {
        Self((0..u32::MAX).take(count).collect())
    }

    /// The least place of the set that a place is in.
    pub(crate) fn root(&mut self, mut place: u32) -> u32 {
        // Every place points to itself or a lesser one, so the way ends.
        while let above = self.above(place)
            && above != place
        {
            let next = self.above(above);
            if let Some(pointer) = self.0.get_mut(place as usize) {
                *pointer = next;
            }
            place = next;
        }
        place
    }

    /// Makes the sets of two places one.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(pointer) = self.0.get_mut(a.max(b) as usize) {
            *pointer = a.min(b);
        }
    }

    fn above(&self, place: u32) -> u32 {
        self.0.get(place as usize).copied().unwrap_or(place)
    }
}
