//! The arrow of a change: down by performance, then right by scalability.

use super::draw::{Drawing, Path};
use super::frame::{BOTTOM, LEFT, LINE, RIGHT, TOP};
use super::labels::{Anchor, Labels, Place};
use super::scale::Scale;
use crate::render::facts::Part;
use crate::render::glyphs::UNICODE;
use crate::report::Change;

/// Legs of the arrow shorter than this have no head.
const SHORTEST_LEG: i32 = 16;

/// About how wide the label of the factors is.
const LABEL: i32 = 220;

/// The figures of the arrow: the corner before, what the faster call alone brings, the corner after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    pub(super) old_floor: f64,
    pub(super) new_floor: f64,
    pub(super) old_wall: f64,
    pub(super) carried_wall: f64,
    pub(super) new_wall: f64,
}

impl Corner {
    /// The corner if all of it can be drawn.
    pub(super) fn known(self) -> Option<Self> {
        let all = [
            self.old_floor,
            self.new_floor,
            self.old_wall,
            self.carried_wall,
            self.new_wall,
        ];
        let drawable = all.iter().all(|v| v.is_finite() && *v > 0.0);
        drawable.then_some(self)
    }
}

/// Draws the arrow and names its legs.
pub(super) fn draw_arrow(
    drawing: &mut Drawing,
    corner: Corner,
    change: &Change,
    (x, y): (&Scale, &Scale),
    labels: &mut Labels,
) {
    let (old_y, new_y) = (y.place(corner.old_floor), y.place(corner.new_floor));
    let old_x = x.place(corner.old_wall);
    let carried_x = x.place(corner.carried_wall);
    let new_x = x.place(corner.new_wall);
    let leg = |class: &'static str, from: (i32, i32), to: (i32, i32), drawing: &mut Drawing| {
        let long = (from.0 - to.0).abs().max((from.1 - to.1).abs());
        if long >= 2 {
            let class = if long >= SHORTEST_LEG {
                class.to_owned()
            } else {
                format!("{class} h")
            };
            drawing.path(&class, &Path::line([Some(from), Some(to)].into_iter()));
        }
    };
    leg("K", (old_x, new_y), (carried_x, new_y), drawing);
    leg("P", (old_x, old_y), (old_x, new_y), drawing);
    leg("S", (carried_x, new_y), (new_x, new_y), drawing);
    let arrow = [
        (old_x, old_y),
        (old_x, new_y),
        (carried_x, new_y),
        (new_x, new_y),
    ];
    labels.avoid(&arrow);
    name_factors(drawing, labels, change, arrow);
}

/// Writes each factor beside its leg of the arrow where there is room, else both into the corner that hides least.
fn name_factors(
    drawing: &mut Drawing,
    labels: &mut Labels,
    change: &Change,
    [start, corner, carried, end]: [(i32, i32); 4],
) {
    let texts = Part::of(change).map(|part| {
        let factor = part.factor(&UNICODE);
        format!("{} {} {factor}", part.arrow(&UNICODE), part.name())
    });
    let down = (start.1 + corner.1) / 2 + 6;
    let beside_down = [
        (start.0 - 16, down, Anchor::End),
        (start.0 + 16, down, Anchor::Start),
    ];
    let (left, right) = extent_of([corner.0, carried.0, end.0].into_iter());
    let beside_across = [
        (left, corner.1 + LINE + 2, Anchor::Start),
        (right, corner.1 + LINE + 2, Anchor::End),
        (right + 18, corner.1 + 6, Anchor::Start),
        (left - 18, corner.1 + 6, Anchor::End),
        (right, corner.1 - 14, Anchor::End),
        (left, corner.1 - 14, Anchor::Start),
        (right - 26, corner.1 - 14, Anchor::End),
        (left + 26, corner.1 - 14, Anchor::Start),
    ];
    let performance = ("n p", texts[0].as_str());
    let scalability = ("n k", texts[1].as_str());
    let (high, low) = (TOP + 16, BOTTOM - LINE - 12);
    let corners = [
        (LEFT + 10, high, Anchor::Start),
        (RIGHT - 6, high, Anchor::End),
        (RIGHT - 6, low, Anchor::End),
        (LEFT + 10, low, Anchor::Start),
    ];
    let beside = |labels: &Labels, text, places: &[Place]| labels.free(text, &inside(places));
    let first = beside(labels, performance, &beside_down);
    match (first, beside(labels, scalability, &beside_across)) {
        (None, None) => labels.put(drawing, &[performance, scalability], &corners),
        (first, second) => {
            let places = |place: Option<Place>| place.map_or(corners.to_vec(), |p| vec![p]);
            labels.put(drawing, &[performance], &places(first));
            // The first label may stand where the second would have.
            let second = second.and_then(|p| labels.free(scalability, &[p]));
            labels.put(drawing, &[scalability], &places(second));
        }
    }
}

/// Those places whose label stays inside the plot.
fn inside(places: &[Place]) -> Vec<Place> {
    let fits = |(x, y, anchor): &Place| {
        let across = match anchor {
            Anchor::Start => *x >= LEFT && x + LABEL <= RIGHT + 10,
            Anchor::End => x - LABEL >= LEFT && *x <= RIGHT + 10,
        };
        across && (TOP..BOTTOM - 4).contains(y)
    };
    places.iter().copied().filter(fits).collect()
}

fn extent_of(values: impl Iterator<Item = i32>) -> (i32, i32) {
    values.fold((i32::MAX, i32::MIN), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}
