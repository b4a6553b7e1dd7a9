//! Labels that keep out of the way of what is drawn.

use super::draw::Drawing;

/// Which end of the text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The text begins there.
    Start,
    /// The text ends there.
    End,
}

/// A place for a label: its base line's end and which end that is.
pub(super) type Place = (i32, i32, Anchor);

/// About how wide and high a letter of a label is.
const LETTER: i32 = 11;
const HEIGHT: i32 = 18;

/// Left, top, right and bottom of a box.
type Area = (i32, i32, i32, i32);

/// What is already on a chart, and the labels that find room in it.
#[derive(Debug, Default)]
pub(super) struct Labels {
    busy: Vec<(i32, i32)>,
    taken: Vec<Area>,
}

impl Labels {
    /// Keeps labels off a line through these places.
    pub(super) fn avoid(&mut self, line: &[(i32, i32)]) {
        self.busy.extend(line.iter().copied());
        for pair in line.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let steps = ((x1 - x0).abs().max((y1 - y0).abs()) / 12).clamp(1, 60);
            self.busy.extend(
                (1..steps).map(|i| (x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)),
            );
        }
    }

    /// Writes a label of one or more lines at the best of some places: the first of those that hide least.
    pub(super) fn put(&mut self, drawing: &mut Drawing, lines: &[(&str, &str)], places: &[Place]) {
        let best = places
            .iter()
            .copied()
            .min_by_key(|place| self.hidden(area(lines, *place)));
        let Some(place) = best else { return };
        self.taken.push(area(lines, place));
        for (i, (class, text)) in lines.iter().enumerate() {
            let y = place.1 + HEIGHT_OF_LINE * i as i32;
            match place.2 {
                Anchor::Start => drawing.text(class, place.0, y, text),
                Anchor::End => drawing.text(&format!("{class} z"), place.0, y, text),
            }
        }
    }

    /// The first of some places where a label hides nothing.
    pub(super) fn free(&self, line: (&str, &str), places: &[Place]) -> Option<Place> {
        places
            .iter()
            .copied()
            .find(|place| self.hidden(area(&[line], *place)) == 0)
    }

    /// Writes a label at the first of some places where it touches no other label, else nowhere.
    pub(super) fn put_if_free(
        &mut self,
        drawing: &mut Drawing,
        line: (&str, &str),
        places: &[Place],
    ) {
        let free = places
            .iter()
            .copied()
            .find(|place| !self.touches(area(&[line], *place)));
        if let Some(place) = free {
            self.put(drawing, &[line], &[place]);
        }
    }

    fn touches(&self, (left, top, right, bottom): Area) -> bool {
        self.taken
            .iter()
            .any(|t| left < t.2 && t.0 < right && top < t.3 && t.1 < bottom)
    }

    fn hidden(&self, area: Area) -> usize {
        let (left, top, right, bottom) = area;
        let inside =
            |p: &&(i32, i32)| (left..=right).contains(&p.0) && (top..=bottom).contains(&p.1);
        let points = self.busy.iter().filter(inside).count();
        points + if self.touches(area) { 1000 } else { 0 }
    }
}

/// From one line of a label to the next.
const HEIGHT_OF_LINE: i32 = 24;

fn area(lines: &[(&str, &str)], (x, y, anchor): Place) -> Area {
    let letters = lines
        .iter()
        .map(|(_, t)| t.chars().count())
        .max()
        .unwrap_or(0);
    let width = LETTER * letters as i32;
    let bottom = y + HEIGHT_OF_LINE * (lines.len() as i32 - 1) + 4;
    match anchor {
        Anchor::Start => (x - 4, y - HEIGHT, x + width, bottom),
        Anchor::End => (x - width, y - HEIGHT, x + 4, bottom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_where_they_hide_least() {
        let mut labels = Labels::default();
        labels.avoid(&[(0, 100), (300, 100)]);
        let mut drawing = Drawing::default();
        let places = [(10, 105, Anchor::Start), (10, 60, Anchor::Start)];
        labels.put(&mut drawing, &[("n", "first")], &places);
        labels.put_if_free(&mut drawing, ("n", "second"), &places[1..]);
        labels.put_if_free(&mut drawing, ("n", "third"), &[(200, 60, Anchor::End)]);
        assert_eq!(
            drawing.finish(),
            "<text class=n x=10 y=60>first</text><text class=\"n z\" x=200 y=60>third</text>"
        );
    }
}
