//! Which thread has which role.

/// The roles of `threads` threads, in order, by place in `shares` (each above 0).
///
/// Each role gets one thread; every further thread goes to the role that is furthest behind its share, the first of them
/// in a tie. So the division is exact wherever the shares divide the threads, and a role never loses a thread when there
/// are more of them: thread k has the same role at every thread count. Source: the method of Sainte-Laguë, 1910, with one
/// seat for everyone.
pub(super) fn roles_of_threads(shares: &[u32], threads: usize) -> Vec<usize> {
    let mut has = vec![0_u64; shares.len()];
    let mut roles = Vec::with_capacity(threads);
    for thread in 0..threads {
        let role = if thread < shares.len() {
            thread
        } else {
            furthest_behind(shares, &has)
        };
        has[role] += 1;
        roles.push(role);
    }
    roles
}

/// The role with the least (2·has + 1)/share; fractions are compared without dividing.
fn furthest_behind(shares: &[u32], has: &[u64]) -> usize {
    let mut least = 0;
    for role in 1..shares.len() {
        let side = |a: usize, b: usize| u128::from(2 * has[a] + 1) * u128::from(shares[b]);
        if side(role, least) < side(least, role) {
            least = role;
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(shares: &[u32], threads: usize) -> Vec<usize> {
        let roles = roles_of_threads(shares, threads);
        let count = |role| roles.iter().filter(|&&each| each == role).count();
        (0..shares.len()).map(count).collect()
    }

    #[test]
    fn shares_that_divide_the_threads_are_met_exactly() {
        assert_eq!(divided(&[3, 1], 4), [3, 1]);
        assert_eq!(divided(&[3, 1], 8), [6, 2]);
        assert_eq!(divided(&[1, 3], 64), [16, 48]);
        assert_eq!(divided(&[5, 3, 2], 20), [10, 6, 4]);
    }

    #[test]
    fn every_role_has_a_thread_and_the_rest_goes_where_it_is_most_missed() {
        assert_eq!(divided(&[3, 1], 2), [1, 1]);
        assert_eq!(divided(&[3, 1], 3), [2, 1]);
        assert_eq!(divided(&[3, 1], 5), [4, 1]);
        assert_eq!(divided(&[1000, 1], 4), [3, 1]);
        assert_eq!(divided(&[1, 1], 3), [2, 1]);
    }

    #[test]
    fn no_role_loses_a_thread_when_there_are_more() {
        for shares in [&[3, 1][..], &[5, 3, 2], &[1, 7, 7, 2]] {
            let roles = roles_of_threads(shares, 64);
            for threads in shares.len()..64 {
                assert_eq!(roles_of_threads(shares, threads), roles[..threads]);
            }
        }
    }
}
