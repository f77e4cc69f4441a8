//! Progress of an indexing run, drawn on standard error while somebody watches.

use crate::app::App;
use crate::lang::{Lang, Noun, bytes, counted, tr};
use crate::output::layout::visible;
use fangzhi::pipeline::{Event, Outcome};
use fangzhi::text::width::{truncate, width};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;
use std::time::Duration;

/// One line that says how far a run is: files, paragraphs, speed, time left, current file.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    lang: Lang,
    files: usize,
    files_total: usize,
    paragraphs: u64,
}

impl Progress {
    /// A bar that is drawn only while somebody watches standard error.
    pub(crate) fn new(app: &App) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if app.watched {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.set_style(style("{spinner} {msg}"));
            bar.set_message(tr!(app.lang, "looking for files"));
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, lang: app.lang, files: 0, files_total: 0, paragraphs: 0 }
    }

    /// Takes note of one event.
    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::Found { files, bytes } => {
                self.files_total = *files;
                self.bar.set_length(*bytes);
                self.bar.set_style(style("{bar:20} {percent:>3}% {msg}"));
            }
            Event::File { path, record, bytes, took, outcome } => {
                if let Outcome::Added(read) | Outcome::Updated(read) = outcome {
                    self.paragraphs += u64::try_from(read.paragraphs).unwrap_or(0);
                }
                // Records of a file are counted with their file, and what needs no worker is not waited for.
                self.files += usize::from(record.is_none() && !took.is_zero());
                self.bar.inc(*bytes);
                if !self.bar.is_hidden() {
                    self.bar.set_message(self.message(path));
                }
            }
            Event::Comparing => self.bar.set_message(tr!(self.lang, "looking for reprints")),
            Event::Compared { done, all } => {
                self.bar.set_length(*all);
                self.bar.set_position(*done);
            }
            Event::Committed { .. } | Event::Waiting => {}
        }
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn message(&self, path: &Path) -> String {
        let seconds = self.bar.elapsed().as_secs().max(1);
        let left = self.bar.eta();
        let name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let figures = tr!(
            self.lang,
            "{files}/{all} files · {paragraphs} · {speed}/s · {left} left",
            files = self.files,
            all = self.files_total,
            paragraphs = counted(self.lang, self.paragraphs, Noun::Paragraph),
            speed = bytes(self.bar.position() / seconds),
            left = duration(left)
        );
        let columns = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        let room = columns.saturating_sub(width(&figures) + 30);
        if room < 8 { figures } else { format!("{figures} · {}", truncate(&visible(&name), room)) }
    }
}

/// One line that says how many files of how many are done.
#[derive(Debug)]
pub(crate) struct Counting {
    bar: ProgressBar,
}

impl Counting {
    /// A bar that is drawn only while somebody watches standard error.
    pub(crate) fn new(app: &App) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if app.watched {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.set_style(style(&format!(
                "{{bar:20}} {{percent:>3}}% {{pos}}/{{len}} {}",
                tr!(app.lang, "files")
            )));
        }
        Self { bar }
    }

    /// So many files of so many are done.
    pub(crate) fn show(&self, files: usize, all: usize) {
        self.bar.set_length(u64::try_from(all).unwrap_or(u64::MAX));
        self.bar.set_position(u64::try_from(files).unwrap_or(u64::MAX));
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// `8 s`, `3:05`, `1:02:03`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let check = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!([check(8), check(185), check(3723)], ["8 s", "3:05", "1:02:03"]);
    }
}
