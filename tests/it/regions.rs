//! Names of divisions in running text: traps, frames over all counties and towns, and every alias.

use crate::support::{repository, vocabulary};
use fangzhi::ingest::normalize::radicals::unify_radicals;
use fangzhi::model::{Article, Paragraph, ParagraphKind, RegionPath};
use fangzhi::tag::Tagger;
use fangzhi::vocab::divisions::{Division, Level, NameKind, Resolution};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::sync::LazyLock;

/// Every how-manieth name the frames are tried with; each name gets one frame, in turn.
const STEP: usize = 3;

fn tagger() -> &'static Tagger {
    static TAGGER: LazyLock<Tagger> = LazyLock::new(|| Tagger::new(vocabulary()));
    &TAGGER
}

/// What a text of one paragraph mentions, and what it reports on.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let mut article = Article {
        paragraphs: vec![Paragraph::new(text, ParagraphKind::Body)],
        ..Article::default()
    };
    tagger().tag_article(&mut article);
    let paragraph = &article.paragraphs[0];
    let strings = |paths: Vec<&RegionPath>| paths.iter().map(ToString::to_string).collect();
    (
        strings(paragraph.mentions.iter().collect()),
        strings(paragraph.regions.iter().map(|tag| &tag.path).collect()),
    )
}

/// Whether one path is the other or lies above it.
fn is_on_the_way(path: &str, to: &str) -> bool {
    to.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Lines of a text and the divisions it mentions, joined by spaces; those above them may be mentioned too.
#[track_caller]
fn check_table(file: &str, at_least: usize) {
    let rows = fs::read_to_string(repository("tests/fixtures/regions").join(file)).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in rows.lines().skip(1) {
        let (text, wanted) = line.split_once('\t').unwrap();
        let wanted: Vec<&str> = wanted.split(' ').filter(|path| !path.is_empty()).collect();
        let (mentions, _) = read(text);
        count += 1;
        let found = wanted.iter().all(|path| mentions.iter().any(|mention| mention == path));
        let no_other =
            mentions.iter().all(|path| wanted.iter().any(|wanted| is_on_the_way(path, wanted)));
        if !found || !no_other {
            wrong.push(format!("{text}: {mentions:?}, wanted {wanted:?}"));
        }
    }
    assert!(count >= at_least, "only {count} lines in {file}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_trap_is_taken_for_a_place_and_no_place_for_a_trap() {
    check_table("traps.tsv", 200);
}

#[test]
fn addresses_and_names_of_offices_lead_to_their_divisions() {
    check_table("addresses.tsv", 150);
}

/// Lines of an article (` ¶ ` between them, `# ` before a heading) and what the last one reports on.
#[test]
fn what_a_sentence_reports_on_is_what_a_reader_would_say() {
    let rows = fs::read_to_string(repository("tests/fixtures/regions/reported.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows.lines().skip(1) {
        let (text, wanted) = row.split_once('\t').unwrap();
        let paragraphs = text.split(" ¶ ").map(|line| match line.strip_prefix("# ") {
            Some(heading) => Paragraph::new(heading, ParagraphKind::Heading),
            None => Paragraph::new(line, ParagraphKind::Body),
        });
        let mut article = Article { paragraphs: paragraphs.collect(), ..Article::default() };
        tagger().tag_article(&mut article);
        let regions = &article.paragraphs.last().unwrap().regions;
        let found: BTreeSet<&str> = regions.iter().map(|tag| tag.path.as_str()).collect();
        let wanted: BTreeSet<&str> = wanted.split(' ').filter(|path| !path.is_empty()).collect();
        count += 1;
        if found != wanted {
            wrong.push(format!("{text}: {found:?}, wanted {wanted:?}"));
        }
    }
    assert!(count >= 150, "only {count} lines");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Sentences as reports write them; `@` is the place.
const FRAMES: [&str; 14] = [
    "近年来,@坚持党建引领,建立网格长制度。",
    "记者日前从@了解到,今年新修道路30公里。",
    "在@,村民办事不再跑远路。",
    "@:抓实主题党日",
    "(@供稿)",
    "去年以来,@累计投入2.3亿元用于危房改造。",
    "日前,@召开现场推进会。",
    "走进@的便民大厅,群众正在排队取号。",
    "这项工作由@率先试点,随后全面铺开。",
    "截至目前,@已建成养老服务站12个。",
    "@农业农村局的干部来到田间。",
    "“以前靠天吃饭。”@的一位农民说。",
    "他出生在@一个普通家庭。",
    "项目覆盖@全部行政村。",
];

#[derive(Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
    examples: Vec<String>,
}

impl Count {
    /// Sets a name into a frame and counts whether its path is found and what else is.
    fn add(&mut self, number: usize, name: &str, path: &str) {
        let text = FRAMES[number % FRAMES.len()].replace('@', name);
        let (mentions, _) = read(&text);
        let found = mentions.iter().any(|mention| mention == path);
        let others = mentions.iter().filter(|mention| !is_on_the_way(mention, path)).count();
        self.right += usize::from(found);
        self.missed += usize::from(!found);
        self.wrong += others;
        if !found || others > 0 {
            self.examples.push(format!("{text} {mentions:?}, wanted {path}"));
        }
    }

    #[track_caller]
    fn check(&self, what: &str) {
        let share = |part: usize, rest: usize| part as f64 / (part + rest).max(1) as f64;
        let (recall, precision) = (share(self.right, self.missed), share(self.right, self.wrong));
        eprintln!(
            "{what}: {} names, recall {recall:.4}, precision {precision:.4}",
            self.right + self.missed
        );
        let examples: Vec<&str> = self.examples.iter().take(40).map(String::as_str).collect();
        assert!(recall >= 0.99 && precision >= 0.98, "{what}:\n{}", examples.join("\n"));
    }
}

/// The names above a division, joined: 云南省迪庆藏族自治州.
fn above(division: &Division, name: impl Fn(&Division) -> String) -> String {
    let vocabulary = vocabulary();
    let mut names = Vec::new();
    let mut at = division.parent;
    while let Some(parent) = at.and_then(|at| vocabulary.divisions.get(at)) {
        names.push(name(parent));
        at = parent.parent;
    }
    names.reverse();
    names.concat()
}

/// The name people write for short.
fn short(division: &Division) -> String {
    division.short.first().unwrap_or(&division.name).clone()
}

#[test]
fn counties_by_their_full_path_are_found_in_any_sentence() {
    let mut count = Count::default();
    let vocabulary = vocabulary();
    let counties =
        vocabulary.divisions.all().iter().filter(|division| division.level == Level::County);
    for (number, county) in counties.step_by(STEP).enumerate() {
        let name = format!("{}{}", above(county, |above| above.name.clone()), county.name);
        count.add(number, &name, county.path.as_str());
    }
    count.check("counties, full path");
}

#[test]
fn counties_behind_short_parents_are_found_in_any_sentence() {
    let mut count = Count::default();
    let vocabulary = vocabulary();
    let counties =
        vocabulary.divisions.all().iter().filter(|division| division.level == Level::County);
    for (number, county) in counties.skip(1).step_by(STEP).enumerate() {
        let name = format!("{}{}", above(county, short), county.name);
        count.add(number, &name, county.path.as_str());
    }
    count.check("counties, short parents");
}

#[test]
fn short_counties_behind_their_prefecture_are_found_in_any_sentence() {
    let mut count = Count::default();
    let vocabulary = vocabulary();
    let divisions = &vocabulary.divisions;
    let counties = divisions.all().iter().filter(|division| {
        division.level == Level::County
            && division.short.first().is_some_and(|name| name.chars().count() > 1)
    });
    for (number, county) in counties.skip(2).step_by(STEP).enumerate() {
        let name = format!("{}{}", above(county, short), short(county));
        count.add(number, &name, county.path.as_str());
    }
    count.check("counties, all short");
}

#[test]
fn counties_with_a_name_of_their_own_are_found_without_a_parent() {
    let mut count = Count::default();
    let vocabulary = vocabulary();
    let divisions = &vocabulary.divisions;
    for (number, county) in divisions.all().iter().enumerate().step_by(STEP) {
        let own = divisions.named(&county.name);
        if county.level == Level::County
            && own.len() == 1
            && own[0].1 == NameKind::Full
            && county.name.chars().count() > 2
        {
            count.add(number, &county.name, county.path.as_str());
        }
    }
    count.check("counties, bare");
}

#[test]
fn towns_behind_their_county_are_found_in_any_sentence() {
    let mut count = Count::default();
    let vocabulary = vocabulary();
    let divisions = &vocabulary.divisions;
    let towns = fs::read_to_string(repository("index-schema/towns.csv")).unwrap();
    for (number, line) in towns.lines().skip(1).enumerate().step_by(10 * STEP) {
        let (town, codes) = line.split_once(',').unwrap();
        let county = divisions.by_code(codes.split('|').next().unwrap()).unwrap();
        let name = format!("{}{}{town}", above(county, |above| above.name.clone()), county.name);
        count.add(number, &name, &format!("{}/{town}", county.path));
        let name = format!("{}{town}", county.name);
        if divisions.named(&county.name).len() == 1 {
            count.add(number + 1, &name, &format!("{}/{town}", county.path));
        }
    }
    count.check("towns");
}

#[test]
fn every_alias_alone_or_behind_its_parents_leads_to_its_division() {
    let vocabulary = vocabulary();
    let divisions = &vocabulary.divisions;
    let mut wrong = Vec::new();
    for (name, at, kind) in divisions.all_names() {
        let division = &divisions.all()[at];
        let alone = divisions.resolve(name);
        let behind = format!("{}/{name}", above(division, |above| above.name.clone()));
        let behind = divisions.resolve(&behind);
        // A name may mean another of its bearers (a province, the division of today), and one that was split into
        // several the division above them; then a note or the kind of name says so.
        let bearers = divisions.named(name);
        let is_bearer = |path: &RegionPath| {
            bearers
                .iter()
                .any(|(at, _)| is_on_the_way(path.as_str(), divisions.all()[*at].path.as_str()))
        };
        let is_right = |resolution: &Resolution| match resolution {
            Resolution::One(path, note) => {
                *path == division.path
                    || bearers.len() > 1
                        && is_bearer(path)
                        && (note.is_some() || matches!(kind, NameKind::Former(_)))
            }
            Resolution::Ambiguous(candidates) => {
                candidates.iter().any(|candidate| candidate.path == division.path)
            }
            Resolution::Unknown { .. } => false,
        };
        if !is_right(&alone) || !is_right(&behind) {
            wrong.push(format!("{name} {alone:?}, {behind:?}, wanted {}", division.path));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_code_in_full_or_without_its_zeros_leads_to_its_division() {
    let vocabulary = vocabulary();
    for division in vocabulary.divisions.all() {
        let short = match division.level {
            Level::Province => division.code.trim_end_matches("0000"),
            Level::Prefecture => division.code.trim_end_matches("00"),
            Level::County => &division.code,
        };
        for code in [division.code.as_str(), short] {
            assert_eq!(
                vocabulary.divisions.resolve(code),
                Resolution::One(division.path.clone(), None),
                "{code}"
            );
        }
    }
}

/// What a name looks like when it was copied out of some PDF files: radicals for ideographs (⻄ for 西).
fn with_radicals(name: &str) -> String {
    static RADICALS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let rows = fs::read_to_string(repository("index-schema/radicals.tsv")).unwrap();
        let pairs = rows.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (radical, ideograph) = line.split_once('\t')?;
            Some((ideograph.chars().next()?, radical.chars().next()?))
        });
        pairs.collect()
    });
    name.chars().map(|c| RADICALS.get(&c).copied().unwrap_or(c)).collect()
}

#[test]
fn names_with_look_alike_radicals_are_those_without() {
    let vocabulary = vocabulary();
    let divisions = &vocabulary.divisions;
    let mut wrong = Vec::new();
    let mut count = 0;
    for division in divisions.all() {
        let written = format!("{}{}", above(division, |above| above.name.clone()), division.name);
        let odd = with_radicals(&written);
        if odd == written {
            continue;
        }
        count += 1;
        let is_resolved =
            matches!(divisions.resolve(&odd), Resolution::One(path, _) if path == division.path);
        let (cleaned, _) = unify_radicals(&odd);
        let (mentions, _) = read(&format!("在{cleaned},村民办事不再跑远路。"));
        let is_found = mentions.iter().any(|mention| mention == division.path.as_str());
        if !is_resolved || !is_found {
            wrong.push(format!("{odd}: resolved {is_resolved}, {mentions:?}"));
        }
    }
    eprintln!("{count} names with look-alike radicals");
    assert!(count > 1000 && wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
