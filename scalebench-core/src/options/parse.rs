//! From arguments and variables to [`Options`].

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::data::{Preset, Schedule};
use scalebench_model::gate::Limits;

use super::values::{add_params, at_least_one, counts, duration, expectations, one_of};
use super::{Action, Color, Comparing, Ignored, Options, UsageError, load, usage};
use crate::features::{HOSTS, LOAD, needed};

/// Reads the command line, after the `SCALEBENCH_*` variables that mirror its flags.
///
/// # Errors
/// When a flag is unknown or its value makes no sense.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Options, UsageError> {
    let mut options = Options::default();
    read_variables(&mut options, variable)?;
    let by_variable = std::mem::take(&mut options.params);
    let expected_by_variable = std::mem::take(&mut options.expect);
    let mut parser = Parser::from_args(arguments);
    let mut action = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(filter) => options.selection.filters.push(filter.string()?),
            Arg::Short('q') => options.quiet = true,
            Arg::Short('v') => options.verbose = true,
            Arg::Short('h') => action = Some(Action::Help),
            Arg::Short('V') => action = Some(Action::Version),
            Arg::Long(name) => {
                let name = name.to_owned();
                if LOAD && name == "load" {
                    load::read(&mut options, &mut parser)?;
                } else if !flag(&mut options, &mut action, &name)? {
                    valued(&mut options, &name, &mut parser)?;
                }
            }
            Arg::Short(_) => return Err(argument.unexpected().into()),
        }
    }
    for param in by_variable {
        if options.params.iter().all(|given| given.name != param.name) {
            options.params.push(param);
        }
    }
    if options.expect.is_empty() {
        options.expect = expected_by_variable;
    }
    // Whoever profiles starts the binary without cargo, and so without `--bench`.
    let unasked = if options.profile_time.is_some() {
        Action::Bench
    } else {
        Action::Test
    };
    options.action = action.unwrap_or(unasked);
    one_old_side(&options.comparing)?;
    if HOSTS {
        options.remote.complete(options.in_process)?;
    }
    Ok(options)
}

/// A run has one old side.
fn one_old_side(comparing: &Comparing) -> Result<(), UsageError> {
    let other = [
        ("baseline", &comparing.baseline),
        ("load-baseline", &comparing.load),
    ];
    match other.iter().find(|(_, name)| name.is_some()) {
        Some((flag, _)) if comparing.against.is_some() => usage(format!(
            "`--against` measures the old side itself; it does not go with `--{flag}`"
        )),
        _ => Ok(()),
    }
}

/// Flags without a value. Returns whether `name` is one.
fn flag(
    options: &mut Options,
    action: &mut Option<Action>,
    name: &str,
) -> Result<bool, UsageError> {
    match name {
        // cargo puts `--bench` before everything else; whatever else is asked for wins.
        "bench" => *action = action.or(Some(Action::Bench)),
        "test" => *action = Some(Action::Test),
        "list" => *action = Some(Action::List),
        "help" => *action = Some(Action::Help),
        "version" => *action = Some(Action::Version),
        "exact" => options.selection.exact = true,
        "ignored" => options.selection.ignored = Ignored::Only,
        "include-ignored" => options.selection.ignored = Ignored::Include,
        "nocapture" | "no-capture" => options.nocapture = true,
        "quiet" => options.quiet = true,
        "verbose" => options.verbose = true,
        "quick" => options.preset = Preset::Quick,
        "ci" => options.preset = Preset::Ci,
        "no-pin" => options.pin = false,
        "no-priority" => options.hurry = false,
        "in-process" => options.in_process = true,
        "discard-baseline" => options.comparing.discard = true,
        "allow-different-machine" => options.comparing.unlike_machines = true,
        "gate-strict" => options.comparing.strict = true,
        // libtest's; they change nothing here and tools pass them along.
        "show-output" => {}
        _ => return Ok(false),
    }
    Ok(true)
}

/// Refuses the flags of features that this build was made without.
fn offered(name: &str) -> Result<(), UsageError> {
    let (feature, is_there) = match name {
        "load" | "schedule" | "call-timeout" | "knee-factor" => ("load", LOAD),
        "launcher" | "hosts" | "remote-program" | "on-host-loss" | "processes" => ("hosts", HOSTS),
        _ => return Ok(()),
    };
    match is_there {
        true => Ok(()),
        false => usage(needed(&format!("--{name}"), feature)),
    }
}

/// Flags with a value.
fn valued(options: &mut Options, name: &str, parser: &mut Parser) -> Result<(), UsageError> {
    const WITH_VALUE: [&str; 31] = [
        "param",
        "expect",
        "skip",
        "format",
        "color",
        "threads",
        "tasks",
        "processes",
        "launches",
        "rounds",
        "window",
        "max-time",
        "timeout",
        "launcher",
        "hosts",
        "remote-program",
        "on-host-loss",
        "seed",
        "profile-time",
        "save-baseline",
        "baseline",
        "baseline-lenient",
        "load-baseline",
        "against",
        "against-name",
        "gate",
        "test-threads",
        "logfile",
        "schedule",
        "call-timeout",
        "knee-factor",
    ];
    offered(name)?;
    if !WITH_VALUE.contains(&name) {
        return usage(format!("unknown flag `--{name}`"));
    }
    if name == "against" {
        options.comparing.against = Some(parser.value()?.into());
        return Ok(());
    }
    let value = parser.value()?.string()?;
    set(options, name, &value)
}

/// Flags that say what to compare with. Returns whether `name` is one.
fn set_comparing(comparing: &mut Comparing, name: &str, value: &str) -> Result<bool, UsageError> {
    if value.is_empty() {
        return usage(format!("`--{name}` takes a name"));
    }
    match name {
        "save-baseline" => comparing.save = Some(value.to_owned()),
        "baseline" | "baseline-lenient" => {
            comparing.baseline = Some(value.to_owned());
            comparing.lenient = name == "baseline-lenient";
        }
        "load-baseline" => comparing.load = Some(value.to_owned()),
        "against-name" => comparing.against_name = Some(value.to_owned()),
        "gate" => {
            let limits = Limits::parse(value).or_else(|error| usage(error.to_string()))?;
            comparing.gate = Some(limits);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn set(options: &mut Options, name: &str, value: &str) -> Result<(), UsageError> {
    match name {
        "skip" => options.selection.skip.push(value.to_owned()),
        "param" => add_params(&mut options.params, value)?,
        "expect" => options.expect.extend(expectations(value)?),
        "format" => options.terse = one_of(name, value, &[("terse", true), ("pretty", false)])?,
        "color" | "colour" => {
            let choices = [
                ("auto", Color::Auto),
                ("always", Color::Always),
                ("never", Color::Never),
            ];
            options.color = one_of(name, value, &choices)?;
        }
        "threads" => options.threads = Some(counts(name, value)?),
        "processes" => options.processes = Some(counts(name, value)?),
        "tasks" => options.tasks = Some(counts(name, value)?),
        "launches" => options.launches = Some(at_least_one(name, value)?),
        "rounds" => options.rounds = Some(at_least_one(name, value)?),
        "window" => options.window = Some(duration(name, value)?),
        "max-time" => options.max_time = Some(duration(name, value)?),
        "profile-time" => options.profile_time = Some(duration(name, value)?),
        "timeout" => options.timeout = duration(name, value)?,
        "load" if LOAD => load::set(options, value)?,
        "schedule" => {
            let choices = [
                ("poisson", Schedule::Poisson),
                ("constant", Schedule::Constant),
            ];
            options.load.schedule = one_of(name, value, &choices)?;
        }
        "call-timeout" => options.load.call_timeout = Some(duration(name, value)?),
        "knee-factor" => options.load.knee_factor = load::knee_factor(value)?,
        "seed" => {
            options.seed = value
                .parse()
                .or_else(|_| usage(format!("`--seed` takes a whole number, not `{value}`")))?;
        }
        _ if HOSTS && options.remote.set(name, value)? => {}
        _ => {
            set_comparing(&mut options.comparing, name, value)?;
        }
    }
    Ok(())
}

/// `SCALEBENCH_THREADS=1,2` says what `--threads 1,2` says; the command line comes after and wins.
fn read_variables(
    options: &mut Options,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<(), UsageError> {
    const SWITCHES: [&str; 11] = [
        "discard-baseline",
        "allow-different-machine",
        "gate-strict",
        "quick",
        "ci",
        "no-pin",
        "no-priority",
        "in-process",
        "nocapture",
        "quiet",
        "verbose",
    ];
    const VALUED: [&str; 25] = [
        "param",
        "expect",
        "save-baseline",
        "baseline",
        "baseline-lenient",
        "load-baseline",
        "gate",
        "threads",
        "tasks",
        "processes",
        "launches",
        "rounds",
        "window",
        "max-time",
        "timeout",
        "launcher",
        "hosts",
        "remote-program",
        "on-host-loss",
        "seed",
        "color",
        "load",
        "schedule",
        "call-timeout",
        "knee-factor",
    ];
    let read = |name: &str| -> Result<Option<String>, UsageError> {
        let key = format!("SCALEBENCH_{}", name.to_uppercase().replace('-', "_"));
        match variable(&key) {
            None => Ok(None),
            Some(value) => match value.into_string() {
                Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
                Err(_) => usage(format!("the variable {key} is not UTF-8")),
            },
        }
    };
    for name in SWITCHES {
        if read(name)?.is_some_and(|value| value != "0") {
            flag(options, &mut None, name)?;
        }
    }
    for name in VALUED {
        if let Some(value) = read(name)? {
            offered(name)?;
            set(options, name, &value)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options, UsageError> {
        parse(arguments.iter().map(OsString::from), |_| None)
    }

    #[test]
    fn cargo_bench_measures_and_everything_else_tests() {
        assert_eq!(parsed(&["--bench"]).expect("valid").action, Action::Bench);
        assert_eq!(parsed(&[]).expect("valid").action, Action::Test);
        assert_eq!(
            parsed(&["--bench", "--test"]).expect("valid").action,
            Action::Test
        );
        assert_eq!(
            parsed(&["--list", "--bench"]).expect("valid").action,
            Action::List
        );
        for version in ["-V", "--version"] {
            let options = parsed(&["--bench", version]).expect("valid");
            assert_eq!(options.action, Action::Version);
        }
        assert_eq!(
            parsed(&["--profile-time", "5"]).expect("valid").action,
            Action::Bench
        );
        assert_eq!(
            parsed(&["--profile-time", "5", "--test"])
                .expect("valid")
                .action,
            Action::Test
        );
    }

    #[test]
    fn filters_work_as_in_libtest() {
        let selection = parsed(&["map", "--skip", "slow"]).expect("valid").selection;
        assert!(selection.takes("a::map_get", false));
        assert!(!selection.takes("a::map_slow", false));
        assert!(!selection.takes("a::other", false));
        assert!(!selection.takes("a::map_get", true));
        let exact = parsed(&["a::map", "--exact", "--include-ignored"])
            .expect("valid")
            .selection;
        assert!(exact.takes("a::map", true) && !exact.takes("a::map_get", true));
    }

    #[test]
    fn nonsense_is_refused_with_what_to_write() {
        for (arguments, part) in [
            (&["--threads", "0"][..], "counts from 1"),
            (&["--threads", ""], "counts from 1"),
            (&["--threads", "2,-1"], "counts from 1"),
            (&["--rounds", "0"], "from 1"),
            (&["--launches", "99999999999999999999"], "from 1"),
            (&["--max-time", "-3"], "above 0"),
            (&["--max-time", "NaN"], "above 0"),
            (&["--max-time", "inf"], "above 0"),
            (&["--window", "3 parsecs"], "above 0"),
            (&["--profile-time", "soon"], "above 0"),
            (&["--color", "pink"], "auto or always or never"),
            (&["--threads"], "missing"),
            (&["--param", "size"], "name and values"),
            (&["--param", "=1"], "name and values"),
            (&["--param", "size="], "name and values"),
            (&["--frobnicate"], "unknown flag"),
            (&["--against", "old", "--baseline", "main"], "`--baseline`"),
            (&["--gate", "performance=-1%"], "0 to 100 %"),
            (
                &["--expect", "latncy <= 1ns"],
                "error: there is no metric `latncy`",
            ),
            (
                &["--expect", "latency <= 1ps"],
                "\n  --expect 'latency <= 1ps'\n",
            ),
            (
                &["--expect", "latency <= 1ps"],
                "\nhelp: write a number with ns",
            ),
            (
                &["--expect", "p99(8) <= 1us"],
                "cannot be expected in this version",
            ),
            (&["--expect="], "nothing is expected"),
            (&["--load", "0/s"], "rate above 0"),
            (&["--load", "-5/s"], "rate above 0"),
            (&["--load", "1e99/s"], "rate above 0"),
            (&["--load", "5000"], "rate above 0"),
            (&["--load=often"], "rate above 0"),
            (&["--load", "50/s,0s"], "above 0"),
            (&["--load", "50/s,soon"], "above 0"),
            (&["--schedule", "weekly"], "poisson or constant"),
            (&["--call-timeout", "0"], "above 0"),
            (&["--knee-factor", "1"], "above 1"),
            (&["--knee-factor", "NaN"], "above 1"),
        ] {
            let error = parsed(arguments).expect_err("must be refused").to_string();
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn values_are_given_by_name_and_flags_win() {
        let variable =
            |key: &str| (key == "SCALEBENCH_PARAM").then(|| OsString::from("size=1;kind=a b,c"));
        let arguments = ["--param", "size=16,1024", "--param=size=7"].map(OsString::from);
        let options = parse(arguments, variable).expect("valid");
        let params: Vec<(&str, Vec<&str>)> = options
            .params
            .iter()
            .map(|param| {
                let values = param.values.iter().map(String::as_str);
                (param.name.as_str(), values.collect())
            })
            .collect();
        assert_eq!(
            params,
            [
                ("size", vec!["16", "1024", "7"]),
                ("kind", vec!["a b", "c"])
            ]
        );
    }

    #[test]
    fn expectations_add_up_and_flags_win() {
        let variable =
            |key: &str| (key == "SCALEBENCH_EXPECT").then(|| OsString::from("latency < 1ms"));
        let of = |arguments: &[&str]| -> Vec<String> {
            let arguments = arguments.iter().map(OsString::from);
            let options = parse(arguments, variable).expect("valid");
            options.expect.iter().map(ToString::to_string).collect()
        };
        assert_eq!(of(&["--bench"]), ["latency < 1ms"]);
        let flags = [
            "--expect",
            "speedup(2) > 1.5, latency < 1us",
            "--expect=overhead(2) < 9ns",
        ];
        assert_eq!(
            of(&flags),
            ["speedup(2) > 1.5", "latency < 1us", "overhead(2) < 9ns"]
        );
    }

    #[test]
    fn a_rate_after_load_is_its_value_and_anything_else_a_filter() {
        let options = parsed(&["--bench", "--load", "5000/s,2s", "x::y"]).expect("valid");
        assert!(options.all_under_load);
        assert_eq!(options.load.rate_per_s, Some(5_000.0));
        assert_eq!(options.load.time, Some(Duration::from_secs(2)));
        assert_eq!(options.selection.filters, ["x::y"]);
        let options = parsed(&["--load", "service", "--bench"]).expect("valid");
        assert!(options.all_under_load && options.load.rate_per_s.is_none());
        assert_eq!(options.selection.filters, ["service"]);
        assert!(
            parsed(&["--bench", "--load"])
                .expect("valid")
                .all_under_load
        );
        let by_variable = |value: &'static str| {
            let variable = |key: &str| (key == "SCALEBENCH_LOAD").then(|| OsString::from(value));
            parse(std::iter::empty::<OsString>(), variable).expect("valid")
        };
        assert!(by_variable("1").all_under_load && !by_variable("0").all_under_load);
        assert_eq!(by_variable("20/s").load.rate_per_s, Some(20.0));
    }

    #[test]
    fn times_have_units() {
        let time = |text| duration("window", text).expect("valid");
        assert_eq!(time("10"), Duration::from_secs(10));
        assert_eq!(time("500ms"), Duration::from_millis(500));
        assert_eq!(time("0.5 s"), Duration::from_millis(500));
        assert_eq!(time("20us"), Duration::from_micros(20));
    }

    #[test]
    fn variables_mirror_flags_and_flags_win() {
        let variable = |key: &str| match key {
            "SCALEBENCH_THREADS" => Some(OsString::from("1,8")),
            "SCALEBENCH_QUICK" => Some(OsString::from("1")),
            _ => None,
        };
        let options =
            parse(["--bench", "--threads", "2"].map(OsString::from), variable).expect("valid");
        assert_eq!(options.threads, Some(vec![2]));
        assert_eq!(options.preset, Preset::Quick);
    }
}
