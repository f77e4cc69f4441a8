//! What an article is about, as far as it has been read.

use super::passing::{
    greets_an_assembly, is_a_visit, is_an_issue, is_exam, is_list_of_cases, is_meeting_number,
    is_national, is_round_up, is_work_report, masked_place, names_comers, sums_up_a_visit,
};
use super::{Chosen, Named, is_strictly_below, pass_the_list, places_named, province_of};
use crate::model::ParagraphKind;
use crate::tag::gazetteer::Gazetteer;
use crate::text::tokens::is_han;
use crate::vocab::divisions::Level;
use std::collections::HashMap;
use std::ops::Range;

/// Most persons of one sort remembered of a paragraph.
const PEOPLE_MAX: usize = 8;

/// Most towns and villages remembered of one article.
const LOCAL_MAX: usize = 4096;

/// A place the article is about at some point, to be inherited.
#[derive(Debug, Clone)]
pub(super) struct Inherited {
    pub(super) path: String,
    pub(super) division: usize,
    /// The rule its evidence names: `title`, `heading`, `lead`, `masked`.
    pub(super) rule: &'static str,
    pub(super) words: String,
}

/// The places of an article.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) title: Vec<Inherited>,
    pub(super) current: Vec<Inherited>,
    /// Numbering level of the heading that set `current`; `None` when no numbered heading did.
    set_at: Option<u8>,
    /// Towns and villages named with their county, by their own name.
    local: HashMap<String, (String, usize)>,
    /// Whether a masked name (H市) stood where the current place was set: it is that place, or lies in it.
    masked_here: bool,
    /// The article is an exam paper, which invents towns and names places by the way.
    pub(super) exam: bool,
    /// The title is that of an authority's report on its own place.
    work_report: bool,
    /// The title says the article is about what the state did.
    national: bool,
    /// The title is that of a collection of short news.
    round_up: bool,
    /// The title is that of a visit.
    visit: bool,
    lead_seen: bool,
    /// A heading was read.
    heading_seen: bool,
    /// The title's places are those of a heading behind the first: it may be that of a section.
    title_of_a_section: bool,
    /// The title is that of a list of people or cases.
    list_of_cases: bool,
    /// The last place reported on of each kind, by the last character of its name.
    last_of_kind: Vec<(char, Inherited)>,
    /// The one place that the paragraph before which names any reports on.
    pub(super) example: Option<Inherited>,
    /// Who was named there with what he is: 村民李乃兆.
    people: Vec<String>,
}

impl Places {
    /// The divisions the article is about, nearest first.
    pub(super) fn context(&self) -> Vec<usize> {
        self.current.iter().chain(&self.title).map(|place| place.division).collect()
    }

    /// Path and division of a town or village that the article has named with its county.
    pub(super) fn known_local(&self, name: &str) -> Option<(&str, usize)> {
        self.local.get(name).map(|(path, division)| (path.as_str(), *division))
    }

    /// Remembers the towns and villages below the divisions.
    pub(super) fn remember_local(&mut self, named: &[Named]) {
        for place in named {
            let mut path = place.path.as_str();
            while let Some((above, name)) = path.rsplit_once('/') {
                if !["镇", "乡", "街道", "苏木", "村", "社区", "嘎查"]
                    .iter()
                    .any(|suffix| name.ends_with(suffix))
                    || self.local.len() >= LOCAL_MAX
                {
                    break;
                }
                self.local
                    .entry(name.to_owned())
                    .or_insert_with(|| (path.to_owned(), place.division));
                path = above;
            }
        }
    }

    /// A masked name that was not there when the lead set the place begins another, anonymous story.
    pub(super) fn meet_masked_place(&mut self, named: &[Named]) {
        let by_lead = self.current.iter().any(|place| place.rule == "lead");
        if by_lead && !self.masked_here && !named.iter().any(|place| place.reported) {
            self.current.clone_from(&self.title);
        }
    }

    /// Whether an inherited place holds for a paragraph that names none: what a meeting of the state said does not
    /// report on a place that only the opening named.
    pub(super) fn reach(&self, place: &Inherited, text: &str) -> bool {
        const OF_A_MEETING: [&str; 5] =
            ["会议指出", "会议强调", "会议认为", "会议决定", "会议要求"];
        place.rule != "lead" || !OF_A_MEETING.iter().any(|words| text.starts_with(words))
    }

    /// Whether what the article is about lets a paragraph report on a named place: within it always; above or beside
    /// it only as the paragraph's subject, and above it never where a title or heading set the place.
    pub(super) fn let_report(&self, gazetteer: &Gazetteer, place: &Named) -> bool {
        let divisions = gazetteer.divisions();
        let set_by_title =
            !self.title.is_empty() || self.current.iter().any(|known| known.rule != "lead");
        if self.current.iter().any(|known| is_strictly_below(&known.path, &place.path)) {
            let between = self.current.iter().all(|known| known.rule == "lead")
                && self.title.iter().any(|known| is_strictly_below(&place.path, &known.path));
            if between {
                return place.subject;
            }
            let is_the_title = self.title.iter().any(|known| known.path == place.path);
            let is_province = divisions.get(place.division).is_some_and(|d| d.parent.is_none());
            // 玉树市委 in an article on one of its towns.
            let is_its_county = self.current.iter().all(|known| known.division == place.division);
            return place.subject
                && (!set_by_title
                    || is_the_title
                    || is_province
                    || is_its_county && place.stressed);
        }
        // A county's own story names partners and where its people went far away.
        if !self.round_up && self.is_far_from_the_title(gazetteer, place) {
            return false;
        }
        // An authority's report names the sites of its projects; one without a place is the state's.
        if self.work_report {
            return self.current.iter().any(|known| known.path == place.path);
        }
        let within = |known: &Inherited| divisions.is_within(place.division, known.division);
        if self.list_of_cases && self.title.is_empty() {
            return false;
        }
        place.subject
            || place.stressed
            || self.current.is_empty()
            || self.current.iter().any(within)
    }

    /// Whether the title names counties only, all of other provinces, or of other prefectures than a place that is not
    /// the paragraph's subject.
    fn is_far_from_the_title(&self, gazetteer: &Gazetteer, place: &Named) -> bool {
        let is_far = |known: &Inherited| {
            let county = gazetteer.divisions().get(known.division);
            let county = county.filter(|division| division.level != Level::Province)?;
            let parent = gazetteer.divisions().get(county.parent?)?;
            let path = parent.path.as_str();
            let area = if place.subject { path.split('/').next()? } else { path };
            let is_near = place.path == area
                || is_strictly_below(&place.path, area)
                || is_strictly_below(area, &place.path);
            Some(!is_near)
        };
        !self.title.is_empty() && self.title.iter().all(|known| is_far(known) == Some(true))
    }

    /// 福建客商 come to the place of a title or heading elsewhere, or to the one named next: 福建客商在互助县.
    pub(super) fn pass_who_comes(&self, gazetteer: &Gazetteer, text: &str, named: &mut [Named]) {
        let divisions = gazetteer.divisions();
        let are_apart = |one: usize, other: usize| {
            !divisions.is_within(one, other) && !divisions.is_within(other, one)
        };
        let is_elsewhere = |place: &Named| {
            let headings = self.current.iter().filter(|known| known.rule != "lead");
            let mut known = self.title.iter().chain(headings).peekable();
            known.peek().is_some() && known.all(|known| are_apart(place.division, known.division))
        };
        let goes_to = |place: &Named, next: &Named| {
            let between = text.get(place.at.end..next.at.start).unwrap_or("");
            between.ends_with(['在', '到', '来', '赴'])
                && between.chars().all(char::is_alphanumeric)
                && are_apart(place.division, next.division)
        };
        for at in 0..named.len() {
            let (list, [place, rest @ ..]) = named.split_at_mut(at) else { continue };
            if text.get(place.at.end..).is_some_and(names_comers)
                && (is_elsewhere(place) || rest.first().is_some_and(|next| goes_to(place, next)))
            {
                place.reported = false;
                pass_the_list(text, list, place.at.start);
            }
        }
    }

    /// Where a visitor arrives within the place of the title is what he visits: 抵达格尔木市.
    pub(super) fn arrive(&self, gazetteer: &Gazetteer, text: &str, named: &mut [Named]) {
        if !self.visit {
            return;
        }
        for place in named {
            let arrives = text
                .get(..place.at.start)
                .is_some_and(|before| ["抵达", "前往"].iter().any(|word| before.ends_with(word)));
            let within =
                |known: &Inherited| gazetteer.divisions().is_within(place.division, known.division);
            place.reported |= arrives && self.title.iter().any(within);
        }
    }

    pub(super) fn read_title(&mut self, gazetteer: &Gazetteer, title: &str) {
        // An exam paper's title says who set it, not what its materials report on.
        if is_exam(title) {
            self.exam = true;
            return;
        }
        self.work_report = is_work_report(title);
        self.national = is_national(title);
        self.round_up = is_round_up(title);
        self.list_of_cases = is_list_of_cases(title);
        self.visit = is_a_visit(title);
        let hits = gazetteer.hits(title, &[]);
        let mut named = places_named(gazetteer, title, &hits);
        super::add_local_places(
            gazetteer,
            self,
            &super::VillageNames::default(),
            title,
            &super::suffixes(title),
            &mut named,
        );
        self.remember_local(&named);
        // 来自集安市的报道: in a title that is no place somebody comes from.
        for place in &mut named {
            place.reported |=
                title.get(..place.at.start).is_some_and(|text| text.ends_with("来自"));
        }
        report_what_is_issued(title, &mut named);
        self.title = inherited(&named, title, "title");
        self.current.clone_from(&self.title);
    }

    /// A later heading about a place elsewhere shows that what was taken for the title headed a section only.
    pub(super) fn leave_the_first_section(&mut self, named: &[Named]) {
        let elsewhere = named.iter().any(|place| {
            place.subject && self.title.iter().all(|known| !share_a_province(place, known))
        });
        if self.title_of_a_section && self.lead_seen && elsewhere {
            self.title.clear();
            self.current.clear();
            self.title_of_a_section = false;
        }
    }

    /// A heading that names a place sets it; one of the same or a higher numbering that names none ends it.
    pub(super) fn read_heading(&mut self, text: &str, named: &[Named], chosen: &mut Chosen) {
        if is_exam(text) {
            self.exam = true;
            *chosen = Chosen::default();
            return;
        }
        if self.round_up {
            self.forget_to_title();
        }
        let level = heading_level(text);
        let first = !std::mem::replace(&mut self.heading_seen, true);
        let opens = self.title.is_empty()
            && !self.lead_seen
            && !self.round_up
            && (first || level.is_none());
        if opens {
            self.work_report |= is_work_report(text);
            self.national |= is_national(text);
            self.round_up |= is_round_up(text);
            self.list_of_cases |= is_list_of_cases(text);
            self.visit |= is_a_visit(text);
        }
        // A report that does not name its place in the title says which assembly it was given to.
        if opens && self.work_report {
            let given_to: Vec<Named> = named
                .iter()
                .filter(|place| text.get(place.at.end..).is_some_and(is_meeting_number))
                .map(|place| Named { reported: true, ..place.clone() })
                .collect();
            if !given_to.is_empty() {
                self.title = inherited(&given_to, text, "title");
                self.current.clone_from(&self.title);
                return;
            }
        }
        self.example = None;
        let found: Vec<Inherited> = inherited(named, text, if opens { "title" } else { "heading" })
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
        if opens {
            self.title.clone_from(&found);
            self.title_of_a_section = !first;
        } else {
            self.set_at = level;
        }
        self.masked_here = masked_place(text).is_some();
        self.current = found;
    }

    /// Keeps what a paragraph reports on for those that say 全县.
    pub(super) fn remember_reported(&mut self, gazetteer: &Gazetteer, text: &str, chosen: &Chosen) {
        if !chosen.named.is_empty() {
            self.example = self.only_example(gazetteer, chosen);
            self.people = self.example.as_ref().map_or_else(Vec::new, |_| people_in(text));
        }
        for (path, at, _) in &chosen.named {
            let Some(division) = gazetteer.divisions().ordinal(path) else { continue };
            let Some(kind) = path.chars().next_back() else { continue };
            let words = text.get(at.clone()).unwrap_or("").to_owned();
            self.last_of_kind.retain(|(known, _)| *known != kind);
            self.last_of_kind
                .push((kind, Inherited { path: path.clone(), division, rule: "lead", words }));
        }
    }

    /// The one place within that of title or heading, or the one county, which a paragraph reports on with all that lies
    /// in it.
    fn only_example(&self, gazetteer: &Gazetteer, chosen: &Chosen) -> Option<Inherited> {
        let (first, rest) = chosen.named.split_first()?;
        let above = |path: &str| path.rsplit_once('/').map(|(above, _)| above.to_owned());
        let path =
            std::iter::successors(Some(first.0.clone()), |path| above(path)).find(|path| {
                rest.iter().all(|(other, _, _)| other == path || is_strictly_below(other, path))
            })?;
        let division = std::iter::successors(Some(path.clone()), |path| above(path))
            .find_map(|path| gazetteer.divisions().ordinal(&path))?;
        let is_county = gazetteer.divisions().get(division)?.level == Level::County;
        let is_example = match self.current.as_slice() {
            [known] => is_strictly_below(&path, &known.path) && (rest.is_empty() || is_county),
            [] => is_county && !self.exam && !self.list_of_cases && !self.national,
            _ => false,
        };
        let words = path.rsplit('/').next()?.to_owned();
        is_example.then_some(Inherited { path, division, rule: "lead", words })
    }

    /// Whether a paragraph only names places of the example that the one before it was about.
    pub(super) fn stays_with_example(&self, chosen: &[(String, Range<usize>, &str)]) -> bool {
        self.example.as_ref().is_some_and(|example| {
            chosen
                .iter()
                .all(|(path, _, _)| *path == example.path || is_strictly_below(path, &example.path))
        })
    }

    /// The example that a paragraph without a name goes on with: 村里, 乡亲们, 县里.
    pub(super) fn goes_on_with(&self, text: &str) -> Option<Inherited> {
        let example = self.example.as_ref()?;
        if self.visit && !sums_up_a_visit(text) {
            return Some(example.clone());
        }
        // Who comes to a village comes to another one.
        let goes_on = (speaks_of_a_small_place(text)
            || self.people.iter().any(|name| text.contains(name.as_str())))
            && masked_place(text).is_none()
            && !["全国", "我国"].iter().any(|word| text.contains(word))
            && !text.contains("来到")
            && !self.current.iter().any(|known| speaks_of_the_whole(text, &known.path));
        goes_on.then(|| example.clone())
    }

    /// The title's places, where the lead went on to one below them and a paragraph speaks of them as a whole again, or
    /// names them by the way: 对口支援疏附县.
    pub(super) fn back_to_the_title(&self, text: &str, named: &[Named]) -> Option<&[Inherited]> {
        let below = |title: &Inherited| {
            self.current
                .iter()
                .any(|known| known.rule == "lead" && is_strictly_below(&known.path, &title.path))
        };
        let is_meant = !self.title.is_empty()
            && self.title.iter().all(|title| {
                below(title)
                    && (speaks_of_the_whole(text, &title.path)
                        || named.iter().any(|place| place.path == title.path))
            });
        is_meant.then_some(self.title.as_slice())
    }

    /// The place that 全县, 全省 at the start of a text means, where no place inherited is of that kind.
    pub(super) fn referred_to(&self, text: &str) -> Option<Inherited> {
        let start: String = text.chars().take(16).collect();
        let (kind, place) = self.last_of_kind.iter().find(|(kind, _)| {
            ['全', '该'].iter().any(|word| start.contains(&format!("{word}{kind}")))
        })?;
        let is_known = self.current.iter().any(|known| known.path.ends_with(*kind));
        (!is_known).then(|| place.clone())
    }

    /// Material of its own begins: only the title still holds.
    pub(super) fn forget_to_title(&mut self) {
        self.current.clone_from(&self.title);
        self.set_at = None;
        self.lead_seen = false;
        self.masked_here = false;
        self.local.clear();
        self.last_of_kind.clear();
        self.example = None;
    }

    /// The lead may say more exactly where the article plays, and a list of counties whose city is masked.
    pub(super) fn read_body(
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
                self.masked_here = true;
            }
        }
        if self.lead_seen || kind != ParagraphKind::Body {
            return;
        }
        // Who is greeted by a report is no lead.
        if greets_an_assembly(text) {
            self.work_report = true;
            return;
        }
        self.lead_seen = true;
        if self.work_report && !self.title.is_empty() || self.list_of_cases && self.title.is_empty()
        {
            return;
        }
        // Where nothing is known yet, any one place the lead reports on will do.
        let unknown = self.current.is_empty() && !self.national && !self.exam;
        let candidates: Vec<Named> =
            named.iter().filter(|place| place.subject || unknown).cloned().collect();
        let found = inherited(&candidates, text, "lead");
        let [only] = found.as_slice() else { return };
        if self.exam && !is_all_about(gazetteer, text, named, only) {
            return;
        }
        let within = self.current.iter().all(|known| is_strictly_below(&only.path, &known.path));
        if within {
            self.masked_here = masked_place(text).is_some();
            self.current = found;
        }
    }
}

/// 关于印发《五指山市用水管理办法》的通知: in a title or heading that names the text it issues, that text's place.
pub(super) fn report_what_is_issued(title: &str, named: &mut [Named]) {
    if !is_an_issue(title) {
        return;
    }
    for place in named {
        place.reported |= title.get(..place.at.start).is_some_and(|before| before.ends_with('《'));
    }
}

fn share_a_province(place: &Named, known: &Inherited) -> bool {
    province_of(&place.path) == province_of(&known.path)
}

/// Whether nothing else in a lead speaks against its place: no place elsewhere, and no masked one that does not lie
/// in it.
fn is_all_about(gazetteer: &Gazetteer, text: &str, named: &[Named], only: &Inherited) -> bool {
    let divisions = gazetteer.divisions();
    let elsewhere = named.iter().any(|place| {
        place.reported
            && !divisions.is_within(place.division, only.division)
            && !divisions.is_within(only.division, place.division)
    });
    let masked_elsewhere = masked_place(text)
        .is_some_and(|mask| !named.iter().any(|place| place.at.end == mask.start));
    !elsewhere && !masked_elsewhere
}

/// Whether a paragraph speaks of what a place does as a whole, or of many of its parts: 县财政, 市直部门, 各村, 58个村.
fn speaks_of_the_whole(text: &str, path: &str) -> bool {
    const PARTS: [&str; 12] = [
        "各村",
        "每村",
        "村村",
        "个村",
        "各乡",
        "各镇",
        "各街道",
        "个乡",
        "个镇",
        "个街道",
        "各社区",
        "个社区",
    ];
    const OFFICES: [&str; 42] = [
        "委",
        "里",
        "直",
        "级",
        "财政",
        "属",
        "政府",
        "纪委",
        "政协",
        "人大",
        "人社",
        "医院",
        "应急",
        "农业",
        "自然资源",
        "民政",
        "教育局",
        "卫生",
        "卫健",
        "公安",
        "林业",
        "林草",
        "水利",
        "水务",
        "交通",
        "住建",
        "住房",
        "文旅",
        "市场监管",
        "发改",
        "发展改革",
        "发展和改革",
        "司法",
        "生态环境",
        "统计",
        "税务",
        "商务",
        "医保",
        "医疗保障",
        "法院",
        "检察院",
        "妇联",
    ];
    let kind = path.chars().next_back();
    let offices = text.char_indices().filter(|(_, c)| Some(*c) == kind).any(|(at, c)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if matches!(before, Some('全' | '我' | '该')) {
            return true;
        }
        // 社区委员 is no 区委.
        let ends_a_word = before.is_some_and(|c| "社小片园牧山景辖校地".contains(c));
        let rest = text.get(at + c.len_utf8()..).unwrap_or("");
        !ends_a_word && OFFICES.iter().any(|office| rest.starts_with(office))
    });
    offices || PARTS.iter().any(|word| text.contains(word))
}

/// Whether a paragraph speaks of a village, quarter, town or county that it does not name.
fn speaks_of_a_small_place(text: &str) -> bool {
    const WORDS: [&str; 25] = [
        "村里",
        "村民",
        "全村",
        "村干部",
        "村支",
        "村党",
        "村委",
        "村上",
        "村口",
        "该村",
        "这个村",
        "乡亲",
        "村子",
        "村集体",
        "老乡",
        "社区",
        "小区",
        "居民",
        "镇上",
        "全镇",
        "乡里",
        "全乡",
        "县里",
        "全县",
        "该县",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// The names of persons behind what they are, three characters each.
fn people_in(text: &str) -> Vec<String> {
    const WHO: [&str; 32] = [
        "村民",
        "农民",
        "牧民",
        "渔民",
        "居民",
        "市民",
        "职工",
        "工人",
        "教师",
        "老师",
        "医生",
        "书记",
        "主任",
        "组长",
        "队长",
        "局长",
        "处长",
        "科长",
        "所长",
        "站长",
        "校长",
        "会长",
        "经理",
        "董事长",
        "理事长",
        "负责人",
        "创始人",
        "带头人",
        "贫困户",
        "大户",
        "民警",
        "志愿者",
    ];
    const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚庞樊殷施洪翟倪严牛温芦季俞章鲁葛韦毛柏";
    let mut found: Vec<String> = Vec::new();
    for word in WHO {
        for (at, _) in text.match_indices(word).take(PEOPLE_MAX) {
            let name = text.get(at + word.len()..).unwrap_or("");
            let Some((end, last)) = name.char_indices().nth(2) else { continue };
            let Some(name) = name.get(..end + last.len_utf8()) else { continue };
            if name.starts_with(|c| SURNAMES.contains(c)) && name.chars().all(is_han) {
                found.push(name.to_owned());
            }
        }
    }
    found
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

/// The city that a masked name (XX市, 某市) stands for, where the counties it governs are named: 下辖阿巴嘎旗.
fn masked_parent(gazetteer: &Gazetteer, text: &str, named: &[Named]) -> Option<Inherited> {
    const MASKS: [&str; 6] = ["XX", "××", "xx", "某", "＊＊", "**"];
    const GOVERNS: [&str; 5] = ["下辖", "辖", "所属", "境内", "下设"];
    // One look spares most texts six.
    if !text.contains(['X', '×', 'x', '某', '＊', '*']) {
        return None;
    }
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
