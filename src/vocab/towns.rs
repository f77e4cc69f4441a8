//! Towns, townships and subdistricts by name, data of about 2023, found without reading the whole table.

use std::sync::OnceLock;

/// `index-schema/towns.csv`: a line for each name, sorted, with the codes of the counties that have a town of it.
#[derive(Debug)]
pub(crate) struct Towns {
    text: &'static str,
    /// Where each line begins; made at the first question.
    lines: OnceLock<Vec<usize>>,
}

impl Towns {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text, lines: OnceLock::new() }
    }

    /// The codes of the counties with a town of that name.
    pub(crate) fn counties(&self, name: &str) -> impl Iterator<Item = &'static str> + use<> {
        self.row(name).into_iter().flat_map(|codes| codes.split('|'))
    }

    fn row(&self, name: &str) -> Option<&'static str> {
        let lines = self.lines.get_or_init(|| {
            let starts = self.text.match_indices('\n').map(|(at, _)| at + 1);
            starts.filter(|at| *at < self.text.len()).collect()
        });
        let row = |at: usize| self.text.get(at..)?.lines().next()?.split_once(',');
        let found =
            lines.binary_search_by(|at| row(*at).map_or("", |(town, _)| town).cmp(name)).ok()?;
        row(*lines.get(found)?).map(|(_, codes)| codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_found_first_last_and_between_and_no_other() {
        let towns = Towns::new("town,counties\n上镇,1|2\n下镇,3\n中镇,4\n");
        let of = |name: &str| towns.counties(name).collect::<Vec<_>>();
        assert_eq!(of("上镇"), ["1", "2"]);
        assert_eq!(of("下镇"), ["3"]);
        assert_eq!(of("中镇"), ["4"]);
        for other in ["中", "town", "", "下"] {
            assert!(of(other).is_empty(), "{other}");
        }
    }
}
