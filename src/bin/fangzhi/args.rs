//! The arguments of the command, as clap reads them. The doc comments are the English help texts.
//!
//! Chinese for every text here stands in `lang/chinese.rs`, usage lines and examples in `help.rs`; `tree.rs` puts the
//! three together. Values that need a message of their own (dates, sizes, facets, names) stay strings here and are
//! read in `values.rs`.

use crate::lang::Lang;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint, value_parser};
use std::ffi::OsString;
use std::path::PathBuf;

/// Full-text search that finds what places did, in piles of Chinese reports
#[derive(Debug, Parser)]
#[command(
    name = "fangzhi",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Use the index in this folder
    #[arg(long, value_name = "DIR", global = true, value_hint = ValueHint::DirPath)]
    pub(crate) index: Option<PathBuf>,
    /// Language of messages and help
    #[arg(long, value_name = "LANG", global = true)]
    pub(crate) lang: Option<Lang>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(crate) color: Color,
    /// Print help
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read, clean and index files and folders
    Index(IndexArgs),
    /// Find paragraphs, ranked, with counts by region and measure
    Search(Box<SearchArgs>),
    /// Show a paragraph whole, with its tags and their evidence
    Show(ShowArgs),
    /// Show how a file is read, cleaned, split and tagged, without indexing it
    Inspect(InspectArgs),
    /// Show how a text is folded and cut into tokens
    Analyze(AnalyzeArgs),
    /// Show what the index holds
    Stats(StatsArgs),
    /// Check the index for damage
    Check(CheckArgs),
    /// Read again from the files what is damaged in the index
    Repair(RepairArgs),
    /// Measure ranking on judged queries: Recall, MRR, nDCG and latency
    Eval(EvalArgs),
    /// Measure query latency by class on your own index
    Bench(BenchArgs),
    /// Export, check or show the vocabularies that decide tags
    #[command(subcommand, arg_required_else_help = true)]
    Schema(SchemaCommand),
    /// List doubtful tags, correct tags by hand, measure how right they are
    Tags(TagsArgs),
    /// Give all paragraphs the tags of changed vocabularies, without reading files again
    Retag(RetagArgs),
    /// List or clear the indexes kept in the cache folder
    #[command(subcommand, arg_required_else_help = true)]
    Cache(CacheCommand),
    /// List the formats and encodings that are read
    Formats(FormatsArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page of the command or a subcommand
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(crate) struct IndexArgs {
    /// Files and folders; none refreshes the remembered ones
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Only files that match this glob (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// No files or folders that match this glob (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Encoding of every text file, for example gb18030; default guesses each
    #[arg(long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Threads that read and clean; 0 takes one a core
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
    /// Most memory for what is read and written; a file read whole may have an eighth of it
    #[arg(long, value_name = "SIZE", default_value = "512M")]
    pub(crate) memory: String,
    /// Remove vanished reports even when they are more than half of a folder
    #[arg(long, conflicts_with = "keep_missing")]
    pub(crate) prune: bool,
    /// Keep reports whose files vanished
    #[arg(long)]
    pub(crate) keep_missing: bool,
    /// Remember this file or folder no more and take what is below it out of the index, be it there or not (repeatable)
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with_all = ["keep_missing", "watch"])]
    pub(crate) forget: Vec<PathBuf>,
    /// Say what would be done, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Read every file again, changed or not
    #[arg(long)]
    pub(crate) reread: bool,
    /// Merge the index into one segment at the end
    #[arg(long)]
    pub(crate) optimize: bool,
    /// Stay, and index again whenever something below the folders or in schema/ changes, until Ctrl-C; not with --dry-run or --report
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) watch: bool,
    /// Wait so many seconds for another process that writes to the index
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) wait: u64,
    /// Make what is finished safe at least every so many seconds; 0 after each file
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) commit_every: u64,
    /// Or when files of so many bytes were read since the last time
    #[arg(long, value_name = "SIZE", default_value = "256M")]
    pub(crate) commit_size: String,
    /// Write what became of every file to this CSV file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "watch")]
    pub(crate) report: Option<PathBuf>,
    /// Print every event and the summary as JSON lines
    #[arg(long)]
    pub(crate) json: bool,
}

/// How files are read, for the commands that read them.
#[derive(Debug, Args)]
pub(crate) struct ReadingArgs {
    /// Read PDF pages that are pictures with this command: it is given the path, prints every page in order with a form feed after each (empty where FANGZHI_PAGES, a list separated by blanks, does not want it), and may take ten times --max-seconds
    #[arg(long, value_name = "COMMAND")]
    pub(crate) ocr: Option<String>,
    /// Refuse files and archive members larger than this
    #[arg(long, value_name = "SIZE", default_value = "64M", help_heading = "Limits")]
    pub(crate) max_file_bytes: String,
    /// Most pages of a PDF
    #[arg(long, value_name = "N", default_value_t = 3_000, value_parser = value_parser!(u64).range(1..), help_heading = "Limits")]
    pub(crate) max_pages: u64,
    /// Most that a packed file or an archive may unpack to
    #[arg(long, value_name = "SIZE", default_value = "1G", help_heading = "Limits")]
    pub(crate) max_unpacked_bytes: String,
    /// Most times its size that a part may unpack to
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = value_parser!(u64).range(1..), help_heading = "Limits")]
    pub(crate) max_ratio: u64,
    /// Most members of an archive
    #[arg(long, value_name = "N", default_value_t = 50_000, value_parser = value_parser!(u64).range(1..), help_heading = "Limits")]
    pub(crate) max_members: u64,
    /// Archives in archives that are opened: 0 for none, 16 at most
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u64).range(..=16), help_heading = "Limits")]
    pub(crate) max_nesting: u64,
    /// Most seconds for a file or member that is not plain text
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = value_parser!(u64).range(1..), help_heading = "Limits")]
    pub(crate) max_seconds: u64,
    /// Most memory to read what is not plain text
    #[arg(long, value_name = "SIZE", default_value = "2G", help_heading = "Limits")]
    pub(crate) max_extract_memory: String,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words to find, then files or folders to search in
    #[arg(value_name = "QUERY", num_args = 0.., value_hint = ValueHint::Other)]
    pub(crate) words: Vec<OsString>,

    /// Only this region and what lies below it; untagged: without any (repeatable)
    #[arg(long, short = 'r', value_name = "REGION", help_heading = "Filters")]
    pub(crate) region: Vec<String>,
    /// Only this measure or group of measures; untagged: without any (repeatable)
    #[arg(long, short = 'm', value_name = "MEASURE", help_heading = "Filters")]
    pub(crate) measure: Vec<String>,
    /// Only this kind of paragraph (repeatable)
    #[arg(long, value_name = "KIND", help_heading = "Filters")]
    pub(crate) kind: Vec<Kind>,
    /// Dated on or after: 2020, 2020-05 or 2020-05-01
    #[arg(long, value_name = "DATE", help_heading = "Filters")]
    pub(crate) since: Option<String>,
    /// Dated on or before: 2020, 2020-05 or 2020-05-01
    #[arg(long, value_name = "DATE", help_heading = "Filters")]
    pub(crate) until: Option<String>,
    /// With a figure of this unit or noun: 人次, 万元, 党员
    #[arg(long, value_name = "UNIT", help_heading = "Filters")]
    pub(crate) figure: Option<String>,
    /// The figure is at least this: 500, 1万, 5000万元
    #[arg(long, value_name = "NUMBER", help_heading = "Filters")]
    pub(crate) min: Option<String>,
    /// The figure is at most this
    #[arg(long, value_name = "NUMBER", help_heading = "Filters")]
    pub(crate) max: Option<String>,
    /// Leave inferred tags out of filters and counts
    #[arg(long, help_heading = "Filters")]
    pub(crate) no_inferred: bool,

    /// Leave out paragraphs with this text (repeatable)
    #[arg(long, value_name = "TEXT", help_heading = "Matching")]
    pub(crate) not: Vec<String>,
    /// Or find this query (repeatable)
    #[arg(long, value_name = "QUERY", help_heading = "Matching")]
    pub(crate) or: Vec<String>,
    /// Take the query as one literal text
    #[arg(short = 'F', long, help_heading = "Matching")]
    pub(crate) literal: bool,
    /// Items that must be found; auto: all, but a question by any of its words
    #[arg(long = "match", value_name = "MODE", default_value = "auto", help_heading = "Matching")]
    pub(crate) match_mode: Match,
    /// Where the items must stand together
    #[arg(long, value_name = "UNIT", default_value = "paragraph", help_heading = "Matching")]
    pub(crate) within: WithinArg,
    /// Do not look for synonyms
    #[arg(long, help_heading = "Matching")]
    pub(crate) no_synonyms: bool,

    /// Most hits shown; default 10, and all with --jsonl and --csv
    #[arg(short = 'n', long = "limit", value_name = "N", help_heading = "Results")]
    pub(crate) limit: Option<usize>,
    /// Order of the hits; figure: largest of --figure first
    #[arg(long, value_name = "ORDER", default_value = "score", help_heading = "Results")]
    pub(crate) sort: SortArg,
    /// Show at most two hits of an article, a report, or all
    #[arg(long, value_name = "UNIT", default_value = "article", help_heading = "Results")]
    pub(crate) group: GroupArg,
    /// Show one paragraph of those with nearly the same text, and where the others stand
    #[arg(long, help_heading = "Results")]
    pub(crate) collapse: bool,
    /// Paragraphs of the article to show before and after each hit
    #[arg(short = 'C', long, value_name = "N", default_value_t = 0, help_heading = "Results")]
    pub(crate) context: usize,
    /// Show scores, how they came about, and why each tag is there
    #[arg(long, help_heading = "Results")]
    pub(crate) explain: bool,

    /// Count by region, measure, year, source or kind, below a path if given (repeatable)
    #[arg(long, value_name = "NAME[:PATH]", help_heading = "Counts")]
    pub(crate) facet: Vec<String>,
    /// Count regions or measures by another facet, as a table: --cross region measure
    #[arg(
        long,
        num_args = 2,
        action = ArgAction::Set,
        value_names = ["ROWS", "COLUMNS"],
        conflicts_with_all = ["files", "count", "jsonl", "batch"],
        help_heading = "Counts"
    )]
    pub(crate) cross: Option<Vec<String>>,
    /// Show no counts
    #[arg(long, conflicts_with_all = ["facet", "cross"], help_heading = "Counts")]
    pub(crate) no_facets: bool,
    /// Most rows of a facet, and columns of a table
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Counts")]
    pub(crate) facet_limit: usize,
    /// What is counted; cluster: nearly the same text once
    #[arg(long, value_name = "UNIT", default_value = "paragraph", help_heading = "Counts")]
    pub(crate) count_by: CountBy,

    /// Print only the paths of files with hits
    #[arg(short = 'l', long = "files", group = "form", help_heading = "Output")]
    pub(crate) files: bool,
    /// Print only how many match
    #[arg(short = 'c', long, conflicts_with_all = ["files", "jsonl", "csv"], help_heading = "Output")]
    pub(crate) count: bool,
    /// Print one JSON object
    #[arg(long, group = "form", help_heading = "Output")]
    pub(crate) json: bool,
    /// Print every hit as a JSON line
    #[arg(long, group = "form", help_heading = "Output")]
    pub(crate) jsonl: bool,
    /// Print every hit as a CSV row, or the table of --cross, for spreadsheets
    #[arg(long, group = "form", help_heading = "Output")]
    pub(crate) csv: bool,
    /// Answer the queries in a file (- for standard input), one a line
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["files", "count", "jsonl", "csv", "explain"],
        value_hint = ValueHint::FilePath,
        help_heading = "Output"
    )]
    pub(crate) batch: Option<PathBuf>,

    /// Search the last state of the index in the cache folder, do not update it
    #[arg(long)]
    pub(crate) no_update: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

/// `--match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Match {
    Auto,
    All,
    Any,
}

/// `--within`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WithinArg {
    Paragraph,
    Article,
}

/// `--sort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortArg {
    Score,
    Date,
    Figure,
}

/// `--group`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupArg {
    None,
    Article,
    Report,
}

/// `--count-by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CountBy {
    Paragraph,
    Article,
    Report,
    Cluster,
}

/// `--kind`; the Chinese names are taken too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    #[value(alias = "标题")]
    Heading,
    #[value(alias = "正文")]
    Body,
    #[value(alias = "署名")]
    Byline,
    #[value(alias = "图注")]
    Caption,
    #[value(alias = "表格")]
    Table,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Start of a paragraph id, PATH:LINE, or rank in the last search
    #[arg(value_name = "ID|PATH:LINE|N", required = true)]
    pub(crate) targets: Vec<OsString>,
    /// Paragraphs of the article to show before and after
    #[arg(short = 'C', long, value_name = "N", default_value_t = 0)]
    pub(crate) context: usize,
    /// Print each paragraph as a JSON line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Files to look at
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Encoding of the file, for example gb18030; default guesses
    #[arg(long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Print the file and each paragraph as JSON lines
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AnalyzeArgs {
    /// Text to look at; words join with spaces
    #[arg(value_name = "TEXT", required = true)]
    pub(crate) text: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// List the files that could not be read, or only in part, and why
    #[arg(long)]
    pub(crate) problems: bool,
    /// Say of each measure how right its tags are
    #[arg(long, conflicts_with = "problems")]
    pub(crate) tags: bool,
    /// Print one JSON object, which holds all of it
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Compare also every stored text with the terms it is found by; takes about as long as indexing
    #[arg(long)]
    pub(crate) full: bool,
    /// Print only a digest of all documents: the same for the same files in whatever order and runs they were indexed, unless files moved meanwhile
    #[arg(long, conflicts_with_all = ["full", "json"])]
    pub(crate) digest: bool,
    /// Print each problem as a JSON line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RepairArgs {
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Threads that read and clean; 0 takes one a core
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
    /// Most memory for what is read and written; a file read whole may have an eighth of it
    #[arg(long, value_name = "SIZE", default_value = "512M")]
    pub(crate) memory: String,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// Passages, one JSON object a line
    #[arg(value_name = "PASSAGES", value_hint = ValueHint::FilePath)]
    pub(crate) passages: PathBuf,
    /// Queries with the passages they must find, one JSON object a line
    #[arg(value_name = "QUERIES", value_hint = ValueHint::FilePath)]
    pub(crate) queries: PathBuf,
    /// Write the ranked answers to this file, one JSON object a query
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) run: Option<PathBuf>,
    /// Compare with a file that --run wrote before, query by query
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) compare: Option<PathBuf>,
    /// Items that must be found; auto: all, but a question by any of its words
    #[arg(long = "match", value_name = "MODE", default_value = "auto")]
    pub(crate) match_mode: Match,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Queries of each class
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) queries: u16,
    /// Seed of the choice of queries
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads that ask at once
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: u16,
    /// Write the time of every query to this file, one JSON object a line
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) run: Option<PathBuf>,
    /// Compare with a file that --run wrote before, query by query
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) compare: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    /// Write the built-in vocabularies to a folder, to be edited there
    Export {
        /// Folder to write to; default is `schema` in the folder of the index
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        dir: Option<PathBuf>,
    },
    /// Check the vocabularies in a folder; every fault with file, line and entry
    Check {
        /// Folder to check; default is `schema` in the folder of the index
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        dir: Option<PathBuf>,
    },
    /// Show what a region or measure name stands for
    Show {
        /// Name, alias, former name, code or path
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(crate) struct TagsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<TagsCommand>,
    /// List measures close to their threshold, or names of regions that nothing decides, the most doubtful first
    #[arg(
        long,
        value_name = "SORT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "measures"
    )]
    pub(crate) doubtful: Option<Doubts>,
    /// Only paragraphs that this query finds
    #[arg(value_name = "QUERY", requires = "doubtful", value_hint = ValueHint::Other)]
    pub(crate) query: Vec<String>,
    /// Only paragraphs of this region and what lies below it (repeatable)
    #[arg(long, short = 'r', value_name = "REGION", requires = "doubtful")]
    pub(crate) region: Vec<String>,
    /// Only doubts about this measure or group of measures (repeatable)
    #[arg(long, short = 'm', value_name = "MEASURE", requires = "doubtful")]
    pub(crate) measure: Vec<String>,
    /// Most that are shown
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Print one JSON object
    #[arg(long, requires = "doubtful")]
    pub(crate) json: bool,
}

/// `--doubtful`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Doubts {
    Measures,
    Regions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TagsCommand {
    /// Set the tags of paragraphs by hand; they are so at once, and stay
    Set(TagsSetArgs),
    /// Take corrections back
    Unset(TagsUnsetArgs),
    /// List the corrections, and those that found no paragraph
    Overrides(TagsOverridesArgs),
    /// Compare labels given by reading with the tags given automatically
    Score(TagsScoreArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TagsSetArgs {
    /// Start of a paragraph id, PATH:LINE, or rank in the last search
    #[arg(value_name = "ID|PATH:LINE|N", required = true)]
    pub(crate) targets: Vec<OsString>,
    /// They describe this measure (repeatable)
    #[arg(long, short = 'm', value_name = "MEASURE")]
    pub(crate) measure: Vec<String>,
    /// They do not describe this measure or group of measures (repeatable)
    #[arg(long, value_name = "MEASURE")]
    pub(crate) not_measure: Vec<String>,
    /// They report on this region (repeatable)
    #[arg(long, short = 'r', value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// They do not report on this region, nor on one below it (repeatable)
    #[arg(long, value_name = "REGION")]
    pub(crate) not_region: Vec<String>,
    /// They have no tags, of one sort or at all, but those given here
    #[arg(
        long,
        value_name = "SORT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "all"
    )]
    pub(crate) none: Option<NoTags>,
    /// Why, for those who read the file of corrections
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Print each paragraph as a JSON line
    #[arg(long)]
    pub(crate) json: bool,
}

/// `--none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoTags {
    All,
    Measures,
    Regions,
}

#[derive(Debug, Args)]
pub(crate) struct TagsUnsetArgs {
    /// Start of the id of a paragraph or correction, PATH:LINE, or rank in the last search
    #[arg(value_name = "ID|PATH:LINE|N", required = true)]
    pub(crate) targets: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct TagsOverridesArgs {
    /// Only those that found no paragraph
    #[arg(long)]
    pub(crate) unattached: bool,
    /// Print each correction as a JSON line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RetagArgs {
    /// Also where the vocabularies did not change; for a program with other rules
    #[arg(long)]
    pub(crate) all: bool,
    /// Count what would change, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Threads that tag; 0 takes one a core
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
    /// Most memory for what is read and written
    #[arg(long, value_name = "SIZE", default_value = "512M")]
    pub(crate) memory: String,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TagsScoreArgs {
    /// Labels, one JSON object a line
    #[arg(value_name = "LABELS", value_hint = ValueHint::FilePath)]
    pub(crate) labels: PathBuf,
    /// Folder of the reports that the labels name
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Only labels of this half
    #[arg(long, value_name = "HALF")]
    pub(crate) half: Option<String>,
    /// Tags that the labels call possible are neither right nor wrong
    #[arg(long)]
    pub(crate) lenient: bool,
    /// List every paragraph whose tags differ, by file and line
    #[arg(long, conflicts_with = "json")]
    pub(crate) differences: bool,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// List the indexes in the cache folder
    List,
    /// Remove the indexes in the cache folder
    Clear,
}

#[derive(Debug, Args)]
pub(crate) struct FormatsArgs {
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to write for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Subcommand; none for the command itself
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}
