//! Weighted linear least squares in up to three columns.

/// What a weighted least-squares problem comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// One parameter for each of three columns; 0 for those that were not used.
    pub parameters: [f64; 3],
    /// What each row's value adds to each parameter: the parameters are linear in the values.
    pub projection: Vec<[f64; 3]>,
    /// (XᵀWX)⁻¹: the parameters' covariance when 1/weight is a row's variance.
    pub covariance: [[f64; 3]; 3],
}

/// Minimizes the weighted sum of squares of `values − rows·parameters` over the columns named in `used`.
///
/// `None` when the rows cannot tell the columns apart, when anything is not finite, or when lengths differ. Weights must
/// be positive. By modified Gram-Schmidt with reorthogonalization, which keeps the accuracy of a QR factorization.
/// Source: Björck, Numerical Methods for Least Squares Problems, SIAM, 1996, section 2.4.
///
/// ```
/// use scalebench_model::laws::least_squares;
/// let rows = [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 2.0, 0.0]];
/// let line = least_squares(&rows, &[1.0, 3.0, 5.0], &[1.0; 3], &[0, 1]).unwrap();
/// assert!((line.parameters[1] - 2.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn least_squares(
    rows: &[[f64; 3]],
    values: &[f64],
    weights: &[f64],
    used: &[usize],
) -> Option<Solution> {
    let n = rows.len();
    if values.len() != n || weights.len() != n || n < used.len() {
        return None;
    }
    let roots: Vec<f64> = weights.iter().map(|w| w.sqrt()).collect();
    let factors = Factors::of(rows, &roots, used)?;
    let inverse = factors.inverse_columns();
    let mut projection = vec![[0.0; 3]; n];
    let mut covariance = [[0.0; 3]; 3];
    for (i, &column) in used.iter().enumerate() {
        for (row, (part, root)) in projection.iter_mut().zip(&roots).enumerate() {
            let sum: f64 = (i..used.len())
                .map(|j| inverse[j][i] * factors.orthogonal[j][row])
                .sum();
            part[column] = sum * root;
        }
        for (j, &other) in used.iter().enumerate() {
            covariance[column][other] = inverse.iter().map(|c| c[i] * c[j]).sum();
        }
    }
    let parameters = project(&projection, values);
    let finite = |v: &[f64; 3]| v.iter().all(|p| p.is_finite());
    (finite(&parameters) && projection.iter().all(finite) && covariance.iter().all(finite))
        .then_some(Solution {
            parameters,
            projection,
            covariance,
        })
}

/// The parameters that belong to values, by a projection.
pub(super) fn project(projection: &[[f64; 3]], values: &[f64]) -> [f64; 3] {
    let mut parameters = [0.0; 3];
    for (part, value) in projection.iter().zip(values) {
        for (parameter, p) in parameters.iter_mut().zip(part) {
            *parameter += p * value;
        }
    }
    parameters
}

/// QR factors of the weighted columns.
struct Factors {
    orthogonal: Vec<Vec<f64>>,
    upper: [[f64; 3]; 3],
}

impl Factors {
    fn of(rows: &[[f64; 3]], roots: &[f64], used: &[usize]) -> Option<Self> {
        let mut factors = Self {
            orthogonal: Vec::with_capacity(used.len()),
            upper: [[0.0; 3]; 3],
        };
        for (j, &column) in used.iter().enumerate() {
            let mut q: Vec<f64> = rows
                .iter()
                .zip(roots)
                .map(|(r, root)| r[column] * root)
                .collect();
            let before = norm(&q);
            // Twice is enough: the second pass removes what rounding left of the first.
            for _ in 0..2 {
                for (i, other) in factors.orthogonal.iter().enumerate() {
                    let part: f64 = q.iter().zip(other).map(|(a, b)| a * b).sum();
                    factors.upper[i][j] += part;
                    for (a, b) in q.iter_mut().zip(other) {
                        *a -= part * b;
                    }
                }
            }
            let length = norm(&q);
            // Also false when anything is not a number.
            let independent = length > 1e-12 * before && length.is_finite();
            if !independent {
                return None;
            }
            factors.upper[j][j] = length;
            factors
                .orthogonal
                .push(q.iter().map(|a| a / length).collect());
        }
        Some(factors)
    }

    /// The inverse of the triangular factor, column by column.
    fn inverse_columns(&self) -> [[f64; 3]; 3] {
        let mut columns = [[0.0; 3]; 3];
        for (j, column) in columns.iter_mut().enumerate().take(self.orthogonal.len()) {
            column[j] = 1.0 / self.upper[j][j];
            for i in (0..j).rev() {
                let sum: f64 = (i + 1..=j).map(|k| self.upper[i][k] * column[k]).sum();
                column[i] = -sum / self.upper[i][i];
            }
        }
        columns
    }
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(threads: &[f64]) -> Vec<[f64; 3]> {
        threads
            .iter()
            .map(|n| [1.0, n - 1.0, n * (n - 1.0)])
            .collect()
    }

    #[test]
    fn exact_values_give_exact_parameters_over_a_wide_range() {
        let rows = rows(&[1.0, 2.0, 4.0, 64.0, 1024.0]);
        let truth = [3e-6, 2e-8, 1e-12];
        let values: Vec<f64> = rows
            .iter()
            .map(|r| r.iter().zip(truth).map(|(a, b)| a * b).sum())
            .collect();
        let weights: Vec<f64> = values.iter().map(|v: &f64| v.powi(-2)).collect();
        let solution = least_squares(&rows, &values, &weights, &[0, 1, 2]).unwrap();
        for (found, wanted) in solution.parameters.iter().zip(truth) {
            assert!(
                (found / wanted - 1.0).abs() < 1e-6,
                "{:?}",
                solution.parameters
            );
        }
    }

    #[test]
    fn covariance_is_the_inverse_of_the_normal_matrix() {
        let rows = rows(&[1.0, 2.0, 3.0, 5.0]);
        let weights = [1.0, 2.0, 0.5, 3.0];
        let c = least_squares(&rows, &[1.0; 4], &weights, &[0, 1, 2])
            .unwrap()
            .covariance;
        let normal = |i: usize, k: usize| -> f64 {
            let terms = rows.iter().zip(weights);
            terms.map(|(r, w)| w * r[i] * r[k]).sum()
        };
        for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let product: f64 = (0..3).map(|k| normal(i, k) * c[k][j]).sum();
            assert!((product - f64::from(u8::from(i == j))).abs() < 1e-9);
        }
    }

    #[test]
    fn what_cannot_be_solved_is_none() {
        let same = [[1.0, 2.0, 0.0]; 3];
        assert_eq!(least_squares(&same, &[1.0; 3], &[1.0; 3], &[0, 1]), None);
        assert_eq!(least_squares(&rows(&[1.0]), &[1.0], &[1.0], &[0, 1]), None);
        assert_eq!(
            least_squares(&rows(&[1.0]), &[f64::NAN], &[1.0], &[0]),
            None
        );
        assert_eq!(
            least_squares(&rows(&[1.0]), &[1.0], &[f64::INFINITY], &[0]),
            None
        );
        assert_eq!(
            least_squares(&rows(&[1.0]), &[1.0, 2.0], &[1.0], &[0]),
            None
        );
    }
}
