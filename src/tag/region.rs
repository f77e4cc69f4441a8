//! Which places a paragraph reports on: named in it, or inherited from heading, lead or title of the same article.
//!
//! The rules are those of `index-schema/README.md`, "Regions". Names come resolved from [`super::gazetteer`]. An
//! article's places are forgotten at its end.

use super::gazetteer::{Gazetteer, Hit};
use super::offsets::{CharOffsets, around};
use crate::model::{Article, Evidence, Paragraph, ParagraphKind, RegionPath, Span, Tag};
use crate::vocab::divisions::{Division, Divisions, Level};
use std::ops::Range;

/// How far into a paragraph, in characters, its subject may stand.
const SUBJECT_WITHIN: usize = 36;
/// Longest quotation, in characters, that is taken for the name of a scheme: 心中的“香格里拉”.
const SCHEME_NAME_MAX: usize = 16;
/// Longest name of a town or village with its suffix, in characters.
const LOCAL_NAME_MAX: usize = 8;

/// A place the article is about at some point, to be inherited.
#[derive(Debug, Clone)]
struct Inherited {
    path: String,
    division: usize,
    /// The rule its evidence names: `title`, `heading`, `lead`, `masked`.
    rule: &'static str,
    words: String,
}

/// A place named in a paragraph.
#[derive(Debug, Clone)]
struct Named {
    path: String,
    /// The last division of the gazetteer on the path.
    division: usize,
    /// Bytes of the name or names.
    at: Range<usize>,
    /// Whether the paragraph can report on it: not inside a scheme's name, no visited or quoted place.
    reported: bool,
    /// Whether it stands where a paragraph's subject stands.
    subject: bool,
}

/// What the article is about, as far as it has been read.
#[derive(Debug, Default)]
struct Places {
    title: Vec<Inherited>,
    current: Vec<Inherited>,
    /// Numbering level of the heading that set `current`; `None` when no numbered heading did.
    set_at: Option<u8>,
    /// Place of a law's or an exam paper's title: only 本市 and the like mean it.
    issuer: Vec<Inherited>,
    lead_seen: bool,
}

/// Fills regions, mentions and their evidence; `texts` are the paragraphs in Simplified script.
pub(crate) fn tag(gazetteer: &Gazetteer, article: &mut Article, texts: &[String]) {
    let mut places = Places::default();
    if let Some(title) = &article.title {
        let title = crate::text::script::to_simplified(title);
        places.read_title(gazetteer, &title);
    }
    for (paragraph, text) in article.paragraphs.iter_mut().zip(texts) {
        tag_paragraph(gazetteer, &mut places, paragraph, text);
    }
}

fn tag_paragraph(
    gazetteer: &Gazetteer,
    places: &mut Places,
    paragraph: &mut Paragraph,
    text: &str,
) {
    let opens_material = opens_material(text);
    if opens_material {
        places.forget_to_title();
    }
    let context = places.context();
    let hits = gazetteer.hits(text, &context);
    let mut named = places_named(gazetteer, text, &hits);
    for place in &named {
        mention(paragraph, &place.path);
    }
    if paragraph.kind == ParagraphKind::Byline {
        return;
    }
    add_towns_of_the_current_place(gazetteer, places, text, &mut named);
    let offsets = CharOffsets::new(text);
    let mut chosen = choose(gazetteer, places, text, &named);
    if paragraph.kind == ParagraphKind::Heading {
        places.read_heading(text, &named, &mut chosen);
    } else if !opens_material {
        places.read_body(gazetteer, text, &named, paragraph.kind);
    }
    for (path, evidence) in chosen.into_evidence(text, &offsets) {
        let inferred = evidence.at.is_empty();
        let Ok(path) = RegionPath::new(path) else { continue };
        if paragraph.regions.iter().all(|tag| tag.path != path) {
            paragraph.regions.push(Tag { path, inferred });
            paragraph.evidence.push(evidence);
        }
    }
}

fn mention(paragraph: &mut Paragraph, path: &str) {
    if let Ok(path) = RegionPath::new(path)
        && !paragraph.mentions.contains(&path)
    {
        paragraph.mentions.push(path);
    }
}

/// What a paragraph reports on.
#[derive(Debug, Default)]
struct Chosen {
    named: Vec<(String, Range<usize>, &'static str)>,
    inherited: Vec<Inherited>,
}

impl Chosen {
    fn into_evidence(self, text: &str, offsets: &CharOffsets<'_>) -> Vec<(String, Evidence)> {
        let named = self.named.into_iter().map(|(path, at, rule)| {
            let words = text.get(at.clone()).unwrap_or("").to_owned();
            let span = offsets.span(at.start, at.end);
            (path.clone(), evidence(path, rule, words, vec![span]))
        });
        let inherited = self.inherited.into_iter().map(|place| {
            (place.path.clone(), evidence(place.path, place.rule, place.words, Vec::new()))
        });
        named.chain(inherited).collect()
    }
}

fn evidence(tag: String, rule: &str, words: String, at: Vec<Span>) -> Evidence {
    Evidence { tag, rule: rule.to_owned(), words: vec![words], at }
}

/// Decides between the named and the inherited places.
fn choose(gazetteer: &Gazetteer, places: &Places, text: &str, named: &[Named]) -> Chosen {
    let mut chosen = Chosen::default();
    let mut reported: Vec<&Named> = Vec::new();
    for place in named.iter().filter(|place| place.reported) {
        if reported.iter().all(|known| known.path != place.path) {
            reported.push(place);
        }
    }
    let mut has_subject = false;
    for (number, place) in reported.iter().enumerate() {
        if is_only_wider(&reported, number) || !places.let_report(gazetteer, place) {
            continue;
        }
        has_subject |= place.subject;
        chosen.named.push((place.path.clone(), place.at.clone(), "named"));
    }
    // The main statement is about the inherited place, the named ones are examples: both.
    if !has_subject || refers_to_current(text, places, gazetteer.divisions().all()) {
        let is_named =
            |place: &Inherited| chosen.named.iter().any(|(path, _, _)| *path == place.path);
        let has_example = |place: &Inherited| {
            chosen.named.iter().any(|(path, _, _)| is_strictly_below(path, &place.path))
        };
        let main = places
            .current
            .iter()
            .filter(|place| !is_named(place) && (chosen.named.is_empty() || has_example(place)));
        chosen.inherited.extend(main.cloned());
    }
    if chosen.named.is_empty() && chosen.inherited.is_empty() && refers_to_issuer(text) {
        chosen.inherited.extend(places.issuer.iter().cloned());
    }
    chosen
}

/// Whether a place only says where a narrower one lies: 云南省 beside 云南省/迪庆州. It reports on itself where it is
/// the subject and the narrower one comes later.
fn is_only_wider(reported: &[&Named], number: usize) -> bool {
    let Some(place) = reported.get(number) else { return false };
    reported.iter().enumerate().any(|(at, other)| {
        let right_behind = at == number + 1 && other.at.start <= place.at.end;
        is_strictly_below(&other.path, &place.path)
            && (at < number || !place.subject || right_behind)
    })
}

fn is_strictly_below(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether the text says 全州, 我市, 该县 of a current place of that kind.
fn refers_to_current(text: &str, places: &Places, all: &[Division]) -> bool {
    places.current.iter().any(|place| {
        let Some(name) = all.get(place.division).map(|division| division.name.as_str()) else {
            return false;
        };
        let Some(kind) = name.chars().next_back() else { return false };
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|rest| rest.find(kind)) {
            let before = text.get(..from + at).and_then(|before| before.chars().next_back());
            if matches!(before, Some('全' | '我' | '该' | '本')) {
                return true;
            }
            from += at + kind.len_utf8();
        }
        false
    })
}

fn refers_to_issuer(text: &str) -> bool {
    ["本省", "本市", "本自治区", "本县", "本州", "全省", "全市", "全区", "全县"]
        .iter()
        .any(|word| text.contains(word))
}

impl Places {
    /// The divisions the article is about, nearest first.
    fn context(&self) -> Vec<usize> {
        let all = self.current.iter().chain(&self.title).chain(&self.issuer);
        all.map(|place| place.division).collect()
    }

    /// Whether what the article is about lets a paragraph report on a named place: within it always; above or beside
    /// it only as the paragraph's subject, and above it never where a title or heading set the place.
    fn let_report(&self, gazetteer: &Gazetteer, place: &Named) -> bool {
        let divisions = gazetteer.divisions();
        let set_by_title =
            !self.title.is_empty() || self.current.iter().any(|known| known.rule != "lead");
        if self.current.iter().any(|known| is_strictly_below(&known.path, &place.path)) {
            return place.subject && !set_by_title;
        }
        let within = |known: &Inherited| divisions.is_within(place.division, known.division);
        place.subject || !set_by_title || self.current.is_empty() || self.current.iter().any(within)
    }

    fn read_title(&mut self, gazetteer: &Gazetteer, title: &str) {
        let hits = gazetteer.hits(title, &[]);
        let named = places_named(gazetteer, title, &hits);
        let found = inherited(&named, title, "title");
        if is_issued_text(title) {
            self.issuer = found;
        } else {
            self.title.clone_from(&found);
            self.current = found;
        }
    }

    /// A heading that names a place sets it; one of the same or a higher numbering that names none ends it.
    fn read_heading(&mut self, text: &str, named: &[Named], chosen: &mut Chosen) {
        if is_issued_text(text) {
            *chosen = Chosen::default();
            if self.issuer.is_empty() {
                self.issuer = inherited(named, text, "title");
            }
            return;
        }
        let level = heading_level(text);
        let found = inherited(
            named,
            text,
            if self.title.is_empty() && !self.lead_seen { "title" } else { "heading" },
        );
        let found: Vec<Inherited> = found
            .into_iter()
            .filter(|place| chosen.named.iter().any(|(path, _, _)| *path == place.path))
            .collect();
        if found.is_empty() {
            if matches!((level, self.set_at), (Some(level), Some(set)) if level <= set) {
                self.current.clone_from(&self.title);
                self.set_at = None;
                chosen.inherited.clone_from(&self.current);
            }
            return;
        }
        if self.title.is_empty() && !self.lead_seen {
            self.title.clone_from(&found);
        } else {
            self.set_at = level;
        }
        self.current = found;
    }

    /// Material of its own begins: only the title still holds.
    fn forget_to_title(&mut self) {
        self.current.clone_from(&self.title);
        self.set_at = None;
        self.lead_seen = false;
    }

    /// The lead may say more exactly where the article plays, and a list of counties whose city is masked.
    fn read_body(
        &mut self,
        gazetteer: &Gazetteer,
        text: &str,
        named: &[Named],
        kind: ParagraphKind,
    ) {
        if let Some(place) = masked_parent(gazetteer, text, named) {
            let fits = self
                .current
                .iter()
                .all(|known| gazetteer.divisions().is_within(place.division, known.division));
            if fits {
                self.current = vec![place];
            }
        }
        if self.lead_seen || kind != ParagraphKind::Body {
            return;
        }
        self.lead_seen = true;
        // Where nothing is known yet, any one place the lead reports on will do.
        let unknown = self.current.is_empty();
        let candidates: Vec<Named> =
            named.iter().filter(|place| place.subject || unknown).cloned().collect();
        let found = inherited(&candidates, text, "lead");
        let [only] = found.as_slice() else { return };
        let within = self
            .current
            .iter()
            .all(|known| gazetteer.divisions().is_within(only.division, known.division));
        if within {
            self.current = found;
        }
    }
}

/// The reported places of a title, heading or lead that hold no other of them.
fn inherited(named: &[Named], text: &str, rule: &'static str) -> Vec<Inherited> {
    let mut found: Vec<Inherited> = Vec::new();
    for place in named.iter().filter(|place| place.reported) {
        let wider =
            named.iter().any(|other| other.reported && is_strictly_below(&other.path, &place.path));
        if !wider && found.iter().all(|known| known.path != place.path) {
            let words = text.get(place.at.clone()).unwrap_or("").to_owned();
            found.push(Inherited {
                path: place.path.clone(),
                division: place.division,
                rule,
                words,
            });
        }
    }
    found
}

/// Laws and exam papers: their title says who issued them, not what they report on.
fn is_issued_text(title: &str) -> bool {
    const EXAM: [&str; 9] =
        ["申论", "公考", "试题", "真题", "试卷", "公务员", "考试", "省考", "国考"];
    const LAW: [&str; 9] =
        ["条例", "办法", "规定", "细则", "规则", "决定", "公告", "修正案", "实施办法"];
    let title = title.trim_end_matches(|c: char| !c.is_alphanumeric());
    let without_note = title.split(['(', '（']).next().unwrap_or(title).trim_end();
    EXAM.iter().any(|word| title.contains(word))
        || LAW.iter().any(|word| without_note.ends_with(word))
}

/// 材料1, 给定资料二: what follows has nothing to do with what stands before.
fn opens_material(text: &str) -> bool {
    let rest = ["给定资料", "给定材料", "材料", "资料", "案例"].iter().find_map(|word| {
        text.trim_start_matches(|c: char| !c.is_alphanumeric()).strip_prefix(word)
    });
    rest.is_some_and(|number| {
        let number = number.trim().trim_end_matches([':', '：', '、', '.']);
        !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    })
}

/// 1 for `一、`, 2 for `（一）`, 3 for `1.`; `None` for a heading without number.
fn heading_level(text: &str) -> Option<u8> {
    const NUMERALS: &str = "一二三四五六七八九十";
    let text = text.trim_start();
    let first = text.chars().next()?;
    let rest = text.trim_start_matches(|c| NUMERALS.contains(c));
    if NUMERALS.contains(first) && rest.starts_with(['、', '.', '，', ',', ' ']) {
        return Some(1);
    }
    if matches!(first, '(' | '（') && text.chars().nth(1).is_some_and(|c| NUMERALS.contains(c)) {
        return Some(2);
    }
    first.is_ascii_digit().then_some(3)
}

/// The hits of a paragraph as places, with the towns and villages written behind them.
fn places_named(gazetteer: &Gazetteer, text: &str, hits: &[Hit<'_>]) -> Vec<Named> {
    let divisions = gazetteer.divisions();
    let mut named: Vec<Named> = Vec::new();
    for (number, hit) in hits.iter().enumerate() {
        let Some(ordinal) = hit.division else { continue };
        let Some(division) = divisions.get(ordinal) else { continue };
        // 云南省 in 云南省迪庆州 is part of the longer name.
        let continued =
            hits.get(number + 1).is_some_and(|next| next.chained && next.at.start == hit.at.end);
        if continued {
            continue;
        }
        let start = chain_start(hits, number);
        let (local, end) = local_names(gazetteer, division, text, hit.at.end);
        let path = local
            .iter()
            .fold(division.path.as_str().to_owned(), |path, name| format!("{path}/{name}"));
        let at = start..end;
        let (before, after) = around(text, &at);
        let name = text.get(at.clone()).unwrap_or("");
        let reported = !in_scheme_name(before, after) && !only_passing(before, name, after);
        named.push(Named {
            path,
            division: ordinal,
            reported,
            subject: stands_as_subject(before),
            at,
        });
    }
    named
}

fn chain_start(hits: &[Hit<'_>], number: usize) -> usize {
    let mut first = number;
    while hits.get(first).is_some_and(|hit| hit.chained)
        && first > 0
        && hits[first - 1].at.end == hits[first].at.start
    {
        first -= 1;
    }
    hits.get(first).map_or(0, |hit| hit.at.start)
}

/// Inside 《…》, or inside quotation marks that hold no more than the name of a scheme.
fn in_scheme_name(before: &str, after: &str) -> bool {
    let open = before
        .rfind(['《', '》'])
        .and_then(|at| before.get(at..))
        .is_some_and(|rest| rest.starts_with('《'));
    if open && after.contains('》') {
        return true;
    }
    let Some(start) = before.rfind(['“', '”', '「', '」', '"']) else { return false };
    let Some(quoted) = before.get(start..).filter(|rest| !rest.starts_with(['”', '」'])) else {
        return false;
    };
    // Straight quotes open and close alike: an odd number of them is open.
    if quoted.starts_with('"') && before.matches('"').count().is_multiple_of(2) {
        return false;
    }
    let Some(close) = after.find(['”', '」', '"']) else { return false };
    let length =
        quoted.chars().count() + after.get(..close).map_or(0, |inside| inside.chars().count());
    length <= SCHEME_NAME_MAX
}

/// Visited, quoted, sent from or helped: named, and not what the paragraph reports on.
fn only_passing(before: &str, name: &str, after: &str) -> bool {
    const BEFORE: [&str; 18] = [
        "考察",
        "视察",
        "赴",
        "前往",
        "对口支援",
        "对口帮扶",
        "支援",
        "援建",
        "驰援",
        "新华社",
        "本报",
        "中新社",
        "人民网",
        "央视网",
        "抵达",
        "飞往",
        "运往",
        "销往",
    ];
    const AFTER: [&str; 18] = [
        "考察时",
        "视察时",
        "调研时",
        "考察期间",
        "重要讲话",
        "重要指示",
        "工作重要讲话",
        "工作时",
        "时的重要讲话",
        "时重要讲话",
        "讲话精神",
        "代表团",
        "日电",
        "电(",
        "电（",
        "协作",
        "合作项目",
        "话剧",
    ];
    if BEFORE.iter().any(|word| before.ends_with(word))
        || AFTER.iter().any(|word| after.starts_with(word))
    {
        return true;
    }
    // The nation meets in its capital.
    const MEETS: [&str; 8] =
        ["举行", "隆重举行", "召开", "开幕", "闭幕", "人民大会堂", "钓鱼台", "会见"];
    if name.starts_with("北京") && MEETS.iter().any(|word| after.starts_with(word)) {
        return true;
    }
    // 第九次党代会, 第十五届人民代表大会: who met, not where something was done.
    if let Some(rest) = after.strip_prefix('第') {
        let rest = rest.trim_start_matches(|c| "一二三四五六七八九十百0123456789".contains(c));
        return rest.starts_with(['次', '届']);
    }
    // 昆明6月1日电
    let digits = after.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < after.len()
        && digits.starts_with('月')
        && after.chars().take(8).any(|c| c == '电')
}

/// Within the first sentence, near its start, and not behind a word for a partner: 与北京协作.
fn stands_as_subject(before: &str) -> bool {
    let far = before.char_indices().nth(SUBJECT_WITHIN).is_some();
    let later_sentence =
        before.char_indices().any(|(at, c)| matches!(c, '。' | '！' | '？' | '；') && at > 0);
    let partner = before.ends_with(['与', '同', '和', '向', '赴', '从', '被', '给', '为']);
    !far && !later_sentence && !partner
}

/// The town and village written right behind a division: 改则县 + 麻米乡 + 古昌村.
fn local_names(
    gazetteer: &Gazetteer,
    division: &Division,
    text: &str,
    from: usize,
) -> (Vec<String>, usize) {
    let mut names = Vec::new();
    let mut end = from;
    // Only counties have towns; the few cities without counties govern theirs themselves.
    if division.level == Level::Province
        || gazetteer.divisions().towns_of(&division.code).is_empty()
    {
        return (names, end);
    }
    for suffixes in [&["镇", "乡", "街道", "苏木"][..], &["村", "社区", "嘎查"][..]] {
        let Some(rest) = text.get(end..) else { break };
        let Some(name) = local_name(rest, suffixes) else { continue };
        let is_town = suffixes[0] == "镇";
        if is_town
            && !gazetteer.divisions().has_town(&division.code, name)
            && !is_plain_local_name(name)
        {
            continue;
        }
        if !is_town && !is_plain_local_name(name) {
            continue;
        }
        end += name.len();
        names.push(name.to_owned());
    }
    (names, end)
}

/// The shortest name at the start of a text that ends in one of the suffixes.
fn local_name<'t>(text: &'t str, suffixes: &[&str]) -> Option<&'t str> {
    let mut end = 0;
    for c in text.chars().take(LOCAL_NAME_MAX) {
        if !is_han(c) {
            return None;
        }
        end += c.len_utf8();
        let name = text.get(..end)?;
        let Some(suffix) = suffixes.iter().find(|suffix| name.ends_with(**suffix)) else {
            continue;
        };
        if name.len() == suffix.len() {
            return None;
        }
        // 乡村, 乡镇, 村民, 村委会: the suffix is the start of another word.
        let after = text.get(end..).unwrap_or("");
        let in_word = after.starts_with(['村', '镇', '贤']) && *suffix == "乡"
            || after.starts_with(['民', '委', '两', '支', '务', '干']) && *suffix == "村";
        return (!in_word).then_some(name);
    }
    None
}

/// Two to four characters before the suffix without the words that make it a phrase: 各乡, 农村, 全县重点村.
fn is_plain_local_name(name: &str) -> bool {
    const PHRASE: &str = "的各个全等多和与及在有为是对把到设建推党农贫脱以县市区乡镇本该每两几些这那城山渔示范重点边境行政自然治理试新大小数字智慧美丽特色乡";
    const KNOWN_PHRASES: [&str; 6] = ["农村", "乡村", "山村", "新村", "社区", "街道"];
    let count = name.chars().count();
    let stem_is_plain = name.chars().take(count - 1).all(|c| !PHRASE.contains(c));
    (3..=5).contains(&count) && stem_is_plain && !KNOWN_PHRASES.contains(&name)
}

fn is_han(c: char) -> bool {
    crate::text::tokens::is_han(c)
}

/// Towns named without their county, where the article or the paragraph is about the county or its prefecture.
fn add_towns_of_the_current_place(
    gazetteer: &Gazetteer,
    places: &Places,
    text: &str,
    named: &mut Vec<Named>,
) {
    let about = places
        .current
        .iter()
        .map(|place| place.division)
        .chain(named.iter().map(|place| place.division));
    let mut counties: Vec<usize> = Vec::new();
    for county in about.flat_map(|division| counties_with_towns(gazetteer.divisions(), division)) {
        if !counties.contains(&county) {
            counties.push(county);
        }
    }
    if counties.is_empty() {
        return;
    }
    let mut found: Vec<Named> = Vec::new();
    for suffix in ["镇", "乡", "街道", "苏木"] {
        for (at, _) in text.match_indices(suffix) {
            let end = at + suffix.len();
            // Named places stand in the order of the text and do not overlap.
            let next = named.partition_point(|place| place.at.end < end);
            if named.get(next).is_some_and(|place| place.at.start < end) {
                continue;
            }
            found.extend(town_ending_at(gazetteer.divisions(), &counties, text, end));
        }
    }
    named.extend(found);
    named.sort_by_key(|place| place.at.start);
}

/// The county itself, or the counties of a prefecture; a province has too many towns of the same name.
fn counties_with_towns(divisions: &Divisions, at: usize) -> Vec<usize> {
    let has_towns = |at: usize| {
        divisions.get(at).is_some_and(|division| !divisions.towns_of(&division.code).is_empty())
    };
    match divisions.get(at).map(|division| division.level) {
        Some(Level::County) if has_towns(at) => vec![at],
        Some(Level::Prefecture) => {
            // In the order of codes a prefecture's counties stand right behind it.
            let is_child = |county: &usize| {
                divisions.get(*county).is_some_and(|county| county.parent == Some(at))
            };
            std::iter::once(at)
                .chain((at + 1..).take_while(is_child))
                .filter(|at| has_towns(*at))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The town of one of the counties whose name ends here, with the village behind it.
fn town_ending_at(
    divisions: &Divisions,
    counties: &[usize],
    text: &str,
    end: usize,
) -> Option<Named> {
    let before = text.get(..end)?;
    let starts: Vec<usize> =
        before.char_indices().rev().take(LOCAL_NAME_MAX).map(|(at, _)| at).collect();
    // The longest name first: 新城镇 before 城镇. Two characters (城镇, 山乡) are too often a word.
    let (start, county) = starts.iter().skip(2).rev().find_map(|start| {
        let name = text.get(*start..end)?;
        let has_it = |at: &&usize| {
            divisions.get(**at).is_some_and(|county| divisions.has_town(&county.code, name))
        };
        counties.iter().find(has_it).map(|county| (*start, *county))
    })?;
    let mut path = format!("{}/{}", divisions.get(county)?.path, text.get(start..end)?);
    let mut at = start..end;
    let village = text.get(end..).and_then(|rest| local_name(rest, &["村", "社区", "嘎查"]));
    if let Some(village) = village.filter(|village| is_plain_local_name(village)) {
        path = format!("{path}/{village}");
        at.end += village.len();
    }
    let (before, after) = around(text, &at);
    let reported = !in_scheme_name(before, after);
    Some(Named { path, division: county, reported, subject: stands_as_subject(before), at })
}

/// The city that a masked name (XX市, 某市) stands for, where the counties it governs are named: 下辖阿巴嘎旗.
fn masked_parent(gazetteer: &Gazetteer, text: &str, named: &[Named]) -> Option<Inherited> {
    const MASKS: [&str; 6] = ["XX", "××", "xx", "某", "＊＊", "**"];
    const GOVERNS: [&str; 5] = ["下辖", "辖", "所属", "境内", "下设"];
    let divisions = gazetteer.divisions();
    let masked = MASKS.iter().find_map(|mask| {
        text.match_indices(mask).find_map(|(at, _)| {
            let end = at + mask.len();
            let rest = text.get(end..)?;
            ["市", "州", "盟", "地区"]
                .iter()
                .any(|suffix| rest.starts_with(suffix))
                .then_some(at..end)
        })
    })?;
    let sentence_end =
        text.get(masked.end..)?.find('。').map_or(text.len(), |end| masked.end + end);
    let governed_at =
        GOVERNS.iter().filter_map(|word| text.get(masked.end..sentence_end)?.find(word)).min()?;
    let mut parents = named
        .iter()
        .filter(|place| place.at.start > masked.end + governed_at && place.at.start < sentence_end)
        .filter_map(|place| {
            divisions.get(place.division).filter(|division| division.level == Level::County)
        })
        .map(|division| division.parent);
    let parent = parents.next()??;
    if !parents.all(|other| other == Some(parent)) {
        return None;
    }
    let division = divisions.get(parent).filter(|division| division.level == Level::Prefecture)?;
    let words = text.get(masked)?.to_owned();
    Some(Inherited {
        path: division.path.as_str().to_owned(),
        division: parent,
        rule: "masked",
        words,
    })
}

#[cfg(test)]
mod tests;
