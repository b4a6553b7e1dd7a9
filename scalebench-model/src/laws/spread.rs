//! Intervals for whatever follows from a law's parameters.

use super::design::Design;
use super::fit::Observed;
use crate::data::Mode;
use crate::estimate::{Basis, CONFIDENCE, Curves, Scale};
use crate::report::Estimate;
use crate::stats::student_quantile;

/// Resamples that law intervals are read from: enough for two digits, at a tenth of the work.
const RESAMPLES: usize = 999;

/// The parameters of one law in every launch or resample; or, for single values, their regression covariance.
pub(super) struct Spread<'a> {
    curves: &'a Curves,
    design: &'a Design,
    known: bool,
    replicas: Vec<[f64; 3]>,
    regression: Option<Regression>,
}

/// What classical regression says where values were not repeated: the residuals stand for the noise.
struct Regression {
    covariance: [[f64; 3]; 3],
    quantile: f64,
}

impl<'a> Spread<'a> {
    /// `columns` are the points of the curve that the design was made of, `unit` the unit of its R in ns.
    pub(super) fn of(
        curves: &'a Curves,
        columns: &[usize],
        unit: f64,
        observed: &Observed,
        design: &'a Design,
    ) -> Self {
        let replicas = match curves.basis() {
            Basis::Single | Basis::Nothing => Vec::new(),
            Basis::Launches(_) | Basis::Rounds(_) => curves
                .replicas()
                .take(limit(curves.basis()))
                .filter_map(|curve| design.solve(&r_of(curves, curve, columns, unit)))
                .collect(),
        };
        let regression = match curves.basis() {
            Basis::Single => regression(design, observed),
            _ => None,
        };
        Self {
            curves,
            design,
            known: curves.spread_known(columns),
            replicas,
            regression,
        }
    }

    /// The interval of a figure around the fitted `estimate`, which it always contains.
    ///
    /// `figure` is given unconstrained parameters; with [`Scale::Log`] it answers a logarithm, and so is `estimate`.
    pub(super) fn estimate(
        &self,
        estimate: f64,
        scale: Scale,
        figure: &dyn Fn(&[f64; 3]) -> f64,
    ) -> Estimate {
        if let Some(regression) = &self.regression {
            let half = regression.half_width(self.design.parameters(), figure);
            return Estimate::around(estimate, half, CONFIDENCE, scale);
        }
        let values: Vec<f64> = self
            .replicas
            .iter()
            .map(figure)
            .filter(|v| v.is_finite())
            .collect();
        self.curves.interval(values, estimate, self.known, scale)
    }
}

fn limit(basis: Basis) -> usize {
    match basis {
        Basis::Rounds(_) => RESAMPLES,
        _ => usize::MAX,
    }
}

/// R(N) = N/X(N) of a curve at some columns, in units of `unit` ns.
pub(super) fn r_of(curves: &Curves, curve: &[f64], columns: &[usize], unit: f64) -> Vec<f64> {
    let r = |&column: &usize| match curves.mode() {
        Mode::Parallel => curve[column] / unit * f64::from(curves.threads()[column]),
        Mode::Concurrent | Mode::Load => curve[column] / unit,
    };
    columns.iter().map(r).collect()
}

fn regression(design: &Design, observed: &Observed) -> Option<Regression> {
    let (variance, degrees) = design.residual_variance(&observed.r)?;
    Some(Regression {
        covariance: design.covariance(variance),
        quantile: student_quantile(degrees as f64, CONFIDENCE),
    })
}

impl Regression {
    /// Half the interval of a figure by the delta method: its gradient times the parameters' covariance.
    fn half_width(&self, parameters: &[f64; 3], figure: &dyn Fn(&[f64; 3]) -> f64) -> f64 {
        let gradient: [f64; 3] = std::array::from_fn(|i| {
            // A step of a thousandth of the parameter's own error: small, but far above rounding.
            let step = 1e-3 * self.covariance[i][i].sqrt();
            if step == 0.0 {
                return 0.0;
            }
            let moved = |by: f64| {
                let mut moved = *parameters;
                moved[i] += by;
                figure(&moved)
            };
            (moved(step) - moved(-step)) / (2.0 * step)
        });
        let variance: f64 = (0..3)
            .flat_map(|i| (0..3).map(move |j| (i, j)))
            .map(|(i, j)| gradient[i] * self.covariance[i][j] * gradient[j])
            .sum();
        self.quantile * variance.max(0.0).sqrt()
    }
}
