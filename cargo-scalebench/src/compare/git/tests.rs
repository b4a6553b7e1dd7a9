#![cfg(unix)]

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::*;

#[test]
fn a_commit_is_not_named_twice() {
    let commit = "0123456789abcdef".to_owned();
    let title = |name: &str| {
        let (name, commit) = (name.to_owned(), commit.clone());
        Revision { name, commit }.title()
    };
    assert_eq!(title("main"), "main (012345678)");
    assert_eq!(title("01234"), "012345678");
}

/// A folder with the repository `top` and, beside it, the folder `worktrees`.
struct Place {
    folder: TempDir,
}

/// What git prints.
#[track_caller]
fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for setting in [
        "user.name=a",
        "user.email=a@b",
        "commit.gpgsign=false",
        "protocol.file.allow=always",
    ] {
        command.args(["-c", setting]);
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .output()
        .expect("git starts");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        complaint(&output)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn repository(folder: &Path) {
    fs::create_dir_all(folder).expect("made");
    run(folder, &["init", "--quiet", "--initial-branch=main"]);
}

/// Commits all files, one of them changed.
#[track_caller]
fn commit(folder: &Path, file: &str, text: &str) -> String {
    fs::write(folder.join(file), text).expect("writable");
    run(folder, &["add", "--all"]);
    run(folder, &["commit", "--quiet", "--message", text]);
    run(folder, &["rev-parse", "HEAD"])
}

impl Place {
    /// With two commits, in which `file` says "one" and "two".
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        repository(&place.top());
        commit(&place.top(), "file", "one");
        commit(&place.top(), "file", "two");
        fs::create_dir(place.worktrees()).expect("made");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().canonicalize().expect("there");
        folder.join(name)
    }

    fn top(&self) -> PathBuf {
        self.path("top")
    }

    fn worktrees(&self) -> PathBuf {
        self.path("worktrees")
    }

    fn repository(&self) -> Repository {
        Repository::around(&self.top()).expect("a repository")
    }

    fn known(&self) -> String {
        run(&self.top(), &["worktree", "list", "--porcelain"])
    }

    /// Checks `revision` out, and says what `look` finds in it.
    fn in_revision<T>(&self, revision: &str, look: impl FnOnce(&Path) -> T) -> Result<T, Failure> {
        let repository = self.repository();
        repository.sweep(&self.worktrees())?;
        let revision = repository.resolve(revision)?;
        let worktree = repository.check_out(&revision, &self.worktrees(), "old")?;
        Ok(look(worktree.folder()))
    }
}

fn text(file: impl AsRef<Path>) -> String {
    fs::read_to_string(file).expect("readable")
}

#[test]
fn a_revision_is_there_and_then_gone() {
    let place = Place::new();
    let before = place.known();
    let found = place.in_revision("HEAD~1", |folder| {
        assert_ne!(place.known(), before);
        assert_eq!(run(folder, &["status", "--porcelain"]), "");
        text(folder.join("file"))
    });
    assert_eq!(found.expect("checked out"), "one");
    assert_eq!(place.known(), before);
    assert!(!place.top().join(".git/worktrees").exists());
    assert_eq!(fs::read_dir(place.worktrees()).expect("there").count(), 0);
}

#[test]
fn what_no_comparison_has_made_stays() {
    let place = Place::new();
    let (worktrees, top) = (place.worktrees(), place.top());
    let add = |folder: &Path| {
        let folder = folder.to_str().expect("text");
        run(&top, &["worktree", "add", "--quiet", "--detach", folder]);
        fs::write(Path::new(folder).join("precious"), "precious").expect("writable");
    };
    // A worktree of the user's behind a link, one in the folder itself, a link out of the repository, and a plain folder.
    let theirs = place.path("theirs");
    add(&theirs);
    symlink(&theirs, worktrees.join("link")).expect("linked");
    add(&worktrees.join("own"));
    let outside = place.path("outside");
    fs::create_dir(&outside).expect("made");
    fs::write(outside.join("precious"), "precious").expect("writable");
    symlink(&outside, worktrees.join("out")).expect("linked");
    fs::create_dir(worktrees.join("plain")).expect("made");
    fs::write(worktrees.join("plain/precious"), "precious").expect("writable");
    // What looks like one, and would be waited for.
    let pipes = worktrees.join("pipes");
    fs::create_dir(&pipes).expect("made");
    fs::write(pipes.join("precious"), "precious").expect("writable");
    fs::write(pipes.join(".git"), format!("gitdir: {}", pipes.display())).expect("writable");
    let made = Command::new("mkfifo").arg(pipes.join("gitdir")).status();
    assert!(made.expect("mkfifo starts").success());
    let all = ["link", "own", "out", "plain", "pipes"];
    let known = place.known();
    place.in_revision("HEAD~1", |_| ()).expect("checked out");
    let repository = place.repository();
    let revision = repository.resolve("HEAD").expect("a revision");
    for name in all {
        // Also where the comparison would need the very place.
        let refused = repository.check_out(&revision, &worktrees, name);
        assert!(matches!(refused, Err(Failure::Files(_))), "{refused:?}");
    }
    for name in all {
        assert_eq!(text(worktrees.join(name).join("precious")), "precious");
    }
    assert_eq!(place.known(), known);
}

#[test]
fn what_took_the_place_of_a_worktree_stays() {
    let place = Place::new();
    let theirs = place.path("theirs");
    let swapped = place.in_revision("HEAD~1", |folder| {
        fs::rename(folder, &theirs).expect("moved");
        symlink(&theirs, folder).expect("linked");
    });
    swapped.expect("checked out");
    assert_eq!(text(theirs.join("file")), "one");
}

#[test]
fn what_a_killed_comparison_has_left_is_removed() {
    let place = Place::new();
    let (repository, worktrees) = (place.repository(), place.worktrees());
    let before = place.known();
    let revision = repository.resolve("HEAD").expect("a revision");
    let leave = |name: &str| {
        let left = repository.check_out(&revision, &worktrees, name);
        std::mem::forget(left.expect("checked out"));
    };
    leave("left");
    // Somebody cleaned up, but git was not told.
    leave("cleaned");
    fs::remove_dir_all(worktrees.join("cleaned")).expect("removed");
    repository.sweep(&worktrees).expect("swept");
    assert_eq!(place.known(), before);
    assert_eq!(fs::read_dir(&worktrees).expect("there").count(), 0);
    // The user's own worktree on a disk that is not mounted is known ever after.
    let theirs = place.path("theirs");
    let folder = theirs.to_str().expect("text");
    run(
        &place.top(),
        &["worktree", "add", "--quiet", "--detach", folder],
    );
    fs::rename(&theirs, place.path("elsewhere")).expect("moved");
    let known = place.known();
    place.in_revision("HEAD~1", |_| ()).expect("checked out");
    assert_eq!(place.known(), known);
}

/// A host that takes connections and never answers.
struct SilentHost(TcpListener);

impl SilentHost {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("no waiting");
        Self(listener)
    }

    fn url(&self) -> String {
        format!("git://{}/x", self.0.local_addr().expect("bound"))
    }

    #[track_caller]
    fn heard_nothing(&self) {
        let heard = self.0.accept().map_err(|error| error.kind());
        assert_eq!(heard.err(), Some(ErrorKind::WouldBlock));
    }
}

/// `top` has the submodule `sub`, and that has `inner`; both come from a silent host.
fn with_submodules(host: &SilentHost) -> Place {
    let place = Place::new();
    let (top, sub, inner) = (place.top(), place.path("sub"), place.path("inner"));
    repository(&inner);
    commit(&inner, "file", "inner");
    repository(&sub);
    run(&sub, &["submodule", "--quiet", "add", "../inner", "inner"]);
    commit(&sub, "file", "sub one");
    run(&top, &["submodule", "--quiet", "add", "../sub", "sub"]);
    run(
        &top,
        &["submodule", "--quiet", "update", "--init", "--recursive"],
    );
    commit(&top, "file", "with");
    run(&top, &["tag", "with"]);
    commit(&top.join("sub"), "file", "sub two");
    commit(&top, "file", "with a later one");
    let settings = [
        (top.clone(), "submodule.sub.url"),
        (top.join("sub"), "remote.origin.url"),
        (top.join("sub"), "submodule.inner.url"),
        (top.join("sub/inner"), "remote.origin.url"),
    ];
    for (folder, setting) in settings {
        run(&folder, &["config", setting, &host.url()]);
    }
    place
}

#[test]
fn submodules_come_from_this_clone() {
    let host = SilentHost::new();
    let place = with_submodules(&host);
    let config = text(place.top().join(".git/config"));
    let look = |folder: &Path| {
        assert_eq!(text(folder.join("sub/file")), "sub one");
        assert_eq!(text(folder.join("sub/inner/file")), "inner");
        assert_eq!(run(folder, &["status", "--porcelain"]), "");
    };
    place.in_revision("with", look).expect("checked out");
    // Its clone stays where the working tree has it no more.
    run(&place.top(), &["rm", "--quiet", "sub"]);
    commit(&place.top(), "file", "without");
    place.in_revision("with", look).expect("checked out");
    host.heard_nothing();
    assert_eq!(text(place.top().join(".git/config")), config);
    for clone in ["sub", "sub/modules/inner"] {
        let known = place
            .top()
            .join(".git/modules")
            .join(clone)
            .join("worktrees");
        assert!(!known.exists());
    }
    // What was left of them is no obstacle.
    let repository = place.repository();
    let revision = repository.resolve("with").expect("a revision");
    let left = repository.check_out(&revision, &place.worktrees(), "old");
    std::mem::forget(left.expect("checked out"));
    place.in_revision("with", look).expect("checked out");
}

#[test]
fn submodules_that_are_not_in_this_clone_are_not_fetched() {
    let host = SilentHost::new();
    let place = with_submodules(&host);
    let top = place.top();
    // Its clone is there, and the commit is not.
    let commit = "0123456789012345678901234567890123456789";
    let entry = format!("160000,{commit},sub");
    run(&top, &["update-index", "--cacheinfo", &entry]);
    run(&top, &["commit", "--quiet", "--message", "unknown"]);
    let refused = place.in_revision("HEAD", |_| ()).expect_err("refused");
    let is_told = matches!(&refused, Failure::Usage(told) if told.contains(commit));
    assert!(is_told, "{refused:?}");
    // The clone is not there: first that of the inner one.
    fs::remove_dir_all(top.join(".git/modules/sub/modules")).expect("removed");
    let empty = |folder: &Path| fs::read_dir(folder).expect("there").count() == 0;
    let inner = place.in_revision("with", |folder| {
        assert_eq!(text(folder.join("sub/file")), "sub one");
        empty(&folder.join("sub/inner"))
    });
    assert!(inner.expect("checked out"));
    fs::remove_dir_all(top.join(".git/modules")).expect("removed");
    fs::remove_dir_all(top.join("sub")).expect("removed");
    let sub = place.in_revision("with", |folder| empty(&folder.join("sub")));
    assert!(sub.expect("checked out"));
    host.heard_nothing();
    assert_eq!(fs::read_dir(place.worktrees()).expect("there").count(), 0);
}

#[test]
fn a_submodule_of_a_name_that_leads_elsewhere_is_not_looked_for() {
    assert!(submodules::name(b"submodule.a/b.path\nsub").is_some());
    for name in ["..", "../../x", "a/../../x", "/x"] {
        let setting = format!("submodule.{name}.path\nsub");
        assert_eq!(submodules::name(setting.as_bytes()), None);
    }
}

#[test]
fn a_path_may_hold_anything() {
    // The decoy is what is left when the path is cut at its line break.
    let place = Place::new();
    repository(&place.path("odd"));
    let odd: [&[u8]; 3] = [b"odd\nname", b"odd\xff", b" odd "];
    for name in odd {
        let folder = place.folder.path().canonicalize().expect("there");
        let folder = folder.join(std::ffi::OsStr::from_bytes(name));
        repository(&folder);
        fs::create_dir(folder.join("deep")).expect("made");
        commit(&folder, "deep/file", "one");
        let repository = Repository::around(&folder.join("deep")).expect("a repository");
        assert_eq!(repository.top, folder);
        assert_eq!(repository.here, Path::new("deep/"));
        let revision = repository.resolve("HEAD").expect("a revision");
        assert!(repository.is_here(&revision).expect("known"));
        let worktrees = folder.join("target");
        let worktree = repository
            .check_out(&revision, &worktrees, "old")
            .expect("checked out");
        assert_eq!(text(worktree.here().join("file")), "one");
        drop(worktree);
        assert_eq!(fs::read_dir(worktrees).expect("there").count(), 0);
        assert!(!folder.join(".git/worktrees").exists());
    }
}

#[test]
fn all_that_git_says_is_told() {
    let say = |script: &str| {
        let output = Command::new("sh").args(["-c", script]).output();
        complaint(&output.expect("a shell"))
    };
    assert_eq!(
        say("printf 'what\\n\\n\\tto do\\n' >&2; exit 1"),
        "what\n\n\tto do"
    );
    assert_eq!(say("printf 'a\\033[2Jb' >&2; exit 1"), "a?[2Jb");
    assert!(say("exit 3").contains('3'));
}

#[test]
fn files_of_lfs_come_from_this_clone_or_stay_pointers() {
    let place = Place::new();
    let top = place.top();
    let pointer = |name: char| {
        let name = String::from(name).repeat(64);
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize 7\n")
    };
    fs::write(top.join(".gitattributes"), "*.bin filter=lfs\n").expect("writable");
    fs::write(top.join("here.bin"), pointer('a')).expect("writable");
    commit(&top, "there.bin", &pointer('b'));
    let objects = top.join(".git/lfs/objects/aa/aa");
    fs::create_dir_all(&objects).expect("made");
    fs::write(objects.join("a".repeat(64)), "content").expect("writable");
    // git-lfs would download; what stands for it here leaves a trace.
    let filter = format!("touch {}; cat", place.path("filtered").display());
    run(&top, &["config", "filter.lfs.smudge", &filter]);
    run(&top, &["config", "filter.lfs.required", "true"]);
    let found = place.in_revision("HEAD", |folder| {
        (
            text(folder.join("here.bin")),
            text(folder.join("there.bin")),
        )
    });
    assert_eq!(
        found.expect("checked out"),
        ("content".to_owned(), pointer('b'))
    );
    assert!(!place.path("filtered").exists());
}

#[test]
fn filters_of_the_user_act_as_at_any_checkout() {
    let place = Place::new();
    let top = place.top();
    fs::write(top.join(".gitattributes"), "secret filter=crypt\n").expect("writable");
    commit(&top, "secret", "abc");
    run(&top, &["config", "filter.crypt.smudge", "tr a-c A-C"]);
    let found = place.in_revision("HEAD", |folder| text(folder.join("secret")));
    assert_eq!(found.expect("checked out"), "ABC");
    // One that fails is told of.
    run(&top, &["config", "filter.crypt.smudge", "false"]);
    run(&top, &["config", "filter.crypt.required", "true"]);
    let failed = place.in_revision("HEAD", |_| ()).expect_err("no file");
    assert!(matches!(failed, Failure::Files(_)), "{failed:?}");
    assert_eq!(fs::read_dir(place.worktrees()).expect("there").count(), 0);
}

#[test]
fn a_sparse_checkout_stays_sparse() {
    let place = Place::new();
    let top = place.top();
    for folder in ["in", "out"] {
        fs::create_dir(top.join(folder)).expect("made");
        commit(&top, &format!("{folder}/file"), folder);
    }
    run(&top, &["sparse-checkout", "set", "in"]);
    let found = place.in_revision("HEAD", |folder| {
        assert_eq!(run(folder, &["status", "--porcelain"]), "");
        ["in", "out"].map(|part| folder.join(part).join("file").exists())
    });
    assert_eq!(found.expect("checked out"), [true, false]);
}

#[test]
fn a_partial_clone_is_not_completed() {
    let place = Place::new();
    let host = SilentHost::new();
    let top = place.top();
    run(&top, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", top.display());
    let clone = place.path("clone");
    let name = clone.to_str().expect("text");
    run(
        &top,
        &["clone", "--quiet", "--filter=blob:none", &url, name],
    );
    run(&clone, &["config", "remote.origin.url", &host.url()]);
    let repository = Repository::around(&clone).expect("a repository");
    let revision = repository.resolve("HEAD~1").expect("a revision");
    let refused = repository.check_out(&revision, &place.worktrees(), "old");
    let refused = refused.expect_err("nothing is fetched");
    let is_told = matches!(&refused, Failure::Files(told) if told.contains("--refetch"));
    assert!(is_told, "{refused:?}");
    host.heard_nothing();
    assert_eq!(fs::read_dir(place.worktrees()).expect("there").count(), 0);
}
