//! Groups: functions that are measured together, whichever of them was asked for.

use scalebench_model::data::GroupKind;
use scalebench_model::sort;

use crate::protocol::BenchmarkInfo;

/// The group's id, where it is part of one.
fn group(info: &BenchmarkInfo) -> Option<&str> {
    info.member.as_ref().map(|member| member.group.id.as_str())
}

/// Adds to `selected` what is missing of their groups: a role alone says nothing about its company. `all` are all
/// benchmarks, sorted by id, and so is the result. Also answers the ids that were added.
pub(crate) fn complete(
    selected: Vec<BenchmarkInfo>,
    all: &[BenchmarkInfo],
) -> (Vec<BenchmarkInfo>, Vec<String>) {
    let is_selected = |info: &BenchmarkInfo| selected.iter().any(|each| each.id == info.id);
    let groups: Vec<&str> = selected.iter().filter_map(group).collect();
    let missing = |info: &&BenchmarkInfo| {
        group(info).is_some_and(|id| groups.contains(&id)) && !is_selected(info)
    };
    let added: Vec<BenchmarkInfo> = all.iter().filter(missing).cloned().collect();
    let ids = added.iter().map(|info| info.id.clone()).collect();
    let mut complete = selected;
    complete.extend(added);
    sort::by(&mut complete, &|a, b| sort::ids(&a.id, &b.id));
    (complete, ids)
}

/// Takes the functions of a group together: the first with the others in the order of writing. What belongs to no group
/// stands alone. The order is that of the first of each.
pub(super) fn gather(benchmarks: Vec<BenchmarkInfo>) -> Vec<(BenchmarkInfo, Vec<BenchmarkInfo>)> {
    let mut gathered: Vec<(BenchmarkInfo, Vec<BenchmarkInfo>)> = Vec::new();
    for info in benchmarks {
        let together = gathered
            .iter_mut()
            .find(|(first, _)| group(&info).is_some() && group(first) == group(&info));
        match together {
            Some((_, others)) => others.push(info),
            None => gathered.push((info, Vec::new())),
        }
    }
    for (first, others) in &mut gathered {
        let place = |info: &BenchmarkInfo| info.member.as_ref().map(|member| member.index);
        let by_place = |a: &BenchmarkInfo, b: &BenchmarkInfo| place(a).cmp(&place(b));
        sort::by(others, &by_place);
        if let Some(before) = others
            .first_mut()
            .filter(|other| place(other) < place(first))
        {
            std::mem::swap(first, before);
            sort::by(others, &by_place);
        }
    }
    gathered
}

/// Makes thread counts fit a group with roles: together each role needs a thread. At 1 each is measured alone.
pub(super) fn fit(threads: &mut [u32], info: &BenchmarkInfo) {
    let Some(member) = &info.member else { return };
    if member.group.kind != GroupKind::Roles {
        return;
    }
    let least = u32::try_from(member.members).unwrap_or(u32::MAX);
    for count in threads.iter_mut().filter(|count| **count > 1) {
        *count = (*count).max(least);
    }
}

#[cfg(test)]
mod tests {
    use scalebench_model::data::Group;

    use super::*;
    use crate::protocol::MemberInfo;

    fn info(id: &str, member: Option<(&str, usize)>) -> BenchmarkInfo {
        BenchmarkInfo {
            member: member.map(|(group, index)| MemberInfo {
                group: Group {
                    id: group.to_owned(),
                    kind: GroupKind::Roles,
                    share: 1,
                    of: 3,
                    timing_ns: None,
                },
                index,
                members: 3,
            }),
            ..BenchmarkInfo::plain(id)
        }
    }

    fn all() -> Vec<BenchmarkInfo> {
        vec![
            info("a", None),
            info("g::read", Some(("g", 2))),
            info("g::scan", Some(("g", 1))),
            info("g::write", Some(("g", 0))),
            info("h::read", Some(("h", 0))),
        ]
    }

    fn ids(infos: &[BenchmarkInfo]) -> Vec<&str> {
        infos.iter().map(|info| info.id.as_str()).collect()
    }

    #[test]
    fn one_role_brings_its_whole_group_and_no_other() {
        let all = all();
        let (selected, added) = complete(vec![all[1].clone()], &all);
        assert_eq!(ids(&selected), ["g::read", "g::scan", "g::write"]);
        assert_eq!(added, ["g::scan", "g::write"]);
        let (selected, added) = complete(vec![all[0].clone()], &all);
        assert_eq!((ids(&selected), added.len()), (vec!["a"], 0));
    }

    #[test]
    fn a_group_is_gathered_in_the_order_of_writing() {
        let gathered = gather(all());
        let names: Vec<&str> = gathered
            .iter()
            .map(|(first, _)| first.id.as_str())
            .collect();
        assert_eq!(names, ["a", "g::write", "h::read"]);
        assert_eq!(ids(&gathered[1].1), ["g::scan", "g::read"]);
    }

    #[test]
    fn every_role_has_a_thread() {
        let mut threads = vec![2, 4, 1];
        fit(&mut threads, &all()[1]);
        assert_eq!(threads, [3, 4, 1]);
        let mut threads = vec![2];
        fit(&mut threads, &all()[0]);
        assert_eq!(threads, [2]);
    }
}
