//! The samples that are no plain text, against the texts in `corpus/sources` they were made from.
//!
//! What the marks of those texts mean stands at the head of `corpus/make_samples.py`.

use crate::support::{assert_none, repository, samples};
use fangzhi::ingest::sniff::sniff;
use fangzhi::ingest::{Format, ReadOptions, extract_bytes};
use fangzhi::model::ParagraphKind;
use fangzhi::search::request::Hit;
use std::fs;
use std::process::Command;

/// How a row of cells becomes a paragraph.
#[derive(Clone, Copy)]
enum Rows {
    /// The cells one after the other.
    Joined,
    /// Each cell after the name of its column.
    Named,
}

/// Sample below `corpus/samples` (a member of an archive after `!/`), source below `corpus/sources`, its rows.
const MADE: [(&str, &str, Rows); 12] = [
    ("安徽/黟县_古民居修缮.mhtml", "安徽/黟县_古民居修缮.txt", Rows::Joined),
    ("批量/滇中农村饮水台账.csv", "批量/滇中农村饮水台账.txt", Rows::Named),
    ("广东/南雄市_水利工作通报.pdf", "广东/南雄市_水利工作通报.txt", Rows::Joined),
    ("河北/蔚县_剪纸与小杂粮版面.pdf", "河北/蔚县_剪纸与小杂粮版面.txt", Rows::Joined),
    ("陕西/洛川县_苹果产业提升方案.docx", "陕西/洛川县_苹果产业提升方案.txt", Rows::Joined),
    ("山西/平遥县_古城消防工作总结.doc", "山西/平遥县_古城消防工作总结.txt", Rows::Joined),
    ("广西/三江县_风雨桥管护简报.odt", "广西/三江县_风雨桥管护简报.txt", Rows::Joined),
    ("四川/若尔盖县_湿地保护统计.xlsx", "四川/若尔盖县_湿地保护统计.txt", Rows::Named),
    ("江苏/高邮市_农田排涝统计.ods", "江苏/高邮市_农田排涝统计.txt", Rows::Named),
    ("江西/婺源县_晒秋与护林.txt.gz", "江西/婺源县_晒秋与护林.txt", Rows::Joined),
    (
        "批量/湘西材料.zip!/材料/古丈县_茶园道路.docx",
        "批量/湘西材料/古丈县_茶园道路.txt",
        Rows::Joined,
    ),
    ("批量/湘西材料.zip!/材料/说明.txt", "批量/湘西材料/说明.txt", Rows::Joined),
];

/// A paragraph that reading must give, and whether it is a heading.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    text: String,
    is_heading: bool,
}

/// The paragraphs that reading a sample must give, in their order.
fn wanted(source: &str, rows: Rows) -> Vec<Wanted> {
    let text = fs::read_to_string(repository("corpus/sources").join(source)).unwrap();
    let mut names: Option<Vec<String>> = None;
    let mut wanted = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (mark, rest) = line.split_once(' ').unwrap_or(("", line));
        if mark != "|" {
            names = None;
        }
        let is_heading = matches!(mark, "#" | "##");
        let text = match mark {
            "~" | "x" => continue,
            "#" | "##" | "@" | "^" => rest.to_owned(),
            "|" => row(rest, rows, &mut names),
            _ => line.to_owned(),
        };
        wanted.push(Wanted { text, is_heading });
    }
    wanted
}

/// A row as a paragraph; the first of a table names the columns of those that follow.
fn row(line: &str, rows: Rows, names: &mut Option<Vec<String>>) -> String {
    let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
    let is_filled = |cell: &&String| !cell.is_empty();
    let (Some(names), Rows::Named) = (names.as_ref(), rows) else {
        let text = cells.iter().filter(is_filled).cloned().collect::<Vec<_>>().join(" ");
        *names = Some(cells);
        return text;
    };
    let named = names.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty());
    named.map(|(name, cell)| format!("{name}：{cell}")).collect::<Vec<_>>().join("；")
}

/// The paragraphs of a sample, or of a member of it, in their order.
fn read(sample: &str) -> Vec<Hit> {
    let path = format!("corpus/samples/{sample}");
    let mut hits = samples().paragraphs();
    hits.retain(|hit| {
        hit.path
            .split_once(&path)
            .is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with("!/"))
    });
    hits
}

#[test]
fn a_sample_reads_as_the_text_it_was_made_from() {
    let mut wrong = Vec::new();
    for (sample, source, rows) in MADE {
        let found: Vec<Wanted> = read(sample)
            .into_iter()
            .map(|hit| Wanted { is_heading: hit.kind == ParagraphKind::Heading, text: hit.text })
            .collect();
        let wanted = wanted(source, rows);
        let texts = |all: &[Wanted]| all.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
        if texts(&found) != texts(&wanted) {
            let first = (0..).find(|&at| texts(&found).get(at) != texts(&wanted).get(at)).unwrap();
            wrong.push(format!(
                "{sample}: {} paragraphs, not {}; the first that differs: {:?}, not {:?}",
                found.len(),
                wanted.len(),
                found.get(first),
                wanted.get(first)
            ));
            continue;
        }
        for (found, wanted) in found.iter().zip(&wanted).filter(|(_, wanted)| wanted.is_heading) {
            if !found.is_heading {
                wrong.push(format!("{sample}: no heading: {}", wanted.text));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn a_paragraph_of_a_packed_sample_says_where_it_stands() {
    let pages: Vec<_> =
        read("广东/南雄市_水利工作通报.pdf").iter().filter_map(|hit| hit.place?.page()).collect();
    assert!(pages.is_sorted(), "{pages:?}");
    assert_eq!(pages.first(), Some(&(1, 1)));
    assert_eq!(pages.last(), Some(&(3, 3)));
    assert!(pages.contains(&(1, 2)), "a paragraph goes on over the end of a page: {pages:?}");

    let blocks: Vec<_> = read("陕西/洛川县_苹果产业提升方案.docx")
        .iter()
        .filter_map(|hit| hit.place?.block())
        .collect();
    assert!(!blocks.is_empty() && blocks.is_sorted(), "{blocks:?}");

    let sheet = read("四川/若尔盖县_湿地保护统计.xlsx");
    let row = sheet.iter().find(|hit| hit.text.contains("唐克镇") && hit.text.contains("12400"));
    let place = row.unwrap().place.unwrap();
    assert_eq!((place.page(), place.block()), (Some((2, 2)), Some((2, 2))));

    let lines = read("江西/婺源县_晒秋与护林.txt.gz");
    assert!(lines.iter().all(|hit| hit.place.and_then(|place| place.line()).is_some()));
}

#[test]
fn what_was_deleted_or_hidden_is_not_found() {
    for (query, sample) in [
        ("\"争取提前一年完成\"", "a deletion in DOCX"),
        ("\"八江镇另报\"", "a deletion in ODT"),
        ("\"不要看\"", "a hidden sheet"),
        ("\"南雄市水利工作通报 2022年第7期\"", "a running head"),
    ] {
        assert_eq!(samples().search(query).total, 0, "{sample}");
    }
}

#[test]
fn the_scripts_make_the_samples_as_they_stand() {
    for script in ["make_encodings.py", "make_samples.py"] {
        let mut python = Command::new("python3");
        python.arg("-B").arg(repository("corpus").join(script)).arg("--check");
        let Ok(ran) = python.output() else {
            eprintln!("skipped: python3 is not installed");
            return;
        };
        assert!(ran.status.success(), "{script}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let (_, source, rows) = MADE[1];
    let right = wanted(source, rows);
    assert_eq!(right[0].text, "州市 县 乡镇 做法 投资（万元） 受益人口");
    assert!(right[1].text.starts_with("州市：玉溪市；县：新平彝族傣族自治县；"), "{right:?}");
    assert!(wanted(source, Rows::Joined) != right);
}

/// Office files of the samples and fixtures, one of each kind.
const OFFICE: [(&str, Format); 6] = [
    ("corpus/samples/陕西/洛川县_苹果产业提升方案.docx", Format::Docx),
    ("corpus/samples/广西/三江县_风雨桥管护简报.odt", Format::Odt),
    ("corpus/samples/山西/平遥县_古城消防工作总结.doc", Format::Doc),
    ("tests/fixtures/sheet/book.xls", Format::Sheet),
    ("tests/fixtures/sheet/book.xlsx", Format::Sheet),
    ("tests/fixtures/sheet/book.ods", Format::Sheet),
];

#[test]
fn an_office_file_cut_anywhere_is_called_what_it_was_and_gives_all_its_text_or_none() {
    for (name, format) in OFFICE {
        let bytes = fs::read(repository(name)).unwrap();
        let read = |bytes: &[u8]| extract_bytes(bytes, format, &ReadOptions::default());
        let whole = read(&bytes).unwrap().extracted.text;
        for percent in 3..100 {
            let cut = &bytes[..bytes.len() * percent / 100];
            assert_eq!(sniff(cut, Some(format)), Ok(format), "{name} {percent} %");
            match sniff(cut, None) {
                Ok(found) => assert_eq!(found, format, "{name} {percent} %"),
                Err(error) => {
                    assert!(error.to_string().contains("cut off"), "{name} {percent} %: {error}");
                }
            }
            match read(cut) {
                Ok(taken) => assert_eq!(taken.extracted.text, whole, "{name} {percent} %"),
                Err(error) => {
                    let message = error.to_string();
                    assert!(message.starts_with(&format!("damaged {format}: ")), "{message}");
                }
            }
        }
    }
}
