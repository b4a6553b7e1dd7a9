//! The round bootstrap: what the figures would have been, had other rounds been drawn.

use super::collect::{LaunchValues, Pooling};
use crate::stats::{Random, Weighted};

/// One resampled curve after the other, row by row; NaN where a thread count was not drawn.
///
/// Whole rounds are drawn, all thread counts together, as many from each launch as it has. A resample depends on `seed`
/// and its own index only, so the result does not depend on who computes which part.
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6 and 8.
pub(super) fn resample(
    launches: &[LaunchValues],
    columns: usize,
    pooling: &dyn Fn(usize) -> Pooling,
    resamples: usize,
    seed: u64,
) -> Vec<f64> {
    let mut drawn: Vec<Vec<Weighted>> = vec![Vec::new(); columns];
    let mut curves = Vec::with_capacity(columns * resamples);
    for index in 0..resamples {
        let mut random = Random::for_task(seed, index as u64);
        let mut wholes: Vec<Vec<Weighted>> = vec![Vec::new(); columns];
        for launch in launches {
            draw(launch, &mut random, &mut drawn);
            for (column, (values, wholes)) in drawn.iter_mut().zip(&mut wholes).enumerate() {
                let weight = values.iter().map(|v| v.weight).sum();
                if let Some(value) = pooling(column).rounds(values) {
                    wholes.push(Weighted { value, weight });
                }
            }
        }
        let pooled = wholes.iter().enumerate();
        curves.extend(pooled.map(|(column, wholes)| pooling(column).launches(wholes)));
    }
    curves
}

fn draw(launch: &LaunchValues, random: &mut Random, drawn: &mut [Vec<Weighted>]) {
    for column in &mut *drawn {
        column.clear();
    }
    for _ in 0..launch.units.len() {
        for &(column, entry) in &launch.units[random.below(launch.units.len())] {
            drawn[column].push(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resample_depends_on_its_index_and_the_seed_alone() {
        let unit = |i: u32| {
            let value = f64::from(100 + i);
            vec![(0, Weighted { value, weight: 1.0 })]
        };
        let launch = LaunchValues {
            units: (0..20).map(unit).collect(),
            whole: vec![Weighted {
                value: 109.5,
                weight: 20.0,
            }],
            rounds: vec![20],
        };
        let launches = [launch];
        let resampled = |count, seed| resample(&launches, 1, &|_| Pooling::Totals, count, seed);
        let many = resampled(100, 7);
        // Whoever computes a part of them gets the same.
        assert_eq!(resampled(40, 7), many[..40]);
        assert_ne!(resampled(100, 8), many);
        assert!(many.iter().any(|v| *v != many[0]));
    }
}
