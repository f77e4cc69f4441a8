//! The table of one facet by another, as text and as CSV.

use crate::lang::{Lang, thousands, tr};
use crate::output::csv::{harmless, io_error};
use crate::output::layout::{Ink, table, visible};
use crate::output::text::{View, bucket_name, facet_name};
use fangzhi::search::request::{BucketKey, CrossCounts, FacetRequest};
use fangzhi::text::width::width;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Spaces between two columns of [`table`].
const GAP: usize = 2;

/// The table with as many columns as there is room for, after an empty line. Totals come first, so that they stay in view.
pub(crate) fn text(counts: &CrossCounts, view: &View<'_>) -> String {
    let (lang, all) = (view.lang, tr!(view.lang, "all"));
    let [rows, columns] = [counts.of.rows(), counts.of.columns()];
    let heading = format!("{} × {}", heading(rows, lang), heading(columns, lang));
    let names = counts.columns.iter().map(|column| bucket_name(&column.key, columns.facet, lang));
    let mut lines = vec![vec![heading, all.to_owned()]];
    lines.extend(
        counts
            .rows
            .iter()
            .map(|row| vec![bucket_name(&row.key, rows.facet, lang), thousands(row.total)]),
    );
    lines.push(vec![all.to_owned(), thousands(counts.total)]);
    let mut used = (0..2).map(|at| widest(&lines, at)).sum::<usize>() + GAP;
    let mut left_out = counts.other_columns;
    for (at, (name, column)) in names.zip(&counts.columns).enumerate() {
        let cells = counts.rows.iter().map(|row| row.counts.get(at).copied().unwrap_or(0));
        let cells = cells.chain([column.count]).map(thousands);
        let cells: Vec<String> = std::iter::once(name).chain(cells).collect();
        used += GAP + cells.iter().map(|cell| width(&visible(cell))).max().unwrap_or(0);
        if view.look.columns.is_some_and(|columns| used > columns) {
            left_out += counts.columns.len() - at;
            break;
        }
        lines.iter_mut().zip(cells).for_each(|(line, cell)| line.push(cell));
    }
    let lines: Vec<Vec<String>> = lines
        .into_iter()
        .map(|line| line.iter().map(|cell| visible(cell).into_owned()).collect())
        .collect();
    let right: Vec<bool> = (0..lines.first().map_or(0, Vec::len)).map(|at| at > 0).collect();
    let mut text = String::from("\n");
    for (at, line) in table(&lines, &right).lines().enumerate() {
        let ink = if at == 0 { Ink::Strong } else { Ink::Plain };
        let _ = writeln!(text, "{}", view.look.paint(ink, line));
    }
    if counts.other_rows > 0 {
        let words = tr!(lang, "… {n} more rows, see --facet-limit", n = counts.other_rows);
        let _ = writeln!(text, "{}", view.look.paint(Ink::Faint, &words));
    }
    if left_out > 0 {
        let words = if left_out > counts.other_columns {
            tr!(lang, "… {n} more columns, see --csv", n = left_out)
        } else {
            tr!(lang, "… {n} more columns, see --facet-limit", n = left_out)
        };
        let _ = writeln!(text, "{}", view.look.paint(Ink::Faint, &words));
    }
    text
}

/// The table with whole paths: a row a line, totals last.
pub(crate) fn csv(counts: &CrossCounts, lang: Lang, mut out: impl Write) -> io::Result<()> {
    // By its mark spreadsheets know UTF-8.
    out.write_all("\u{feff}".as_bytes())?;
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let (all, columns) = (tr!(lang, "all"), counts.of.columns());
    let name = |key: &BucketKey, facet| match key {
        BucketKey::Path(path) => path.clone(),
        other => bucket_name(other, facet, lang),
    };
    let line = |name: &str, cells: Vec<String>, total: &str| {
        let cells = cells.iter().map(|cell| harmless(cell).into_owned());
        let name = std::iter::once(harmless(name).into_owned());
        name.chain(cells).chain([total.to_owned()]).collect::<Vec<_>>()
    };
    let heading = facet_name(counts.of.rows().facet, lang);
    let names = counts.columns.iter().map(|column| name(&column.key, columns.facet)).collect();
    let mut lines = vec![line(heading, names, all)];
    lines.extend(counts.rows.iter().map(|row| {
        let cells = row.counts.iter().map(u64::to_string).collect();
        line(&name(&row.key, counts.of.rows().facet), cells, &row.total.to_string())
    }));
    let sums = counts.columns.iter().map(|column| column.count.to_string()).collect();
    lines.push(line(all, sums, &counts.total.to_string()));
    lines.iter().try_for_each(|line| rows.write_record(line)).map_err(io_error)?;
    rows.flush()
}

fn heading(of: &FacetRequest, lang: Lang) -> String {
    let name = facet_name(of.facet, lang);
    of.under.as_ref().map_or_else(|| name.to_owned(), |under| format!("{name} {under}"))
}

/// Columns that the widest cell at a place takes.
fn widest(lines: &[Vec<String>], at: usize) -> usize {
    lines
        .iter()
        .filter_map(|line| line.get(at))
        .map(|cell| width(&visible(cell)))
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::layout::Look;
    use crate::output::text::samples;
    use insta::assert_snapshot;
    use std::path::Path;

    fn shown(lang: Lang, columns: Option<usize>) -> String {
        let look = Look { columns, ..Look::default() };
        text(&samples::cross(), &View { lang, look, base: Path::new("/data"), explain: false })
    }

    #[test]
    fn rows_and_columns_are_aligned_and_totals_come_first() {
        assert_snapshot!(shown(Lang::Chinese, None), @r"

        地区 × 举措   全部  基层治理  =产业  未标注
        云南省       1,000       900     30       9
        西藏自治区       4         0      4       0
        全部         1,732     1,066     40      11
        … 另有 2 行，见 --facet-limit
        ");
    }

    #[test]
    fn columns_without_room_are_counted() {
        assert_snapshot!(shown(Lang::English, Some(36)), @r"

        Region × Measure    all  基层治理
        云南省            1,000       900
        西藏自治区            4         0
        all               1,732     1,066
        … 2 more rows, see --facet-limit
        … 2 more columns, see --csv
        ");
    }

    #[test]
    fn csv_has_whole_paths_and_no_formulas() {
        let mut bytes = Vec::new();
        csv(&samples::cross(), Lang::Chinese, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "\u{feff}地区,基层治理,'=产业,未标注,全部\r\n\
             云南省,900,30,9,1000\r\n西藏自治区,0,4,0,4\r\n全部,1066,40,11,1732\r\n"
        );
    }
}
