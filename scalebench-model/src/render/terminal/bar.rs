//! The bar of an efficiency.

use super::super::glyphs::Glyphs;
use super::paint::{Ink, Painter};

/// What a bar shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar {
    /// Efficiency; above 1 the bar is full.
    pub(super) efficiency: f64,
    /// The machine's ceiling, where measured.
    pub(super) ceiling: Option<f64>,
    /// Points that do not count are drawn hollow.
    pub(super) counted: bool,
}

impl Bar {
    /// The bar in exactly `width` cells.
    pub(super) fn draw(self, width: usize, glyphs: &Glyphs, painter: Painter) -> String {
        let share = if self.efficiency.is_finite() {
            self.efficiency.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let ceiling = self
            .ceiling
            .filter(|c| c.is_finite())
            .map(|c| ((c.clamp(0.0, 1.0) * width as f64).round() as usize).min(width - 1));
        let filled = self.filled(share, width, glyphs);
        let used = super::wrap::cells(&filled);
        let rest: String = (used..width)
            .map(|cell| {
                if ceiling == Some(cell) {
                    glyphs.ceiling
                } else {
                    glyphs.empty
                }
            })
            .collect();
        let ink = if self.counted {
            Ink::Scalability
        } else {
            Ink::Dim
        };
        format!(
            "{}{}",
            painter.paint(ink, &filled),
            painter.paint(Ink::Dim, &rest)
        )
    }

    fn filled(self, share: f64, width: usize, glyphs: &Glyphs) -> String {
        let parts = if self.counted && !glyphs.eighths.is_empty() {
            8
        } else {
            1
        };
        let units = (share * (width * parts) as f64).round() as usize;
        let cell = if self.counted {
            glyphs.full
        } else {
            glyphs.hollow
        };
        let mut text = cell.repeat(units / parts);
        if let Some(part) = (units % parts).checked_sub(1) {
            text.push_str(glyphs.eighths[part]);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::glyphs::{ASCII, UNICODE};
    use super::*;

    fn draw(efficiency: f64, ceiling: Option<f64>, counted: bool, glyphs: &Glyphs) -> String {
        let bar = Bar {
            efficiency,
            ceiling,
            counted,
        };
        bar.draw(8, glyphs, Painter { color: false })
    }

    #[test]
    fn bars_have_eighths_ceilings_and_hollow_cells() {
        assert_eq!(draw(1.0, Some(0.98), true, &UNICODE), "████████");
        assert_eq!(
            draw(0.5 + 3.0 / 64.0, Some(0.98), true, &UNICODE),
            "████▍  │"
        );
        assert_eq!(draw(0.5, None, false, &UNICODE), "░░░░    ");
        assert_eq!(draw(0.5, Some(1.0), true, &ASCII), "####   |");
        assert_eq!(draw(7.0, None, true, &ASCII), "########");
        assert_eq!(draw(f64::NAN, Some(f64::NAN), true, &ASCII), "        ");
    }
}
