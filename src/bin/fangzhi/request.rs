//! `SearchArgs` to [`SearchRequest`], once; below this nobody sees a flag.

use crate::app::App;
use crate::args::{CountBy, GroupArg, Kind, Match, SearchArgs, SortArg, WithinArg};
use crate::argv::typed;
use crate::exit::Failure;
use crate::lang::{Noun, counted, tr};
use crate::output::layout::table;
use crate::values::{self, NameFault};
use fangzhi::model::ParagraphKind;
use fangzhi::search::Searcher;
use fangzhi::search::figures::FigureFault;
use fangzhi::search::request::{
    CrossRequest, Facet, FacetRequest, FigureFilter, Filters, Group, MatchMode, SearchRequest,
    Sort, UNTAGGED, Unit, Within,
};
use fangzhi::vocab::Vocabulary;

/// Hits shown when nothing else is asked.
const LIMIT: usize = 10;

/// Whether something else than the words asks already, so that there need be no query.
pub(crate) fn asks_without_query(args: &SearchArgs) -> bool {
    let options = [&args.region, &args.measure, &args.not, &args.or];
    options.iter().any(|option| !option.is_empty())
        || !args.kind.is_empty()
        || args.since.is_some()
        || args.until.is_some()
        || args.figure.is_some()
        || args.batch.is_some()
        || args.cross.is_some()
}

/// Everything asked, but for the paths.
pub(crate) fn request(
    app: &App,
    vocabulary: &Vocabulary,
    args: &SearchArgs,
    query: String,
) -> Result<SearchRequest, NameFault> {
    let filters = filters(app, vocabulary, args)?;
    let facets = facets(app, vocabulary, args, &filters)?;
    let cross = args.cross.as_deref().map(|values| cross(app, vocabulary, args, values));
    let typed = |texts: &[String]| texts.iter().map(|text| typed(text).to_owned()).collect();
    Ok(SearchRequest {
        query,
        literal: args.literal,
        not: typed(&args.not),
        or: typed(&args.or),
        match_mode: match_mode(args.match_mode),
        within: match args.within {
            WithinArg::Paragraph => Within::Paragraph,
            WithinArg::Article => Within::Article,
        },
        synonyms: !args.no_synonyms,
        inferred: !args.no_inferred,
        filters,
        sort: match args.sort {
            SortArg::Score => Sort::Score,
            SortArg::Date => Sort::Date,
            SortArg::Figure => Sort::Figure,
        },
        limit: if args.count { 0 } else { args.limit.unwrap_or(LIMIT) },
        group: match args.group {
            GroupArg::None => Group::None,
            GroupArg::Article => Group::Article,
            GroupArg::Report => Group::Report,
        },
        collapse: args.collapse,
        count_by: match args.count_by {
            CountBy::Paragraph => Unit::Paragraph,
            CountBy::Article => Unit::Article,
            CountBy::Report => Unit::Report,
            CountBy::Cluster => Unit::Cluster,
        },
        facets,
        cross: cross.transpose()?,
        explain: args.explain,
        context: args.context,
        ..SearchRequest::default()
    })
}

/// `--match` as the library knows it.
pub(crate) fn match_mode(mode: Match) -> MatchMode {
    match mode {
        Match::Auto => MatchMode::Auto,
        Match::All => MatchMode::All,
        Match::Any => MatchMode::Any,
    }
}

fn filters(app: &App, vocabulary: &Vocabulary, args: &SearchArgs) -> Result<Filters, NameFault> {
    let region = |name: &String| values::region(app, vocabulary, "--region", typed(name));
    let measure = |name: &String| values::measure(app, vocabulary, "--measure", typed(name));
    let is_name = |name: &&String| !is_untagged(name);
    let asked = [(Facet::Region, &args.region), (Facet::Measure, &args.measure)];
    let untagged = asked.into_iter().filter(|(_, names)| !names.iter().all(|name| is_name(&name)));
    let date = |option, value: &Option<String>| {
        let date = value.as_deref().map(|value| values::date(app.lang, option, value));
        date.transpose().map_err(NameFault::Unknown)
    };
    let since = date("--since", &args.since)?.map(|date| date.from);
    let until = date("--until", &args.until)?.map(|date| date.to);
    if let (Some(since), Some(until)) = (since, until)
        && since > until
    {
        let cause = tr!(app.lang, "--since is after --until: no day is between them");
        return Err(NameFault::Unknown(Failure::new(cause)));
    }
    Ok(Filters {
        regions: args.region.iter().filter(is_name).map(region).collect::<Result<_, _>>()?,
        measures: args.measure.iter().filter(is_name).map(measure).collect::<Result<_, _>>()?,
        untagged: untagged.map(|(facet, _)| facet).collect(),
        kinds: args.kind.iter().map(|kind| paragraph_kind(*kind)).collect(),
        since,
        until,
        figure: figure(app, args).map_err(NameFault::Unknown)?,
        paths: Vec::new(),
    })
}

/// Whether an option asks for paragraphs without a tag, as facets call them.
fn is_untagged(name: &str) -> bool {
    let name = typed(name).trim();
    name.eq_ignore_ascii_case(UNTAGGED) || matches!(name, "未标注" | "未標注")
}

/// `--figure` with its bounds; bounds and order alone ask nothing.
fn figure(app: &App, args: &SearchArgs) -> Result<Option<FigureFilter>, Failure> {
    let (min, max) = (args.min.as_deref(), args.max.as_deref());
    let Some(of) = args.figure.as_deref().map(typed).filter(|of| !of.trim().is_empty()) else {
        let alone = match (min, max, args.sort) {
            (Some(_), ..) => "--min",
            (None, Some(_), _) => "--max",
            (None, None, SortArg::Figure) => "--sort figure",
            _ if args.figure.is_some() => "--figure",
            _ => return Ok(None),
        };
        let cause = tr!(app.lang, "{option}: say which figure is meant", option = alone);
        return Err(Failure::new(cause)
            .hint(tr!(app.lang, "name a unit or what is counted: --figure 人次, --figure 党员")));
    };
    FigureFilter::typed(of, min, max).map(Some).map_err(|(fault, value)| {
        let option = if Some(value.as_str()) == min { "--min" } else { "--max" };
        match fault {
            FigureFault::NoNumber => Failure::new(tr!(
                app.lang,
                "{option}: {value} is not a number",
                option = option,
                value = value
            ))
            .hint(tr!(app.lang, "write 500, 1.5万 or, with its unit, 5000万元")),
            FigureFault::OtherUnit => Failure::new(tr!(
                app.lang,
                "{option}: {value} is not counted in {unit}",
                option = option,
                value = value,
                unit = of
            )),
            FigureFault::Empty => {
                Failure::new(tr!(app.lang, "no number is at least --min and at most --max"))
            }
        }
    })
}

fn paragraph_kind(kind: Kind) -> ParagraphKind {
    match kind {
        Kind::Heading => ParagraphKind::Heading,
        Kind::Body => ParagraphKind::Body,
        Kind::Byline => ParagraphKind::Byline,
        Kind::Caption => ParagraphKind::Caption,
        Kind::Table => ParagraphKind::Table,
    }
}

/// The facets asked for. Without any: regions and measures, and along one chosen region or measure down to what lies
/// below it, so that its siblings stay in view. A batch, lists of files and bare counts have none unless asked.
fn facets(
    app: &App,
    vocabulary: &Vocabulary,
    args: &SearchArgs,
    filters: &Filters,
) -> Result<Vec<FacetRequest>, NameFault> {
    if args.no_facets || args.files || args.jsonl || args.csv {
        return Ok(Vec::new());
    }
    let one = |facet, under| FacetRequest { facet, under, limit: args.facet_limit };
    if args.facet.is_empty() {
        if args.batch.is_some() || args.cross.is_some() || args.count && !args.json {
            return Ok(Vec::new());
        }
        let region = filters.regions.first().filter(|_| filters.regions.len() == 1);
        let measure = filters.measures.first().filter(|_| filters.measures.len() == 1);
        let down = |facet, path: Option<&str>| {
            let levels = path.map(levels).unwrap_or_default();
            std::iter::once(None)
                .chain(levels.into_iter().map(Some))
                .map(move |under| one(facet, under))
        };
        let regions = down(Facet::Region, region.map(|path| path.as_str()));
        return Ok(regions
            .chain(down(Facet::Measure, measure.map(|path| path.as_str())))
            .collect());
    }
    args.facet.iter().map(|value| facet(app, vocabulary, args, ("--facet", value))).collect()
}

/// One facet asked for by an option.
fn facet(
    app: &App,
    vocabulary: &Vocabulary,
    args: &SearchArgs,
    (option, value): (&'static str, &str),
) -> Result<FacetRequest, NameFault> {
    let (facet, under) = values::facet(app.lang, option, value).map_err(NameFault::Unknown)?;
    let under = match (facet, under) {
        (Facet::Measure, Some(name)) => {
            Some(values::measure(app, vocabulary, option, name)?.to_string())
        }
        (_, Some(name)) => Some(values::region(app, vocabulary, option, name)?.to_string()),
        (_, None) => None,
    };
    Ok(FacetRequest { facet, under, limit: args.facet_limit })
}

/// The table asked for: its rows, then its columns.
fn cross(
    app: &App,
    vocabulary: &Vocabulary,
    args: &SearchArgs,
    values: &[String],
) -> Result<CrossRequest, NameFault> {
    let facets = values.iter().map(|value| facet(app, vocabulary, args, ("--cross", value)));
    let facets = facets.collect::<Result<Vec<_>, _>>()?;
    let asked = <[FacetRequest; 2]>::try_from(facets).ok();
    asked.and_then(|[rows, columns]| CrossRequest::new(rows, columns)).ok_or_else(|| {
        let cause =
            tr!(app.lang, "--cross: rows are regions or measures, and columns something else");
        let hint = tr!(app.lang, "for example: --cross region measure, --cross measure year");
        NameFault::Unknown(Failure::new(cause).hint(hint))
    })
}

/// A path and everything above it, shortest first.
fn levels(path: &str) -> Vec<String> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).map(str::to_owned).collect()
}

/// Says which divisions an ambiguous name, or which towns and villages of the index a name stands for, each with its
/// code and its paragraphs.
pub(crate) fn name_failure(app: &App, fault: NameFault, searcher: Option<&Searcher>) -> Failure {
    let (option, name, candidates) = match fault {
        NameFault::Unknown(failure) => return failure,
        NameFault::Ambiguous { option, name, candidates } => (option, name, candidates),
        NameFault::Local { option, name, failure } => {
            let called = searcher.and_then(|searcher| searcher.regions_called(&name).ok());
            let called = called.unwrap_or_default();
            if called.is_empty() {
                return failure;
            }
            (option, name, called.into_iter().map(|path| (path, String::new())).collect())
        }
    };
    let rows: Vec<Vec<String>> = candidates
        .iter()
        .map(|(path, code)| {
            let count = searcher.and_then(|searcher| searcher.count_region(path).ok());
            let count =
                count.map(|count| counted(app.lang, count, Noun::Paragraph)).unwrap_or_default();
            vec![path.to_string(), code.clone(), count]
        })
        .collect();
    let cause = if candidates.iter().all(|(_, code)| code.is_empty()) {
        tr!(app.lang, "{option}: towns and villages called {name}:", option = option, name = name)
    } else {
        tr!(app.lang, "{option}: several regions are called {name}:", option = option, name = name)
    };
    Failure::new(format!("{cause}\n{}", table(&rows, &[false, false, true]).trim_end()))
        .hint(tr!(app.lang, "give the path or the code of the one that is meant"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Color;
    use crate::args::{Cli, Command};
    use crate::lang::Lang;
    use clap::Parser;

    fn built(arguments: &[&str]) -> SearchRequest {
        let arguments = ["fangzhi", "search"].iter().chain(arguments);
        let Command::Search(args) = Cli::parse_from(arguments).command else { panic!() };
        let app = App::new(Lang::English, Color::Never, None);
        let vocabulary = crate::vocabulary::load(Lang::English, None).unwrap();
        request(&app, &vocabulary, &args, "治理".to_owned()).unwrap()
    }

    fn unders(request: &SearchRequest) -> Vec<(Facet, Option<&str>)> {
        request.facets.iter().map(|facet| (facet.facet, facet.under.as_deref())).collect()
    }

    #[test]
    fn without_options_the_defaults_of_the_library_hold() {
        let request = built(&["治理"]);
        let facets = request.facets.clone();
        let defaults =
            SearchRequest { query: "治理".to_owned(), facets, ..SearchRequest::default() };
        assert_eq!(request, defaults);
        assert_eq!(unders(&request), [(Facet::Region, None), (Facet::Measure, None)]);
    }

    #[test]
    fn a_chosen_region_is_shown_with_its_siblings_and_children() {
        let request = built(&["治理", "--region", "云南省/迪庆藏族自治州"]);
        let wanted = [
            (Facet::Region, None),
            (Facet::Region, Some("云南省")),
            (Facet::Region, Some("云南省/迪庆藏族自治州")),
            (Facet::Measure, None),
        ];
        assert_eq!(unders(&request), wanted);
    }

    #[test]
    fn dates_cover_the_whole_month_or_year() {
        let filters = built(&["治理", "--since", "2020", "--until", "2021-02"]).filters;
        assert_eq!((filters.since, filters.until), (Some(20200101), Some(20210228)));
    }

    #[test]
    fn figures_are_asked_for_in_any_unit_of_their_kind() {
        let request =
            built(&["--figure", "万元", "--min", "5", "--max", "1亿元", "--sort", "figure"]);
        let figure = request.filters.figure.unwrap();
        assert_eq!((figure.min, figure.max), (Some(50_000.0), Some(100_000_000.0)));
        assert_eq!(request.sort, Sort::Figure);
    }

    #[test]
    fn options_switch_things_off() {
        let request =
            built(&["治理", "--no-synonyms", "--no-inferred", "--no-facets", "-F", "--count"]);
        assert!(
            !request.synonyms && !request.inferred && request.literal && request.facets.is_empty()
        );
        assert_eq!(request.limit, 0);
    }

    #[test]
    fn facets_are_those_asked_for() {
        let request =
            built(&["治理", "--facet", "年份", "--facet", "region:云南省", "--facet-limit", "3"]);
        assert_eq!(unders(&request), [(Facet::Year, None), (Facet::Region, Some("云南省"))]);
        assert_eq!(request.facets[0].limit, 3);
    }
}
