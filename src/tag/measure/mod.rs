//! Which measures a paragraph describes: cues found, read in their context, and weighed.
//!
//! Cues are words that speak for a measure ([`cues`]; `index-schema/measures.toml`). What they say together is first the
//! weighted lexicon ([`plain`]): a cue counts fully where something was done, less in talk, hardly in instructions. For
//! the built-in measures that is one of many features ([`features`]), which a learned linear model ([`model`]) adds up;
//! a user's own measures need no training, their cues and threshold decide. Headings and bylines describe none.

mod context;
mod cues;
mod features;
mod model;
mod plain;
mod words;

use super::offsets::CharOffsets;
use crate::model::{Article, Evidence, MeasurePath, ParagraphKind, Tag};
use crate::vocab::measures::{MODEL, Measure, Measures, USUAL};
use context::Read;
use cues::{Reader, cue_of};
use features::{Case, Place, Surroundings};
use model::Model;
use plain::{Score, Scores};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// Most places kept as evidence of one tag.
const EVIDENCE_MAX: usize = 8;
/// For measures that the lexicon decides: how much of the best measure's score one needs in the same paragraph, and the
/// most this can ask.
const SHARE_OF_BEST: f32 = 0.4;
const BESIDE_BEST_MAX: f32 = 1.6;
/// How many paragraphs before and behind one are looked at.
const NEIGHBOURS: usize = 3;
/// Words of a heading whose section tells what is planned, and what was done.
const PLAN_HEADINGS: [&str; 12] = [
    "今后",
    "下一步",
    "工作安排",
    "工作部署",
    "目标任务",
    "总体要求",
    "发展目标",
    "主要目标",
    "重点工作",
    "工作打算",
    "努力方向",
    "奋斗目标",
];
const ACCOUNT_HEADINGS: [&str; 8] =
    ["回顾", "过去一年", "过去五年", "主要做法", "工作成效", "主要成效", "工作情况", "完成情况"];

/// Weighs cues.
#[derive(Debug)]
pub struct MeasureTagger {
    measures: Arc<[Measure]>,
    reader: Reader,
    model: Model,
}

/// What is known of one measure in one paragraph, by the names of the model's file: what training reads.
#[derive(Debug, Clone)]
pub struct MeasureCase {
    /// The measure's path.
    pub measure: String,
    /// Features and their values.
    pub features: Vec<(String, f32)>,
    /// Cues, as written in the vocabulary, and what each counts.
    pub cues: Vec<(String, f32)>,
    /// The score of the weighted lexicon alone.
    pub plain: f32,
}

/// What speaks for a measure in a paragraph, and what must.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighedMeasure {
    /// Its score.
    pub score: f32,
    /// The score from which on the tag is given.
    pub threshold: f32,
    /// The measure and the words that speak for it.
    pub evidence: Evidence,
}

/// A paragraph of which cues and scores are known.
struct Known {
    read: Read,
    scores: Scores,
}

impl MeasureTagger {
    /// Compiles the cues.
    pub fn new(measures: &Measures) -> Self {
        let measures = measures.shared();
        Self { reader: Reader::new(&measures), model: Model::new(MODEL, &measures), measures }
    }

    /// Adds the measures of an article's paragraphs, best first, with their evidence; `texts` are the paragraphs'
    /// Simplified texts.
    pub(crate) fn tag(&self, article: &mut Article, texts: &[String]) {
        let mut tagged = Vec::new();
        self.each(article, texts, &mut |at, around, known| {
            let text = texts.get(at).map_or("", String::as_str);
            tagged.push((at, self.described(text, around, known)));
        });
        for (at, described) in tagged {
            let Some(paragraph) = article.paragraphs.get_mut(at) else { continue };
            for (path, evidence) in described {
                paragraph.measures.push(Tag { path, inferred: false });
                paragraph.evidence.push(evidence);
            }
        }
    }

    /// What training reads: for every paragraph of an article that is neither heading nor byline its ordinal and the
    /// measures that have a cue in it.
    pub fn cases(&self, article: &Article, texts: &[String]) -> Vec<(usize, Vec<MeasureCase>)> {
        let names = features::feature_names();
        let mut all = Vec::new();
        self.each(article, texts, &mut |at, around, known| {
            let text = texts.get(at).map_or("", String::as_str);
            let paragraph = self.paragraph(text, around, known);
            let mut case = Case::default();
            let cases = known.scores.all.iter().map(|score| {
                paragraph.case(score, &mut case);
                let words = features::features_of(&known.read.words).map(|word| (word, 1.0));
                case.values.extend(words);
                self.named(&names, &case, score.value)
            });
            all.push((at, cases.collect()));
        });
        all
    }

    fn named(&self, names: &[String], case: &Case, plain: f32) -> MeasureCase {
        let measure = self.measures.get(case.measure);
        let cue =
            |at: usize| cue_of(&self.measures, case.measure, at).map(|cue| cue.parts.join("…"));
        MeasureCase {
            measure: measure.map_or_else(String::new, |measure| measure.path.to_string()),
            features: case
                .values
                .iter()
                .filter_map(|(at, value)| Some((names.get(*at)?.clone(), *value)))
                .collect(),
            cues: case.cues.iter().filter_map(|(at, value)| Some((cue(*at)?, *value))).collect(),
            plain,
        }
    }

    /// Calls `f` for each paragraph that can describe measures, in order, with what stands around it. No more than some
    /// neighbours are kept at a time.
    fn each(
        &self,
        article: &Article,
        texts: &[String],
        f: &mut dyn FnMut(usize, &Surroundings<'_>, &Known),
    ) {
        let title = article.title.as_deref().map(|title| self.named_in(title)).unwrap_or_default();
        let mut section = Place { title, ..Place::default() };
        let mut window: VecDeque<(usize, Place, Known)> = VecDeque::new();
        // Paragraphs of the window that were given out already.
        let mut given = 0;
        let mut heading_above = false;
        for (at, text) in texts.iter().enumerate() {
            let kind = |at: usize| article.paragraphs.get(at).map(|paragraph| paragraph.kind);
            match kind(at) {
                Some(ParagraphKind::Heading) => {
                    self.enter_section(&mut section, text);
                    heading_above = true;
                    continue;
                }
                Some(ParagraphKind::Byline) | None => continue,
                Some(_) => {}
            }
            let lead = heading_above && kind(at + 1) == Some(ParagraphKind::Body);
            heading_above = false;
            let law = is_article_of_law(text);
            let place = Place { lead, law, ..section.clone() };
            let known = self.known(text, lead);
            window.push_back((at, place, known));
            if window.len() > given + NEIGHBOURS {
                self.give(&window, given, f);
                given += 1;
            }
            if given > NEIGHBOURS {
                window.pop_front();
                given -= 1;
            }
        }
        while given < window.len() {
            self.give(&window, given, f);
            given += 1;
        }
    }

    /// Gives out one paragraph of the window with the scores of those around it.
    fn give(
        &self,
        window: &VecDeque<(usize, Place, Known)>,
        at: usize,
        f: &mut dyn FnMut(usize, &Surroundings<'_>, &Known),
    ) {
        let Some((ordinal, place, known)) = window.get(at) else { return };
        let first = at.saturating_sub(NEIGHBOURS);
        let neighbours = window
            .iter()
            .enumerate()
            .skip(first)
            .take_while(|(other, _)| *other <= at + NEIGHBOURS);
        let near = neighbours.filter_map(|(other, (_, _, neighbour))| {
            Some((distance(at, other)?, neighbour.scores.all.as_slice()))
        });
        f(*ordinal, &Surroundings { place, near: near.collect() }, known);
    }

    fn enter_section(&self, section: &mut Place, heading: &str) {
        section.heading = self.named_in(heading);
        let holds = |words: &[&str]| words.iter().any(|word| heading.contains(word));
        if holds(&PLAN_HEADINGS) {
            (section.plan_section, section.account_section) = (true, false);
        }
        if holds(&ACCOUNT_HEADINGS) {
            (section.plan_section, section.account_section) = (false, true);
        }
    }

    fn known(&self, text: &str, lead: bool) -> Known {
        let (read, found) = self.reader.read(&self.measures, text);
        let scores = Scores::new(&read, found, lead);
        Known { read, scores }
    }

    fn paragraph<'a>(
        &'a self,
        text: &'a str,
        around: &'a Surroundings<'a>,
        known: &'a Known,
    ) -> features::Paragraph<'a> {
        features::Paragraph::new(text, &known.read, &self.measures, around, &known.scores)
    }

    /// The measures that a heading names with more than a generic word, sorted.
    fn named_in(&self, heading: &str) -> Rc<[usize]> {
        let (_, found) = self.reader.read(&self.measures, heading);
        let telling = found.iter().filter(|hit| hit.traits.weight >= USUAL);
        let mut named: Vec<usize> = telling.map(|hit| hit.measure).collect();
        named.dedup();
        named.into()
    }

    /// The measures that reach their thresholds, best first, with their evidence.
    fn described(
        &self,
        text: &str,
        around: &Surroundings<'_>,
        known: &Known,
    ) -> Vec<(MeasurePath, Evidence)> {
        let mut described = self.against_thresholds(text, around, known);
        described.retain(|(value, needed, _)| value >= needed);
        if described.is_empty() {
            return Vec::new();
        }
        let over = |(value, needed, _): &(f32, f32, &Score)| value / needed;
        described.sort_by(|a, b| over(b).total_cmp(&over(a)).then(a.2.measure.cmp(&b.2.measure)));
        let offsets = CharOffsets::new(text);
        let evident = described.into_iter().filter_map(|(_, _, score)| {
            let path = &self.measures.get(score.measure)?.path;
            Some((path.clone(), evidence(&known.scores, score, path, text, &offsets)))
        });
        evident.collect()
    }

    /// What each measure with a cue reaches, and what it needs; not those that are only demanded.
    fn against_thresholds<'k>(
        &self,
        text: &str,
        around: &Surroundings<'_>,
        known: &'k Known,
    ) -> Vec<(f32, f32, &'k Score)> {
        let scores = &known.scores;
        if scores.all.is_empty() {
            return Vec::new();
        }
        let paragraph = self.paragraph(text, around, known);
        let words = self.model.of_words(&known.read.words);
        let best = scores.all.iter().map(|score| score.value).fold(0.0, f32::max);
        let beside_best = (SHARE_OF_BEST * best).min(BESIDE_BEST_MAX);
        let mut case = Case::default();
        let mut weighed = Vec::new();
        for score in &scores.all {
            let Some(measure) = self.measures.get(score.measure) else { continue };
            let only_demanded = scores.found(score).iter().all(|hit| {
                known.read.sentences.get(hit.sentence).is_some_and(|sentence| sentence.demanded)
            });
            if only_demanded {
                continue;
            }
            paragraph.case(score, &mut case);
            let odds = self.model.odds(&case, &words);
            let value = odds.unwrap_or(score.value);
            let needed =
                if odds.is_some() { measure.threshold } else { measure.threshold.max(beside_best) };
            weighed.push((value, needed, score));
        }
        weighed
    }

    /// What each measure reaches in each paragraph of an article, given or not, by the paragraph's ordinal.
    pub(crate) fn weigh(
        &self,
        article: &Article,
        texts: &[String],
    ) -> Vec<(usize, WeighedMeasure)> {
        let mut all = Vec::new();
        self.each(article, texts, &mut |at, around, known| {
            let text = texts.get(at).map_or("", String::as_str);
            let offsets = CharOffsets::new(text);
            for (reached, threshold, score) in self.against_thresholds(text, around, known) {
                let Some(measure) = self.measures.get(score.measure) else { continue };
                let evidence = evidence(&known.scores, score, &measure.path, text, &offsets);
                all.push((at, WeighedMeasure { score: reached, threshold, evidence }));
            }
        });
        all
    }
}

fn distance(from: usize, to: usize) -> Option<isize> {
    let distance = isize::try_from(to).ok()? - isize::try_from(from).ok()?;
    (distance != 0).then_some(distance)
}

/// Whether a paragraph is an article of a law: 第十二条 县级以上人民政府应当….
fn is_article_of_law(text: &str) -> bool {
    text.trim_start().strip_prefix('第').and_then(|rest| rest.split_once('条')).is_some_and(
        |(number, _)| {
            !number.is_empty()
                && number.chars().all(|c| "一二三四五六七八九十百零0123456789".contains(c))
        },
    )
}

/// The words that carried a tag, with their places.
fn evidence(
    scores: &Scores,
    score: &Score,
    path: &MeasurePath,
    text: &str,
    offsets: &CharOffsets<'_>,
) -> Evidence {
    let at = || scores.found(score).iter().map(|hit| hit.at.clone()).take(EVIDENCE_MAX);
    Evidence {
        tag: path.as_str().to_owned(),
        rule: "cue".to_owned(),
        words: at().filter_map(|range| text.get(range)).map(str::to_owned).collect(),
        at: at().map(|range| offsets.span(range.start, range.end)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Paragraph;
    use crate::vocab::Vocabulary;
    use std::sync::LazyLock;

    fn tagger() -> &'static MeasureTagger {
        static TAGGER: LazyLock<MeasureTagger> =
            LazyLock::new(|| MeasureTagger::new(&Vocabulary::builtin().measures));
        &TAGGER
    }

    fn tagged(kind: ParagraphKind, text: &str) -> Paragraph {
        let mut article =
            Article { paragraphs: vec![Paragraph::new(text, kind)], ..Article::default() };
        tagger().tag(&mut article, &[text.to_owned()]);
        article.paragraphs.remove(0)
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tagged = tagged(ParagraphKind::Body, text);
        let names: Vec<&str> = tagged.measures.iter().map(|tag| tag.path.name()).collect();
        assert_eq!(names, expected, "{text}");
    }

    #[test]
    fn a_named_act_with_a_number_is_described() {
        check("全县划分网格320个,配备网格员510名。", &["网格化管理"]);
        check("向85个村选派第一书记85名,实现驻村工作队全覆盖。", &["第一书记与驻村工作队"]);
        check("共调解矛盾纠纷46起,化解信访积案7件。", &["矛盾纠纷化解"]);
    }

    #[test]
    fn generic_words_alone_describe_nothing() {
        for text in [
            "平安是发展的基础。",
            "搭建平台,推动共建共享。",
            "坚持生态优先,重视教育。",
            "团结各族群众,建设美好家园。",
            "产业兴旺,人才辈出。",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn instructions_and_speeches_describe_nothing() {
        check("会议强调,要加强网格化管理,完善调解机制。", &[]);
        check("报告明确提出,持续整顿软弱涣散基层党组织。", &[]);
        check("各村要健全村务监督制度。", &[]);
    }

    #[test]
    fn a_list_of_slogans_describes_nothing() {
        check(
            "推动党建、网格化管理、普法宣传、人居环境、志愿服务、便民服务、民族团结、移风易俗同步发展。",
            &[],
        );
    }

    #[test]
    fn headings_and_bylines_describe_nothing() {
        let text = "全县划分网格320个,配备网格员510名。";
        for kind in [ParagraphKind::Heading, ParagraphKind::Byline] {
            assert!(tagged(kind, text).measures.is_empty());
        }
    }

    #[test]
    fn the_opening_of_a_section_needs_a_number() {
        let first_below_heading = |text: &str| {
            let texts = ["落实组织生活制度", text, "其他工作如下。"].map(str::to_owned);
            let kinds = [ParagraphKind::Heading, ParagraphKind::Body, ParagraphKind::Body];
            let paragraphs =
                kinds.iter().zip(&texts).map(|(kind, text)| Paragraph::new(text, *kind));
            let mut article = Article { paragraphs: paragraphs.collect(), ..Article::default() };
            tagger().tag(&mut article, &texts);
            article.paragraphs[1].measures.len()
        };
        assert_eq!(first_below_heading("该州看重组织生活制度,努力使之规范。"), 0);
        assert_ne!(first_below_heading("该州落实组织生活制度,开展主题党日活动52场次。"), 0);
    }

    #[test]
    fn a_cue_inside_a_cancelling_expression_does_not_count() {
        check("内蒙古自治区自治县自治州2个。", &[]);
        check("开通直通车2趟。", &[]);
    }

    #[test]
    fn a_users_measure_works_with_its_cues_and_threshold_alone() {
        let toml = |threshold: &str| {
            let text = format!(
                "[[measure]]\npath = \"城乡建设/公园\"\n{threshold}strong = [\"口袋公园\"]"
            );
            let source = crate::vocab::Source { file: String::new(), text };
            MeasureTagger::new(&Measures::load(&[source], &mut Vec::new()))
        };
        let tags = |tagger: &MeasureTagger| {
            let text = "全区建成口袋公园12个。".to_owned();
            let mut article = Article {
                paragraphs: vec![Paragraph::new(&text, ParagraphKind::Body)],
                ..Article::default()
            };
            tagger.tag(&mut article, &[text]);
            article.paragraphs[0].measures.len()
        };
        assert_eq!(tags(&toml("")), 1);
        assert_eq!(tags(&toml("threshold = 2.5\n")), 0);
    }

    #[test]
    fn neighbours_are_seen_in_order_and_only_near_ones() {
        let texts: Vec<String> =
            (0..12).map(|n| format!("全县划分网格{n}20个,配备网格员510名。")).collect();
        let paragraphs =
            texts.iter().map(|text| Paragraph::new(text, ParagraphKind::Body)).collect();
        let article = Article { paragraphs, ..Article::default() };
        let mut seen = Vec::new();
        tagger().each(&article, &texts, &mut |at, around, _| {
            let near: Vec<isize> = around.near.iter().map(|(distance, _)| *distance).collect();
            seen.push((at, near));
        });
        assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), (0..12).collect::<Vec<_>>());
        assert_eq!(seen[0].1, [1, 2, 3]);
        assert_eq!(seen[6].1, [-3, -2, -1, 1, 2, 3]);
        assert_eq!(seen[11].1, [-3, -2, -1]);
    }

    #[test]
    fn evidence_names_the_words_and_their_places() {
        let tagged = tagged(ParagraphKind::Body, "全县配备网格员510名。");
        let evidence = &tagged.evidence[0];
        assert_eq!((evidence.tag.as_str(), evidence.rule.as_str()), ("基层治理/网格化管理", "cue"));
        for (words, span) in evidence.words.iter().zip(&evidence.at) {
            let there: String =
                tagged.display.chars().skip(span.start()).take(span.len()).collect();
            assert_eq!(&there, words);
        }
    }
}
