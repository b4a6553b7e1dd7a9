//! The changes to `Cargo.toml`. Text in, text out; comments and layout stay.

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

/// Where scalebench comes from.
pub(super) enum Dependency {
    Version(String),
    Path(String),
}

/// What is to be added.
pub(super) struct Addition<'a> {
    /// Name of the bench target.
    pub(super) bench: &'a str,
    pub(super) dependency: Dependency,
    /// Whether cargo reads build profiles from this manifest: it is its workspace's root, or alone.
    pub(super) root: bool,
    /// Whether the package has `src/lib.rs`.
    pub(super) library: bool,
    /// Whether the package has `src/main.rs`.
    pub(super) program: bool,
}

/// The new text, and what is different, a line each.
pub(super) struct Changed {
    pub(super) text: String,
    pub(super) said: Vec<String>,
}

/// Adds what is missing.
///
/// # Errors
/// Why the manifest cannot be changed, in words.
pub(super) fn change(text: &str, addition: &Addition<'_>) -> Result<Changed, String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| format!("it is no TOML ({error})").trim_end().to_owned())?;
    if !document.contains_key("package") {
        return Err(
            "it is the root of a workspace and no package. Go to one of its packages".to_owned(),
        );
    }
    let mut said = Vec::new();
    add_bench(&mut document, addition.bench)?;
    said.push(format!(
        "Added the bench target `{}` to Cargo.toml",
        addition.bench
    ));
    said.push(add_dependency(&mut document, &addition.dependency)?);
    if addition.library && quiet_library(&mut document)? {
        said.push(
            "Set `bench = false` for the library: its own test harness would refuse our flags in `cargo bench -- …`"
                .to_owned(),
        );
    }
    if addition.root {
        said.extend(build_fast(&mut document)?);
    }
    if addition.program {
        said.push(format!(
            "The program's own test harness refuses our flags: write `cargo bench --bench {} -- …`",
            addition.bench
        ));
    }
    Ok(Changed {
        text: as_before(text, &document.to_string()),
        said,
    })
}

/// Line ends and mark as they were.
fn as_before(old: &str, new: &str) -> String {
    let new = if old.contains("\r\n") {
        new.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        new.to_owned()
    };
    const MARK: char = '\u{feff}';
    if old.starts_with(MARK) && !new.starts_with(MARK) {
        format!("{MARK}{new}")
    } else {
        new
    }
}

fn add_bench(document: &mut DocumentMut, name: &str) -> Result<(), String> {
    let benches = document
        .entry("bench")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(benches) = benches.as_array_of_tables_mut() else {
        return Err(format!(
            "its `bench` is written in one line. Add {{ name = \"{name}\", harness = false }} to it by hand"
        ));
    };
    let named = |table: &Table| table.get("name").and_then(Item::as_str) == Some(name);
    if benches.iter().any(named) {
        return Err(format!("it has a bench target `{name}` already"));
    }
    let mut bench = Table::new();
    bench.insert("name", value(name));
    bench.insert("harness", value(false));
    benches.push(bench);
    Ok(())
}

const NAME: &str = "scalebench";

/// Adds the dependency unless it is there; returns what was done.
fn add_dependency(document: &mut DocumentMut, dependency: &Dependency) -> Result<String, String> {
    let entry = |table: Option<&Item>| table?.as_table_like()?.get(NAME).cloned();
    let there = entry(document.get("dev-dependencies"));
    if let Some(there) = there.or_else(|| entry(document.get("dependencies"))) {
        let said = match there.into_value() {
            Ok(value) => format!("Kept `{NAME} = {}`", value.decorated("", "")),
            Err(_) => format!("Kept the dependency on {NAME}"),
        };
        return Ok(format!("{said}, which was there{}", not_from(dependency)));
    }
    let workspace = document.get("workspace");
    let inherited = entry(workspace.and_then(|it| it.get("dependencies"))).is_some();
    let added = match dependency {
        _ if inherited => inline("workspace", true.into()),
        Dependency::Path(path) => inline("path", path.as_str().into()),
        Dependency::Version(version) => {
            // Major and minor: what is compatible follows from them.
            let mut numbers = version.splitn(3, '.');
            let (major, minor) = (numbers.next().unwrap_or("0"), numbers.next().unwrap_or("1"));
            value(format!("{major}.{minor}"))
        }
    };
    table(document, "dev-dependencies")?.insert(NAME, added);
    let said = format!("Added {NAME} to [dev-dependencies]");
    Ok(match inherited {
        true => format!("{said} as the workspace has it{}", not_from(dependency)),
        false => said,
    })
}

/// What to say where the folder that was asked for is not taken.
fn not_from(dependency: &Dependency) -> String {
    match dependency {
        Dependency::Path(path) => {
            let wanted = inline("path", path.as_str().into());
            let wanted = wanted.to_string();
            let wanted = wanted.trim();
            format!(", so `--path` changed nothing: write `{NAME} = {wanted}` in its place")
        }
        Dependency::Version(_) => String::new(),
    }
}

fn inline(key: &str, content: Value) -> Item {
    let mut table = InlineTable::new();
    table.insert(key, content);
    value(table)
}

/// What is timed is compiled with the bench, so the crates beside it need no optimizing.
const OWN_CRATES: [&str; 3] = ["scalebench-core", "scalebench-model", "scalebench-store"];

const WHY_NOT_OPTIMIZED: &str = "
# What is timed is compiled with the bench itself; the rest builds faster so.
";

/// The profile whose `lto` makes one piece of all crates of a bench, where it does. What the bench profile does not say it has
/// from the release profile.
fn fat_lto(document: &DocumentMut) -> Option<&'static str> {
    let lto = |name: &str| document.get("profile")?.get(name)?.get("lto");
    let (name, lto) = ["bench", "release"]
        .into_iter()
        .find_map(|name| Some((name, lto(name)?)))?;
    (lto.as_bool() == Some(true) || lto.as_str() == Some("fat")).then_some(name)
}

/// Spares optimizing our crates in the bench profile, unless it says something of them; returns what was done.
fn build_fast(document: &mut DocumentMut) -> Result<Option<String>, String> {
    if let Some(profile) = fat_lto(document) {
        return Ok(Some(format!(
            "Left `opt-level = 0` for scalebench's own crates out: with the `lto` of [profile.{profile}] rustc crashes on it"
        )));
    }
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for name in ["profile", "bench", "package"] {
        let made = || {
            let mut made = Table::new();
            // Only the innermost gets a header.
            made.set_implicit(true);
            if name == "package" {
                made.decor_mut().set_prefix(WHY_NOT_OPTIMIZED);
            }
            Item::Table(made)
        };
        let item = table.entry(name).or_insert_with(made);
        table = item
            .as_table_like_mut()
            .ok_or_else(|| format!("its `{name}` is no table"))?;
    }
    if OWN_CRATES.iter().any(|name| table.contains_key(name)) {
        return Ok(None);
    }
    for name in OWN_CRATES {
        table.insert(name, inline("opt-level", 0.into()));
    }
    Ok(Some(
        "Set `opt-level = 0` for scalebench's own crates: they build twice as fast and measure the same".to_owned(),
    ))
}

/// Returns whether `bench` was not set for the library.
fn quiet_library(document: &mut DocumentMut) -> Result<bool, String> {
    let library = table(document, "lib")?;
    if library.contains_key("bench") {
        return Ok(false);
    }
    library.insert("bench", value(false));
    Ok(true)
}

/// The table `name`, made where it is missing.
fn table<'a>(document: &'a mut DocumentMut, name: &str) -> Result<&'a mut dyn TableLike, String> {
    let item = document
        .entry(name)
        .or_insert_with(|| Item::Table(Table::new()));
    item.as_table_like_mut()
        .ok_or_else(|| format!("its `{name}` is no table"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addition() -> Addition<'static> {
        Addition {
            bench: "scaling",
            dependency: Dependency::Version("0.1.0".to_owned()),
            root: true,
            library: true,
            program: false,
        }
    }

    fn changed(text: &str) -> String {
        change(text, &addition())
            .unwrap_or_else(|reason| panic!("{reason}"))
            .text
    }

    const MANIFEST: &str = "\
# The manifest of x.
[package]
name   =   \"x\"          # aligned by hand
version = \"0.1.0\"

[dev-dependencies]
criterion = { version = \"0.8\", default-features = false } # existing benches

# They stay as they are.
[[bench]]
name = \"old\"
harness = false

[profile.release]
lto = \"thin\"
";

    #[test]
    fn every_line_stays_and_five_places_are_new() {
        let text = changed(MANIFEST);
        for line in MANIFEST.lines() {
            assert!(text.lines().any(|new| new == line), "{line}\n{text}");
        }
        let new: Vec<&str> = text
            .lines()
            .filter(|line| !line.is_empty() && !MANIFEST.contains(line))
            .collect();
        assert_eq!(
            new,
            [
                "scalebench = \"0.1\"",
                "name = \"scaling\"",
                "# What is timed is compiled with the bench itself; the rest builds faster so.",
                "[profile.bench.package]",
                "scalebench-core = { opt-level = 0 }",
                "scalebench-model = { opt-level = 0 }",
                "scalebench-store = { opt-level = 0 }",
                "[lib]",
                "bench = false",
            ]
        );
        let parsed: DocumentMut = text.parse().expect("TOML");
        assert_eq!(
            parsed["bench"].as_array_of_tables().map(ArrayOfTables::len),
            Some(2)
        );
        assert_eq!(
            parsed["dev-dependencies"]["scalebench"].as_str(),
            Some("0.1")
        );
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let text =
            "[package]\nname = \"x\"\n[lib]\nbench = true\n[dependencies]\nscalebench = \"0.3\"\n";
        let text = changed(text);
        assert!(
            text.contains("bench = true") && !text.contains("dev-dependencies"),
            "{text}"
        );
    }

    /// Everything that is said of a change.
    fn said(text: &str, dependency: Dependency) -> String {
        let addition = Addition {
            dependency,
            ..addition()
        };
        let changed = change(text, &addition).unwrap_or_else(|reason| panic!("{reason}"));
        changed.said.join("\n")
    }

    #[test]
    fn a_dependency_that_stays_is_said() {
        let path = || Dependency::Path("../x".to_owned());
        let version = "[package]\nname = \"x\"\n[dev-dependencies]\nscalebench = \"0.1\" # mine\n";
        let said_of_path = said(version, path());
        assert!(
            said_of_path.contains("Kept `scalebench = \"0.1\"`"),
            "{said_of_path}"
        );
        assert!(
            said_of_path.contains("`scalebench = { path = \"../x\" }`"),
            "{said_of_path}"
        );
        assert!(changed(version).contains("scalebench = \"0.1\" # mine"));
        let said_of_version = said(version, Dependency::Version("0.1.0".to_owned()));
        assert!(said_of_version.contains("Kept") && !said_of_version.contains("--path"));
        let table = "[package]\nname = \"x\"\n[dependencies.scalebench]\nversion = \"0.1\"\n";
        assert!(said(table, path()).contains("Kept"));
        let workspace = "[package]\nname = \"x\"\n[workspace.dependencies]\nscalebench = \"0.1\"\n";
        assert!(said(workspace, path()).contains("`--path` changed nothing"));
    }

    #[test]
    fn with_fat_lto_the_crates_are_optimized_and_that_is_said() {
        let profiles = [
            ("[profile.release]\nlto = true\n", Some("release")),
            ("[profile.release]\nlto = \"fat\"\n", Some("release")),
            ("[profile.bench]\nlto = true\n", Some("bench")),
            ("[profile]\nbench.lto = \"fat\"\n", Some("bench")),
            (
                "[profile.release]\nlto = true\n[profile.bench]\nlto = \"thin\"\n",
                None,
            ),
            ("[profile.release]\nlto = \"thin\"\n", None),
            ("[profile.release]\nlto = false\n", None),
            ("[profile.dev]\nlto = true\n", None),
        ];
        for (profile, fat) in profiles {
            let text = format!("[package]\nname = \"x\"\n{profile}");
            assert_eq!(
                changed(&text).contains("opt-level"),
                fat.is_none(),
                "{profile}"
            );
            let said = said(&text, Dependency::Version("0.1.0".to_owned()));
            let left_out = |name: &str| said.contains(&format!("`lto` of [profile.{name}]"));
            assert_eq!(left_out("release"), fat == Some("release"), "{said}");
            assert_eq!(left_out("bench"), fat == Some("bench"), "{said}");
        }
    }

    #[test]
    fn a_dependency_of_the_workspace_is_inherited() {
        let text =
            changed("[package]\nname = \"x\"\n[workspace.dependencies]\nscalebench = \"0.1\"\n");
        assert!(text.contains("scalebench = { workspace = true }"), "{text}");
    }

    #[test]
    fn a_profile_of_ones_own_is_added_to_and_not_changed() {
        let text = "[package]\nname = \"x\"\n\n[profile.bench]\ndebug = true # mine\n";
        let with = changed(text);
        assert!(with.contains("debug = true # mine"), "{with}");
        assert!(
            with.contains("scalebench-core = { opt-level = 0 }"),
            "{with}"
        );
        let own =
            "[package]\nname = \"x\"\n[profile.bench.package.scalebench-core]\nopt-level = 2\n";
        let left = changed(own);
        assert!(
            left.contains("opt-level = 2") && !left.contains("opt-level = 0"),
            "{left}"
        );
    }

    #[test]
    fn a_member_of_a_workspace_gets_no_profile() {
        let addition = Addition {
            root: false,
            ..addition()
        };
        let text = change("[package]\nname = \"x\"\n", &addition).map(|changed| changed.text);
        assert!(!text.expect("valid").contains("profile"));
    }

    #[test]
    fn windows_line_ends_stay() {
        let text = changed(&MANIFEST.replace('\n', "\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }

    #[test]
    fn a_path_is_kept_as_text() {
        let path = Dependency::Path("C:\\my \"code\"".to_owned());
        let addition = Addition {
            dependency: path,
            ..addition()
        };
        let text = change("[package]\nname = \"x\"\n", &addition).map(|changed| changed.text);
        let parsed: DocumentMut = text.expect("valid").parse().expect("TOML");
        let path = parsed["dev-dependencies"]["scalebench"]["path"].as_str();
        assert_eq!(path, Some("C:\\my \"code\""));
    }

    #[test]
    fn refusals_say_why() {
        for (text, part) in [
            ("[workspace]\nmembers = []\n", "root of a workspace"),
            ("[package\n", "no TOML"),
            (
                "bench = [{ name = \"x\" }]\n[package]\nname = \"x\"\n",
                "by hand",
            ),
            (
                "[package]\nname = \"x\"\n[[bench]]\nname = \"scaling\"\n",
                "already",
            ),
            (
                "dev-dependencies = 3\n[package]\nname = \"x\"\n",
                "no table",
            ),
        ] {
            let reason = change(text, &addition())
                .map(|_| ())
                .expect_err("must be refused");
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }
}
