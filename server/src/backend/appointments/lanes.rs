//! Side by side: what overlaps shares the width. Pure: spans in, lanes out.

/// Where one of several spans goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lane {
    /// From 0.
    pub(super) lane: usize,
    /// How many lanes its cluster needs: those that hang together by overlapping.
    pub(super) of: usize,
    /// Which cluster, from 0.
    pub(super) cluster: usize,
}

/// Each span's lane, in the order given. A span ends before the number it ends with, so touching ends do not overlap.
/// The earliest goes first, and of several that begin together the longest; each takes the first lane that is free.
pub(super) fn lanes(spans: &[(u16, u16)]) -> Vec<Lane> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&index| (spans[index].0, std::cmp::Reverse(spans[index].1), index));
    let mut found = vec![Lane { lane: 0, of: 0, cluster: 0 }; spans.len()];
    let (mut members, mut ends): (Vec<usize>, Vec<u16>) = (Vec::new(), Vec::new());
    let mut cluster = 0;
    for index in order {
        let (start, end) = spans[index];
        if !ends.is_empty() && ends.iter().all(|end| *end <= start) {
            close(&mut found, &mut members, ends.len());
            ends.clear();
            cluster += 1;
        }
        let lane = ends.iter().position(|end| *end <= start).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(end)
        } else {
            ends[lane] = end
        }
        found[index] = Lane { lane, of: 0, cluster };
        members.push(index);
    }
    close(&mut found, &mut members, ends.len());
    found
}

fn close(found: &mut [Lane], members: &mut Vec<usize>, of: usize) {
    for index in members.drain(..) {
        found[index].of = of;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(spans: &[(u16, u16)], expected: &[(usize, usize)]) {
        let found: Vec<_> = lanes(spans).into_iter().map(|lane| (lane.lane, lane.of)).collect();
        assert_eq!(found, expected, "{spans:?}");
    }

    #[test]
    fn touching_ends_do_not_overlap() {
        check(&[], &[]);
        check(&[(0, 4), (4, 8), (8, 9)], &[(0, 1), (0, 1), (0, 1)]);
        check(&[(0, 5), (4, 8)], &[(0, 2), (1, 2)]);
    }

    #[test]
    fn one_cluster_shares_the_width_and_the_next_has_its_own() {
        // A long one beside two short ones, and one alone.
        check(&[(0, 8), (0, 2), (2, 4), (8, 9)], &[(0, 2), (1, 2), (1, 2), (0, 1)]);
        // They hang together by the one in the middle.
        check(&[(0, 3), (2, 6), (5, 9)], &[(0, 2), (1, 2), (0, 2)]);
        check(&[(5, 9), (0, 9), (5, 6)], &[(1, 3), (0, 3), (2, 3)]);
    }

    proptest! {
        #[test]
        fn no_two_of_a_lane_overlap_and_no_lane_is_too_many(starts in proptest::collection::vec((0_u16..90, 1_u16..20), 0..40)) {
            let spans: Vec<(u16, u16)> = starts.into_iter().map(|(start, long)| (start, start + long)).collect();
            let found = lanes(&spans);
            for (a, one) in found.iter().enumerate() {
                prop_assert!(one.lane < one.of);
                for (b, other) in found.iter().enumerate().skip(a + 1) {
                    let overlap = spans[a].0 < spans[b].1 && spans[b].0 < spans[a].1;
                    prop_assert!(!overlap || (one.cluster == other.cluster && one.lane != other.lane));
                }
            }
            // As many lanes as there are at once, anywhere.
            let most = (0_u16..120).map(|at| spans.iter().filter(|(start, end)| (*start..*end).contains(&at)).count()).max();
            prop_assert_eq!(found.iter().map(|lane| lane.of).max().unwrap_or(0), most.unwrap_or(0));
        }
    }
}
