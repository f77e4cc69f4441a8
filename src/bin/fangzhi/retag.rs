//! `fangzhi retag`: the tags of changed vocabularies and corrections, without reading files again.

use crate::app::App;
use crate::args::RetagArgs;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::lang::{Lang, Noun, counted, thousands, tr};
use crate::output::json;
use crate::output::layout::table;
use crate::progress::{Counting, duration};
use crate::search::index_here;
use crate::tags::note_lost;
use crate::values;
use crate::vocabulary;
use fangzhi::pipeline::{RetagRequest, RetagSummary, TagChange, retag};
use serde_json::{Value, json};
use std::io::Write as _;

/// Most rows of a table; `--json` has all.
const ROWS_MAX: usize = 20;

/// Runs the command.
pub(crate) fn run(app: &App, args: &RetagArgs) -> Result<Exit, Failure> {
    let index = index_here(app)?;
    let memory = values::memory(app.lang, &args.memory, args.jobs)?;
    let request = RetagRequest { dry_run: args.dry_run, all: args.all, jobs: args.jobs, memory };
    let stop = interrupt::stop_flag();
    let progress = Counting::new(app);
    let corrections = vocabulary::corrections(&index);
    let summary = retag(&index, &request, &stop, &mut |done| {
        progress.show(done.files, done.files_total);
    });
    progress.finish();
    let summary = summary.map_err(|error| Failure::pipeline(app.lang, &error))?;
    let mut out = app.out();
    if args.json {
        json::line(&mut out, &shape(&summary, args.dry_run))?;
    } else if !summary.interrupted {
        out.write_all(text(&summary, args.dry_run, app.lang).as_bytes())?;
    }
    out.flush()?;
    if summary.interrupted {
        app.note(tr!(app.lang, "stopped; the index is as it was"));
        return Ok(Exit::Failed);
    }
    if !args.dry_run {
        vocabulary::remember_corrections(&index, corrections);
    }
    note_lost(app, summary.overrides.saturating_sub(summary.overrides_attached));
    Ok(Exit::Fine)
}

fn shape(summary: &RetagSummary, dry_run: bool) -> Value {
    json!({
        "schema": 1,
        "dry_run": dry_run,
        "files": summary.files,
        "files_tagged": summary.files_tagged,
        "paragraphs": summary.paragraphs,
        "changed": summary.changed,
        "regions": summary.regions,
        "measures": summary.measures,
        "overrides": summary.overrides,
        "overrides_attached": summary.overrides_attached,
        "seconds": summary.elapsed.as_secs_f64(),
        "interrupted": summary.interrupted,
    })
}

fn text(summary: &RetagSummary, dry_run: bool, lang: Lang) -> String {
    if summary.files_tagged == 0 {
        return format!("{}\n", tr!(lang, "all tags are of these vocabularies"));
    }
    let changed = thousands(summary.changed);
    let paragraphs = counted(lang, summary.paragraphs, Noun::Paragraph);
    let files = thousands(u64::try_from(summary.files_tagged).unwrap_or(0));
    let all = counted(lang, u64::try_from(summary.files).unwrap_or(0), Noun::File);
    let what = if dry_run {
        tr!(
            lang,
            "{changed} of {paragraphs} would change; {files} of {all} tagged",
            changed = changed,
            paragraphs = paragraphs,
            files = files,
            all = all
        )
    } else {
        tr!(
            lang,
            "{changed} of {paragraphs} changed; {files} of {all} tagged",
            changed = changed,
            paragraphs = paragraphs,
            files = files,
            all = all
        )
    };
    let mut text = format!("{what} · {}\n", duration(summary.elapsed));
    let sorts =
        [(tr!(lang, "Region"), &summary.regions), (tr!(lang, "Measure"), &summary.measures)];
    for (name, changes) in sorts {
        text.push_str(&rows(name, changes, lang));
    }
    text
}

fn rows(name: &str, changes: &[TagChange], lang: Lang) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let head = [name, tr!(lang, "gained"), tr!(lang, "lost")].map(str::to_owned).to_vec();
    let row = |change: &TagChange| {
        vec![change.path.clone(), format!("+{}", change.gained), format!("-{}", change.lost)]
    };
    let rows: Vec<_> =
        std::iter::once(head).chain(changes.iter().take(ROWS_MAX).map(row)).collect();
    let mut text = format!("\n{}", table(&rows, &[false, true, true]));
    if let Some(n @ 1..) = changes.len().checked_sub(ROWS_MAX) {
        text.push_str(&tr!(lang, "… and {n} more; --json has all", n = n));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use std::time::Duration;

    #[test]
    fn what_changed_stands_by_path_with_the_numbers_in_columns() {
        let change = |path: &str, gained, lost| TagChange { path: path.to_owned(), gained, lost };
        let summary = RetagSummary {
            files: 3,
            files_tagged: 2,
            paragraphs: 1_204,
            changed: 15,
            measures: vec![change("城乡建设/口袋公园", 12, 0), change("基层治理/网格化管理", 1, 2)],
            elapsed: Duration::from_secs(8),
            ..RetagSummary::default()
        };
        assert_snapshot!(text(&summary, true, Lang::Chinese), @r"
        1,204 段中 15 段会有变化；试着标注 2 个文件，共 3 个文件 · 8 s

        举措                 增加  减少
        城乡建设/口袋公园     +12    -0
        基层治理/网格化管理    +1    -2
        ");
        let nothing = text(&RetagSummary::default(), false, Lang::English);
        assert_eq!(nothing, "all tags are of these vocabularies\n");
    }
}
