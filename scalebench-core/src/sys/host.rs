//! What machine this is: CPUs that may be used, their order, and what the hypervisor takes.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use scalebench_model::data::Host;
use scalebench_model::sort;

use super::ThreadMeter;

/// The machine as this process may use it.
pub(crate) fn host() -> Host {
    let allowed = allowed_cpus();
    let quota_cpus = quota_cpus();
    let (placement, physical_cores) = placement(&allowed);
    let cpus = within_quota(count(&allowed), quota_cpus);
    Host {
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        model: cpu_model(),
        cpus,
        physical_cores: physical_cores.min(cpus),
        placement,
        quota_cpus,
        governor: read_trimmed("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        steal: None,
        thread_clocks: ThreadMeter::new().works(),
    }
}

/// How many CPUs this process may use by now.
pub(crate) fn usable_cpus() -> u32 {
    within_quota(count(&allowed_cpus()), quota_cpus())
}

fn within_quota(cpus: u32, quota: Option<f64>) -> u32 {
    match quota {
        // A part of a CPU is still a CPU to run on, only a slow one; the report warns.
        Some(quota) => (quota.ceil() as u32).clamp(1, cpus),
        None => cpus,
    }
}

/// Tells the bench targets of one `cargo bench` from those of the next, by the cargo that started them. Whatever else starts them,
/// a shell or a script, may do so over and over: then each process is a session of its own.
pub(crate) fn session() -> String {
    static SESSION: OnceLock<String> = OnceLock::new();
    let found = || match std::env::var("SCALEBENCH_SESSION") {
        Ok(session) => session,
        Err(_) => of_cargo().unwrap_or_else(of_this_process),
    };
    SESSION.get_or_init(found).clone()
}

fn of_this_process() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_s = now.map_or(0, |since| since.as_secs());
    format!("{}-{now_s}", std::process::id())
}

/// The parent process and when it began, where it is cargo.
#[cfg(target_os = "linux")]
fn of_cargo() -> Option<String> {
    let parent = std::os::unix::process::parent_id();
    let stat = fs::read_to_string(format!("/proc/{parent}/stat")).ok()?;
    let began = start_of_cargo(&stat)?;
    Some(format!("{parent}-{began}"))
}

/// Elsewhere the system does not say what the parent is, but cargo names itself to what it starts.
#[cfg(all(unix, not(target_os = "linux")))]
fn of_cargo() -> Option<String> {
    let parent = std::os::unix::process::parent_id();
    std::env::var_os("CARGO").map(|_| format!("{parent}-0"))
}

#[cfg(not(unix))]
fn of_cargo() -> Option<String> {
    None
}

/// When the process began, field 22 of `/proc/PID/stat`, where it is cargo or a subcommand such as `cargo-nextest` by its name in
/// field 2, which may hold spaces and parentheses.
#[cfg(target_os = "linux")]
fn start_of_cargo(stat: &str) -> Option<u64> {
    let (name, after_name) = stat.split_once('(')?.1.rsplit_once(')')?;
    // A wrapped program has a dot before its name.
    let name = name.trim_start_matches('.');
    let is_cargo = name == "cargo" || name.starts_with("cargo-");
    let began = after_name.split_ascii_whitespace().nth(19)?.parse().ok()?;
    is_cargo.then_some(began)
}

fn count(cpus: &[u32]) -> u32 {
    u32::try_from(cpus.len()).unwrap_or(u32::MAX)
}

#[cfg(target_os = "linux")]
fn allowed_cpus() -> Vec<u32> {
    match super::linux::affinity() {
        Some(cpus) if !cpus.is_empty() => cpus,
        _ => fallback_cpus(),
    }
}

#[cfg(not(target_os = "linux"))]
fn allowed_cpus() -> Vec<u32> {
    fallback_cpus()
}

fn fallback_cpus() -> Vec<u32> {
    let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (0..u32::try_from(cpus).unwrap_or(1)).collect()
}

/// Where one CPU sits. The order of the fields is the order of placing: all cores of the first node, one thread each,
/// then their siblings, then the next node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seat {
    node: u32,
    sibling: u32,
    cpu: u32,
}

/// The CPUs in the order in which threads are placed, and how many physical cores they are.
fn placement(allowed: &[u32]) -> (Vec<u32>, u32) {
    let mut cores_seen: Vec<(u32, u32)> = Vec::new();
    let mut seats: Vec<Seat> = allowed
        .iter()
        .map(|&cpu| {
            let base = format!("/sys/devices/system/cpu/cpu{cpu}/topology");
            let package = read_number(&format!("{base}/physical_package_id")).unwrap_or(0);
            // Without topology every CPU counts as a core of its own.
            let core = read_number(&format!("{base}/core_id")).unwrap_or(cpu);
            let sibling = cores_seen
                .iter()
                .filter(|&&seen| seen == (package, core))
                .count();
            cores_seen.push((package, core));
            Seat {
                node: node(cpu).unwrap_or(package),
                sibling: sibling as u32,
                cpu,
            }
        })
        .collect();
    sort::by(&mut seats, &Seat::cmp);
    let physical_cores = seats.iter().filter(|seat| seat.sibling == 0).count() as u32;
    (
        seats.into_iter().map(|seat| seat.cpu).collect(),
        physical_cores,
    )
}

fn node(cpu: u32) -> Option<u32> {
    let entries = fs::read_dir(format!("/sys/devices/system/cpu/cpu{cpu}")).ok()?;
    entries.flatten().find_map(|entry| {
        entry
            .file_name()
            .to_str()?
            .strip_prefix("node")?
            .parse()
            .ok()
    })
}

/// The CPUs' worth of time that the cgroup allows (version 2, then version 1), the tightest on the way to the root.
pub(crate) fn quota_cpus() -> Option<f64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    quota_of(&groups, Path::new("/sys/fs/cgroup"))
}

/// The same of a process in `groups` (the lines of `/proc/PID/cgroup`), whose files lie below `root`.
fn quota_of(groups: &str, root: &Path) -> Option<f64> {
    let mut tightest: Option<f64> = None;
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':');
        let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
        let mut group = Path::new(path);
        loop {
            if let Some(quota) = group_quota(controllers, group, root) {
                tightest = Some(tightest.map_or(quota, |least| least.min(quota)));
            }
            let Some(parent) = group.parent() else { break };
            group = parent;
        }
    }
    tightest
}

fn group_quota(controllers: &str, group: &Path, root: &Path) -> Option<f64> {
    let relative = group.strip_prefix("/").unwrap_or(group);
    if controllers.is_empty() {
        return [root.to_owned(), root.join("unified")]
            .iter()
            .find_map(|root| {
                let path = root.join(relative).join("cpu.max");
                parse_cpu_max(&fs::read_to_string(path).ok()?)
            });
    }
    if !controllers.split(',').any(|controller| controller == "cpu") {
        return None;
    }
    let root = root.join("cpu").join(relative);
    let quota: f64 = read_trimmed(root.join("cpu.cfs_quota_us"))?.parse().ok()?;
    let period: f64 = read_trimmed(root.join("cpu.cfs_period_us"))?.parse().ok()?;
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

/// `max 100000` is no limit, `50000 100000` is half a CPU.
fn parse_cpu_max(text: &str) -> Option<f64> {
    let mut fields = text.split_ascii_whitespace();
    let quota: f64 = fields.next()?.parse().ok()?;
    let period: f64 = fields.next()?.parse().ok()?;
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

fn cpu_model() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    ["model name", "Model", "Hardware"]
        .iter()
        .find_map(|key| {
            let line = info.lines().find(|line| line.starts_with(key))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_default()
}

/// Measures how much CPU time the hypervisor takes away.
#[derive(Debug)]
pub(crate) struct StealMeter {
    begin: Option<(u64, u64)>,
}

impl StealMeter {
    /// Starts now.
    pub(crate) fn new() -> Self {
        Self {
            begin: steal_ticks(),
        }
    }

    /// Share of all CPUs' time stolen since the start, 0 to 1, where readable.
    pub(crate) fn share(&self) -> Option<f64> {
        let (stolen_before, total_before) = self.begin?;
        let (stolen, total) = steal_ticks()?;
        let total = total.checked_sub(total_before).filter(|&ticks| ticks > 0)?;
        Some(stolen.saturating_sub(stolen_before) as f64 / total as f64)
    }
}

/// Stolen and total ticks of all CPUs: the first line of `/proc/stat`.
fn steal_ticks() -> Option<(u64, u64)> {
    parse_stat(&fs::read_to_string("/proc/stat").ok()?)
}

/// user nice system idle iowait irq softirq steal; guest time after them is contained in user time.
fn parse_stat(text: &str) -> Option<(u64, u64)> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line
        .split_ascii_whitespace()
        .take(8)
        .map_while(|field| field.parse().ok())
        .collect();
    (ticks.len() == 8).then(|| (ticks[7], ticks.iter().sum()))
}

fn read_trimmed(path: impl AsRef<std::path::Path>) -> Option<String> {
    fs::read_to_string(path)
        .ok()
        .map(|text| text.trim().to_owned())
}

fn read_number(path: &str) -> Option<u32> {
    read_trimmed(path)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_quota_on_the_way_to_the_root_counts_in_either_version() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let write = |file: &str, text: &str| {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("cpu.max", "max 100000\n");
        write("jobs/cpu.max", "150000 100000\n");
        write("jobs/one/cpu.max", "max 100000\n");
        write("cpu/old/cpu.cfs_quota_us", "120000\n");
        write("cpu/old/cpu.cfs_period_us", "100000\n");
        write("cpu/cpu.cfs_quota_us", "-1\n");
        write("cpu/cpu.cfs_period_us", "100000\n");
        let quota = |groups: &str| quota_of(groups, root.path());
        assert_eq!(quota("0::/jobs/one\n"), Some(1.5));
        assert_eq!(quota("0::/\n"), None);
        assert_eq!(quota("3:cpu,cpuacct:/old\n1:memory:/x\n"), Some(1.2));
        assert_eq!(quota("3:cpu:/old\n0::/jobs\n"), Some(1.2));
    }

    #[test]
    fn quota_of_half_a_cpu() {
        assert_eq!(parse_cpu_max("50000 100000\n"), Some(0.5));
        assert_eq!(parse_cpu_max("max 100000\n"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn only_cargo_makes_one_session_of_what_it_starts() {
        let start = |name: &str| {
            let fields = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
            start_of_cargo(&format!("12 ({name}) {fields}"))
        };
        for name in ["cargo", "cargo-nextest", ".cargo-wrapped", "cargo-b) (c"] {
            assert_eq!(start(name), Some(4711), "{name}");
        }
        for name in ["bash", "a cargo) c", "run-cargo", ""] {
            assert_eq!(start(name), None, "{name}");
        }
        assert_eq!(session(), session());
    }

    #[test]
    fn steal_is_the_eighth_field() {
        assert_eq!(parse_stat("cpu  1 2 3 4 5 6 7 8 9 10\n"), Some((8, 36)));
        assert_eq!(parse_stat("cpu  1 2\n"), None);
    }

    #[test]
    fn seats_fill_cores_then_siblings_then_the_next_node() {
        let mut seats = [
            Seat {
                node: 1,
                sibling: 0,
                cpu: 1,
            },
            Seat {
                node: 0,
                sibling: 1,
                cpu: 2,
            },
            Seat {
                node: 0,
                sibling: 0,
                cpu: 4,
            },
            Seat {
                node: 0,
                sibling: 0,
                cpu: 0,
            },
        ];
        seats.sort_unstable();
        assert_eq!(seats.map(|seat| seat.cpu), [0, 4, 2, 1]);
    }

    #[test]
    fn this_machine_has_a_cpu() {
        let host = host();
        assert!(host.cpus >= 1 && host.physical_cores >= 1);
        assert!(!host.placement.is_empty());
    }
}
