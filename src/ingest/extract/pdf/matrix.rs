//! Places on a page, moved and turned.

/// `[a b c d e f]`: x' = ax + cy + e, y' = bx + dy + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f32; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `then`.
    pub(super) fn then(self, then: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, t, u] = then.0;
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    /// First moves by `x` and `y`, then `self`.
    pub(super) fn moved(self, x: f32, y: f32) -> Self {
        let [a, b, c, d, e, f] = self.0;
        Self([a, b, c, d, x * a + y * c + e, x * b + y * d + f])
    }

    pub(super) fn point(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (x * a + y * c + e, x * b + y * d + f)
    }

    /// The upright box around a box: left, top, right, bottom of what it becomes.
    pub(super) fn cover(self, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
        let corners =
            [self.point(x0, y0), self.point(x1, y0), self.point(x0, y1), self.point(x1, y1)];
        corners.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |sides, &(x, y)| {
            [sides[0].min(x), sides[1].min(y), sides[2].max(x), sides[3].max(y)]
        })
    }

    /// How long an upright line of length 1 becomes.
    pub(super) fn height(self) -> f32 {
        self.0[2].hypot(self.0[3])
    }

    /// From a page's own units, which count upwards, to points from its top left corner after its quarter turns.
    pub(super) fn of_page([left, bottom, right, top]: [f32; 4], turns: u8) -> Self {
        Self(match turns {
            0 => [1.0, 0.0, 0.0, -1.0, -left, top],
            1 => [0.0, 1.0, 1.0, 0.0, -bottom, -left],
            2 => [-1.0, 0.0, 0.0, 1.0, right, -bottom],
            _ => [0.0, -1.0, -1.0, 0.0, top, right],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_turned_clockwise() {
        // The corner at the top left of a sheet of 200 by 300.
        for (turns, expected) in
            [(0, (0.0, 0.0)), (1, (300.0, 0.0)), (2, (200.0, 300.0)), (3, (0.0, 200.0))]
        {
            let matrix = Matrix::of_page([10.0, 20.0, 210.0, 320.0], turns);
            assert_eq!(matrix.point(10.0, 320.0), expected, "{turns}");
        }
    }

    #[test]
    fn matrices_work_one_after_the_other() {
        let twice = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        let moved = Matrix([1.0, 0.0, 0.0, 1.0, 5.0, 7.0]);
        assert_eq!(twice.then(moved).point(1.0, 1.0), (7.0, 9.0));
        assert_eq!(moved.then(twice).point(1.0, 1.0), (12.0, 16.0));
        assert_eq!(twice.moved(1.0, 1.0).point(0.0, 0.0), (2.0, 2.0));
    }
}
