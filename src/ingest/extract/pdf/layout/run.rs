//! Letters to runs and lines: pieces of a line without a wide gap, and whole lines within a column.

use crate::ingest::extract::pdf::layout::letter::Letter;
use crate::text::tokens::is_han;
use std::collections::HashMap;

/// A wider gap, in sizes, ends a run. Between the gap of a justified line of Han, hardly half a size, and the white
/// between columns, seldom less than one. Runs that are parted wrongly meet again as a line of their column.
const RUN_GAP_EM: f32 = 0.8;

/// Baselines that differ by less, in sizes, are one: mixed fonts and rounding; half the step of a small raised note.
const BASELINE_EM: f32 = 0.25;

/// Baselines that differ by less, in sizes, are one however far the first of the row is: rounding.
const SAME_BASELINE_EM: f32 = 0.02;

/// Smaller type, against its neighbours, may be raised or lowered: notes, powers, indexes.
const RAISED_SIZE: f32 = 0.8;

/// Most letters of the mark before an item: `(12)`.
const MARK_LETTERS_MAX: usize = 4;

/// Most letters of a raised run, such as a note's mark.
const RAISED_LETTERS_MAX: usize = 8;

/// So many runs near a raised one are tried as its host, which bounds the time on pages of garbage.
const HOSTS_TRIED: usize = 64;

/// A gap, in sizes, that is a space between Latin words; fonts' spaces are 0.2 to 0.33.
const LATIN_SPACE_EM: f32 = 0.17;

/// A gap that is a space where a Han character and a letter or digit meet: wider than the quarter that typesetters put
/// there.
const MIXED_SPACE_EM: f32 = 0.45;

/// A gap that is a space between Han: a name's parts, columns of a list.
const HAN_SPACE_EM: f32 = 0.9;

/// A drawn space counts when the gap at its place is at least so wide.
const DRAWN_SPACE_EM: f32 = 0.12;

/// Gaps of a spaced-out title differ by less, as a share of the widest.
const SPACED_OUT_SHARE: f32 = 0.25;

/// Letters on one baseline, ordered from left to right.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    /// At least one, none of them a space.
    letters: Vec<Letter<'a>>,
    /// Places of drawn spaces.
    spaces: Vec<f32>,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    pub(super) baseline: f32,
    /// The size of most of its letters.
    pub(super) size: f32,
}

impl<'a> Run<'a> {
    /// A run of visible letters and the drawn spaces among them; `None` without letters.
    fn new(mut letters: Vec<Letter<'a>>, spaces: Vec<f32>) -> Option<Self> {
        letters.sort_by(|a, b| a.left.total_cmp(&b.left));
        let size = main_size(&letters)?;
        let main = letters.iter().find(|letter| letter.size == size)?;
        let (baseline, top, bottom) = (main.baseline, main.top(), main.bottom());
        let left = letters.first()?.left;
        let right = letters.iter().map(|letter| letter.right).fold(left, f32::max);
        Some(Self { letters, spaces, left, right, top, bottom, baseline, size })
    }

    /// The runs as one.
    pub(super) fn merged(runs: Vec<Self>) -> Option<Self> {
        let (mut letters, mut spaces) = (Vec::new(), Vec::new());
        for run in runs {
            letters.extend(run.letters);
            spaces.extend(run.spaces);
        }
        spaces.sort_by(f32::total_cmp);
        Self::new(letters, spaces)
    }

    pub(super) fn letter_count(&self) -> usize {
        self.letters.len()
    }

    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Whether all of it is bold.
    pub(super) fn is_bold(&self) -> bool {
        self.letters.iter().all(|letter| letter.bold)
    }

    /// Whether none of it is bold.
    pub(super) fn is_regular(&self) -> bool {
        !self.letters.iter().any(|letter| letter.bold)
    }

    /// Whether its last character is a mark that may hang beyond the edge of a column.
    pub(super) fn ends_with_mark(&self) -> bool {
        let last = self.letters.last().and_then(|letter| letter.text.chars().next_back());
        last.is_some_and(|last| "，。、；：！？”’）》】」』〉,.;:!?)]".contains(last))
    }

    /// Where the words begin after a mark that stands apart at its start: `•  text`, `1.  text`.
    pub(super) fn left_after_mark(&self) -> Option<f32> {
        let pairs = self.letters.windows(2).take(MARK_LETTERS_MAX);
        let mut apart = pairs.filter_map(|pair| match pair {
            [mark, word] => {
                (word.left - mark.right > LATIN_SPACE_EM * word.size).then_some(word.left)
            }
            _ => None,
        });
        apart.next()
    }

    /// Width of what must stay together at its start: a character or word with the marks that cling to it.
    pub(super) fn first_unit(&self) -> f32 {
        let mut end = self.left;
        let mut before: Option<char> = None;
        for letter in &self.letters {
            let Some(first) = letter.text.chars().next() else { continue };
            let clings = before.is_none_or(|before| clings(before, first));
            let gap = letter.left - end;
            if !clings || gap > LATIN_SPACE_EM * letter.size.max(1.0) && before.is_some_and(is_word)
            {
                break;
            }
            end = end.max(letter.right);
            before = letter.text.chars().next_back();
        }
        end - self.left
    }

    /// Its text, with a space where the gap between words or cells says so.
    pub(super) fn text(&self) -> String {
        let spaced_out = self.is_spaced_out();
        let mut text = String::with_capacity(self.letters.len() * 3);
        let mut end: Option<f32> = None;
        let mut spaces = self.spaces.iter().peekable();
        for letter in &self.letters {
            let mut drawn = false;
            while spaces.next_if(|&&place| place <= letter.left).is_some() {
                drawn = true;
            }
            let gap = end.map(|end| (letter.left - end) / letter.size.max(1.0));
            if gap.is_some_and(|gap| !spaced_out && is_space(&text, letter.text, gap, drawn)) {
                text.push(' ');
            }
            text.push_str(as_typed(letter.text));
            end = Some(end.map_or(letter.right, |end: f32| end.max(letter.right)));
        }
        text
    }

    /// Whether its letters stand apart by design, as in `通 告 栏`: gaps all alike, and wide.
    fn is_spaced_out(&self) -> bool {
        let (mut least, mut most, mut count) = (f32::MAX, f32::MIN, 0);
        for pair in self.letters.windows(2) {
            let [a, b] = pair else { continue };
            if !(a.text.chars().all(is_han) && b.text.chars().all(is_han)) {
                return false;
            }
            let gap = b.left - a.right;
            (least, most, count) = (least.min(gap), most.max(gap), count + 1);
        }
        count >= 2
            && least > HAN_SPACE_EM / 2.0 * self.size
            && most - least < SPACED_OUT_SHARE * most
    }
}

/// The size that most letters have.
fn main_size(letters: &[Letter<'_>]) -> Option<f32> {
    let mut sizes: Vec<f32> = letters.iter().map(|letter| letter.size).collect();
    sizes.sort_by(f32::total_cmp);
    let groups = sizes.chunk_by(|a, b| a == b);
    groups.max_by_key(|group| group.len()).and_then(|group| group.first().copied())
}

/// What was typed for a letter: fonts draw the Chinese dash, two characters, with one sign.
fn as_typed(text: &str) -> &str {
    match text {
        "\u{2e3a}" => "——",
        "\u{2e3b}" => "———",
        _ => text,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

/// Whether a line may not end between two characters.
fn clings(before: char, after: char) -> bool {
    // A quotation mark may be taken for an opening or a closing one: layout engines keep both sides together.
    const OPENING: &str = "“‘”’（《【「『〈〔([{";
    const CLOSING: &str = "，。、；：？！”’“‘）》】」』〉〕…—⸺％%,.;:?!)]}·～";
    let joined = |c: char| is_word(c) || matches!(c, '.' | ',' | '-' | '/' | '%' | '_' | '@' | ':');
    OPENING.contains(before) || CLOSING.contains(after) || (joined(before) && joined(after))
}

/// Whether a gap of so many sizes between two characters is a space.
fn is_space(before: &str, after: &str, gap: f32, drawn: bool) -> bool {
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    if drawn && gap >= DRAWN_SPACE_EM {
        return true;
    }
    let latin = |c: char| c.is_ascii() || is_word(c);
    gap >= match (latin(before), latin(after)) {
        (true, true) => LATIN_SPACE_EM,
        (false, false) => HAN_SPACE_EM,
        _ => MIXED_SPACE_EM,
    }
}

/// Cuts the letters of a page into runs.
pub(super) fn runs<'a>(letters: &[Letter<'a>]) -> Vec<Run<'a>> {
    let mut sorted = letters.to_vec();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.left.total_cmp(&b.left)));
    let mut found = Vec::new();
    for row in rows(sorted, |letter| (letter.baseline, letter.size)) {
        cut_row(row, &mut found);
    }
    attach_raised(found)
}

/// Groups what is sorted by baseline into rows. `place` gives baseline and size.
///
/// A row reaches as far as its first baseline allows: the lines of unequal columns do not pull each other in.
pub(super) fn rows<T>(sorted: Vec<T>, place: impl Fn(&T) -> (f32, f32)) -> Vec<Vec<T>> {
    let mut rows: Vec<Vec<T>> = Vec::new();
    let (mut first, mut last) = (f32::MIN, f32::MIN);
    for item in sorted {
        let (baseline, size) = place(&item);
        let near =
            baseline - first <= BASELINE_EM * size || baseline - last <= SAME_BASELINE_EM * size;
        last = baseline;
        match rows.last_mut() {
            Some(row) if near => row.push(item),
            _ => {
                first = baseline;
                rows.push(vec![item]);
            }
        }
    }
    rows
}

/// Cuts a row at its wide gaps.
fn cut_row<'a>(mut row: Vec<Letter<'a>>, found: &mut Vec<Run<'a>>) {
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    let (mut letters, mut spaces): (Vec<Letter<'a>>, Vec<f32>) = (Vec::new(), Vec::new());
    let mut end = f32::MIN;
    for letter in row {
        if letter.is_space() {
            spaces.push(letter.left);
            continue;
        }
        let size = letters.last().map_or(letter.size, |before| before.size.min(letter.size));
        if letter.left - end > RUN_GAP_EM * size && !letters.is_empty() {
            found.extend(Run::new(std::mem::take(&mut letters), std::mem::take(&mut spaces)));
        }
        end = if letters.is_empty() { letter.right } else { end.max(letter.right) };
        letters.push(letter);
    }
    found.extend(Run::new(letters, spaces));
}

/// Puts raised and lowered runs into the runs they belong to.
fn attach_raised(runs: Vec<Run<'_>>) -> Vec<Run<'_>> {
    // Runs by the band of the page their baseline lies in.
    const BAND: f32 = 8.0;
    #[allow(clippy::cast_possible_truncation, reason = "places are bounded")]
    let band = |place: f32| (place / BAND).floor() as i32;
    let mut bands: HashMap<i32, Vec<usize>> = HashMap::new();
    for (at, run) in runs.iter().enumerate() {
        bands.entry(band(run.baseline)).or_default().push(at);
    }
    let host_of = |small: &Run<'_>| {
        let near = band(small.top)..=band(small.bottom + 2.0 * small.size);
        let candidates = near.filter_map(|band| bands.get(&band)).flatten().take(HOSTS_TRIED);
        candidates.copied().find(|&at| is_host(&runs[at], small))
    };
    let hosts: Vec<Option<usize>> = runs
        .iter()
        .map(|run| (run.letters.len() <= RAISED_LETTERS_MAX).then(|| host_of(run)).flatten())
        .collect();
    let mut joined: HashMap<usize, Vec<Run<'_>>> = HashMap::new();
    let mut alone = Vec::with_capacity(runs.len());
    for (at, (run, host)) in runs.into_iter().zip(&hosts).enumerate() {
        match host {
            // A host that is itself raised keeps nothing: one level is all there is.
            Some(host) if hosts[*host].is_none() => joined.entry(*host).or_default().push(run),
            _ => alone.push((at, run)),
        }
    }
    let merged = alone.into_iter().filter_map(|(at, run)| match joined.remove(&at) {
        None => Some(run),
        Some(mut parts) => {
            parts.push(run);
            Run::merged(parts)
        }
    });
    merged.collect()
}

/// Whether a small run is raised or lowered within, or right beside, a larger one.
fn is_host(host: &Run<'_>, small: &Run<'_>) -> bool {
    let beside = RUN_GAP_EM / 2.0 * host.size;
    let middle = (small.top + small.bottom) / 2.0;
    small.size < RAISED_SIZE * host.size
        && small.left >= host.left - beside
        && small.right <= host.right + beside + small.width()
        && middle > host.top - 0.2 * host.size
        && middle < host.bottom + 0.2 * host.size
}

/// Joins the runs of a column into its lines, from top to bottom.
pub(super) fn lines(mut runs: Vec<Run<'_>>) -> Vec<Run<'_>> {
    runs.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    rows(runs, |run| (run.baseline, run.size)).into_iter().filter_map(Run::merged).collect()
}
