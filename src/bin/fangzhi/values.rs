//! Values of options that need a message of their own: sizes, dates, facets, names of regions and measures.

use crate::app::App;
use crate::args::ReadingArgs;
use crate::exit::Failure;
use crate::extract;
use crate::lang::{Lang, tr};
use crate::vocabulary::{self, Resolved};
use fangzhi::ingest::limits::Limits;
use fangzhi::ingest::ocr::OcrCommand;
use fangzhi::model::{Date, MeasurePath, RegionPath};
use fangzhi::pipeline::{IndexRequest, Memory};
use fangzhi::search::request::Facet;
use fangzhi::text::fold::fold_char;
use fangzhi::text::script::to_simplified;
use fangzhi::vocab::Vocabulary;
use fangzhi::vocab::divisions::is_local_name;

/// Bytes from `64M`, `1G`, `512k`, `1000`; units are powers of 1,024.
pub(crate) fn size(lang: Lang, option: &str, value: &str) -> Result<u64, Failure> {
    let upper = value.trim().to_ascii_uppercase();
    let number = upper.trim_end_matches("IB").trim_end_matches('B');
    let (digits, shift) = match number.chars().last() {
        Some('K') => (number.trim_end_matches('K'), 10),
        Some('M') => (number.trim_end_matches('M'), 20),
        Some('G') => (number.trim_end_matches('G'), 30),
        _ => (number, 0),
    };
    digits
        .trim()
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(1 << shift))
        .filter(|n| *n > 0)
        .ok_or_else(|| {
            Failure::new(tr!(
                lang,
                "{option}: {value} is not a size",
                option = option,
                value = value
            ))
            .hint(tr!(lang, "write bytes, or a number with K, M or G: 64M"))
        })
}

/// The memory of `--memory` for so many threads.
pub(crate) fn memory(lang: Lang, value: &str, jobs: usize) -> Result<Memory, Failure> {
    let bytes = size(lang, "--memory", value)?;
    let least = Memory::least(jobs);
    if bytes >= least {
        return Ok(Memory::of(bytes));
    }
    let least = format!("{}M", least >> 20);
    let cause = if jobs > 1 {
        tr!(
            lang,
            "--memory: {value} is too little for {jobs} threads; the least is {least}",
            value = value,
            jobs = jobs,
            least = least
        )
    } else {
        tr!(
            lang,
            "{option}: {value} is too little; the least is {least}",
            option = "--memory",
            value = value,
            least = least
        )
    };
    Err(Failure::new(cause))
}

/// The memory of `--max-extract-memory`, with which a small file at least can be read.
fn extract_memory(lang: Lang, value: &str) -> Result<u64, Failure> {
    let option = "--max-extract-memory";
    let bytes = size(lang, option, value)?;
    if bytes >= Limits::MEMORY_BYTES_MIN {
        return Ok(bytes);
    }
    let least = format!("{}M", Limits::MEMORY_BYTES_MIN >> 20);
    Err(Failure::new(tr!(
        lang,
        "{option}: {value} is too little; the least is {least}",
        option = option,
        value = value,
        least = least
    )))
}

/// How files are read: the request of a run that names no files yet.
pub(crate) fn reading(lang: Lang, args: &ReadingArgs) -> Result<IndexRequest, Failure> {
    let limits = Limits {
        pages_max: args.max_pages,
        unpacked_bytes_max: size(lang, "--max-unpacked-bytes", &args.max_unpacked_bytes)?,
        ratio_max: args.max_ratio,
        members_max: args.max_members,
        nesting_max: args.max_nesting,
        seconds_max: args.max_seconds,
        memory_bytes_max: extract_memory(lang, &args.max_extract_memory)?,
        ..Limits::of_files(size(lang, "--max-file-bytes", &args.max_file_bytes)?)
    };
    let ocr = args.ocr.as_deref().map(|line| {
        OcrCommand::parse(line).ok_or_else(|| {
            Failure::new(tr!(lang, "--ocr: {value} is not a command", value = line)).hint(tr!(
                lang,
                "write a program and its options, quoted as in a shell: --ocr 'ocr-pdf --chinese'"
            ))
        })
    });
    Ok(IndexRequest {
        limits,
        extractor: extract::command(),
        ocr: ocr.transpose()?,
        ..IndexRequest::default()
    })
}

/// A day, month or year: `2020`, `2020-05`, `2020-05-01`, also with `/` or `.`, `20200501` and `2020年5月1日`.
pub(crate) fn date(lang: Lang, option: &str, value: &str) -> Result<Date, Failure> {
    let narrow: String =
        value.chars().map(|c| if c.is_numeric() { fold_char(c) } else { c }).collect();
    let normal = narrow
        .trim()
        .trim_end_matches(['日', '号', '月', '年'])
        .replace(['年', '月', '/', '.'], "-");
    let parts: Vec<&str> = if normal.len() == 8 && normal.bytes().all(|byte| byte.is_ascii_digit())
    {
        [0..4, 4..6, 6..8].into_iter().filter_map(|range| normal.get(range)).collect()
    } else {
        normal.split('-').collect()
    };
    let numbers: Option<Vec<u32>> = parts
        .iter()
        .map(|part| part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit())))
        .collect();
    let date = match numbers.as_deref() {
        Some([year]) => Date::new(*year, None, None),
        Some([year, month]) => Date::new(*year, Some(*month), None),
        Some([year, month, day]) => Date::new(*year, Some(*month), Some(*day)),
        _ => None,
    };
    date.ok_or_else(|| {
        Failure::new(tr!(lang, "{option}: {value} is not a date", option = option, value = value))
            .hint(tr!(lang, "write 2020, 2020-05 or 2020-05-01"))
    })
}

/// `NAME[:PATH]` of `--facet` and the like, the names in both languages.
pub(crate) fn facet<'a>(
    lang: Lang,
    option: &str,
    value: &'a str,
) -> Result<(Facet, Option<&'a str>), Failure> {
    let (name, under) = match value.split_once([':', '：']) {
        Some((name, under)) if !under.trim().is_empty() => (name, Some(under.trim())),
        Some((name, _)) => (name, None),
        None => (value, None),
    };
    let facet = match name.trim().to_ascii_lowercase().as_str() {
        "region" | "地区" => Facet::Region,
        "measure" | "举措" => Facet::Measure,
        "year" | "年" | "年份" => Facet::Year,
        "source" | "来源" => Facet::Source,
        "kind" | "类型" => Facet::Kind,
        _ => {
            let cause =
                tr!(lang, "{option}: there is no facet {name}", option = option, name = name);
            return Err(Failure::new(cause).hint(tr!(
                lang,
                "facets are region (地区), measure (举措), year (年份), source (来源), kind (类型)"
            )));
        }
    };
    if under.is_some() && !matches!(facet, Facet::Region | Facet::Measure) {
        return Err(Failure::new(tr!(
            lang,
            "{option} {name} has no paths below it",
            option = option,
            name = facet.as_str()
        ))
        .hint(tr!(lang, "only region and measure are trees: region:云南省")));
    }
    Ok((facet, under))
}

/// Why a name in an option is not one division or measure.
#[derive(Debug)]
pub(crate) enum NameFault {
    /// Said as it is.
    Unknown(Failure),
    /// No division, but maybe a town or village of the index.
    Local {
        /// The option.
        option: &'static str,
        /// The name as typed.
        name: String,
        /// What is said when the index has none either.
        failure: Failure,
    },
    /// Several divisions, to be shown with their counts.
    Ambiguous {
        /// The option.
        option: &'static str,
        /// The name as typed.
        name: String,
        /// Path and code of each.
        candidates: Vec<(RegionPath, String)>,
    },
}

/// The division named in an option.
pub(crate) fn region(
    app: &App,
    vocabulary: &Vocabulary,
    option: &'static str,
    name: &str,
) -> Result<RegionPath, NameFault> {
    match vocabulary::region(app.lang, vocabulary, name) {
        Resolved::One(path, note) => {
            if let Some(note) = note {
                app.note(&note);
            }
            Ok(path)
        }
        Resolved::Ambiguous(candidates) => {
            Err(NameFault::Ambiguous { option, name: name.to_owned(), candidates })
        }
        Resolved::Unknown(near) => {
            let cause =
                tr!(app.lang, "{option}: no region is called {name}", option = option, name = name);
            let hint = tr!(
                app.lang,
                "give a path, name or code: 云南省/迪庆藏族自治州, 迪庆, 533400; --facet region lists those in the index"
            );
            let failure = near_names(app.lang, Failure::new(cause), &near).hint(hint);
            let failure = match one_by_one(option, name) {
                Some(options) => failure.hint(tr!(
                    app.lang,
                    "several are asked for one by one: {options}",
                    options = options
                )),
                None => failure,
            };
            Err(if is_local_name(&to_simplified(name.trim())) {
                NameFault::Local { option, name: name.to_owned(), failure }
            } else {
                NameFault::Unknown(failure)
            })
        }
    }
}

/// An option with several names in its value, as it takes them: `--region 云南 --region 四川`.
fn one_by_one(option: &str, value: &str) -> Option<String> {
    let names = value.split([',', '，', '、', '|']).map(str::trim).filter(|name| !name.is_empty());
    let options: Vec<String> = names.map(|name| format!("{option} {name}")).collect();
    (options.len() > 1).then(|| options.join(" "))
}

/// The measure or group named in an option.
pub(crate) fn measure(
    app: &App,
    vocabulary: &Vocabulary,
    option: &'static str,
    name: &str,
) -> Result<MeasurePath, NameFault> {
    match vocabulary::measure(vocabulary, name) {
        Resolved::One(path, note) => {
            if let Some(note) = note {
                app.note(&note);
            }
            Ok(path)
        }
        Resolved::Ambiguous(candidates) => {
            let paths: Vec<_> = candidates.iter().map(|(path, _)| path.to_string()).collect();
            let cause = tr!(
                app.lang,
                "{option}: several measures are called {name}",
                option = option,
                name = name
            );
            Err(NameFault::Unknown(near_names(app.lang, Failure::new(cause), &paths)))
        }
        Resolved::Unknown(near) => {
            let cause = tr!(
                app.lang,
                "{option}: no measure is called {name}",
                option = option,
                name = name
            );
            let hint = tr!(
                app.lang,
                "give a path or name: 基层治理/网格化管理, 网格化管理, or a group: 基层治理; --facet measure lists those in the index"
            );
            Err(NameFault::Unknown(near_names(app.lang, Failure::new(cause), &near).hint(hint)))
        }
    }
}

/// Adds "did you mean" where there is something similar.
pub(crate) fn near_names(lang: Lang, failure: Failure, near: &[String]) -> Failure {
    if near.is_empty() {
        return failure;
    }
    failure.hint(tr!(lang, "did you mean {names}?", names = near.join(tr!(lang, ", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_of_1024() {
        let check = |value: &str| size(Lang::English, "--memory", value).ok();
        assert_eq!(check("64M"), Some(64 << 20));
        assert_eq!(check("1g"), Some(1 << 30));
        assert_eq!(check("512KiB"), Some(512 << 10));
        assert_eq!(check("1000"), Some(1000));
        for wrong in
            ["", "M", "0", "-1", "1.5G", "99999999999999999999", "18446744073709551615K", "大"]
        {
            assert_eq!(check(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_are_taken_as_people_write_them() {
        let check = |value: &str| {
            date(Lang::English, "--since", value).ok().map(|date| (date.from, date.to))
        };
        assert_eq!(check("2020"), Some((20200101, 20201231)));
        assert_eq!(check("2020-02"), Some((20200201, 20200229)));
        assert_eq!(check("2020/5/1"), Some((20200501, 20200501)));
        assert_eq!(check("20200501"), Some((20200501, 20200501)));
        assert_eq!(check("2020年5月"), Some((20200501, 20200531)));
        assert_eq!(check("2020年5月1日"), Some((20200501, 20200501)));
        assert_eq!(check("２０２０年５月"), Some((20200501, 20200531)));
        for wrong in ["", "2020-13", "2021-02-29", "5", "去年", "2020-", "+2020", "2020-05-01-01"]
        {
            assert_eq!(check(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn facets_answer_to_both_languages() {
        let check = |value| facet(Lang::English, "--facet", value).ok();
        assert_eq!(check("region"), Some((Facet::Region, None)));
        assert_eq!(check("地区：云南省"), Some((Facet::Region, Some("云南省"))));
        assert_eq!(check("举措:基层治理"), Some((Facet::Measure, Some("基层治理"))));
        assert_eq!(check("year"), Some((Facet::Year, None)));
        assert_eq!(check("year:2020"), None);
        assert_eq!(check("regoin"), None);
    }
}
