//! A small writer of SVG: paths with whole numbers, text, and fragments that are stored once and used often.
//!
//! Attributes stand without quotes where HTML allows it: a page holds thousands of these elements.

use std::collections::HashMap;
use std::fmt::Write;

use super::super::escape::escape;

/// The data of a path.
#[derive(Debug, Default)]
pub(super) struct Path {
    data: String,
    at: Option<(i32, i32)>,
}

impl Path {
    /// A line through these places; `None` interrupts it.
    pub(super) fn line(places: impl Iterator<Item = Option<(i32, i32)>>) -> Self {
        let mut path = Self::default();
        let mut pen_up = true;
        for place in places {
            match place {
                Some((x, y)) if pen_up => path.move_to(x, y),
                Some((x, y)) => path.line_to(x, y),
                None => {}
            }
            pen_up = place.is_none();
        }
        path
    }

    /// A dot at each place: a line of no length, which round caps draw as a disc.
    pub(super) fn dots(places: impl Iterator<Item = (i32, i32)>) -> Self {
        let mut path = Self::default();
        let (mut from_x, mut from_y) = (0, 0);
        for (x, y) in places {
            let (dx, dy) = (x - from_x, y - from_y);
            let gap = if dy < 0 { "" } else { " " };
            let _ = write!(path.data, "m{dx}{gap}{dy}h0");
            (from_x, from_y) = (x, y);
        }
        path
    }

    /// Starts anew at a place.
    pub(super) fn move_to(&mut self, x: i32, y: i32) {
        let _ = write!(self.data, "M{x} {y}");
        self.at = Some((x, y));
    }

    /// Goes on from a place: moves there unless the path has just ended there.
    pub(super) fn go_on(&mut self, (x, y): (i32, i32)) {
        if self.at != Some((x, y)) {
            self.move_to(x, y);
        }
    }

    /// A straight line to a place.
    pub(super) fn line_to(&mut self, x: i32, y: i32) {
        let (from_x, from_y) = self.at.unwrap_or((x, y));
        let (dx, dy) = (x - from_x, y - from_y);
        let gap = if dy < 0 { "" } else { " " };
        let _ = match (dx, dy) {
            (_, 0) => write!(self.data, "h{dx}"),
            (0, _) => write!(self.data, "v{dy}"),
            _ => write!(self.data, "l{dx}{gap}{dy}"),
        };
        self.at = Some((x, y));
    }

    /// Back to the start.
    pub(super) fn close(&mut self) {
        self.data.push('z');
    }

    /// Whether nothing was drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }
}

/// A drawing under way.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    out: String,
}

impl Drawing {
    /// A path of a class; nothing if it is empty.
    pub(super) fn path(&mut self, class: &str, path: &Path) {
        if !path.is_empty() {
            let _ = write!(self.out, "<path {} d=\"{}\"/>", attribute(class), path.data);
        }
    }

    /// Bars: upright strokes as wide as `width`.
    pub(super) fn bars(&mut self, class: &str, width: i32, path: &Path) {
        if !path.is_empty() {
            let _ = write!(
                self.out,
                "<path {} stroke-width={width} d=\"{}\"/>",
                attribute(class),
                path.data
            );
        }
    }

    /// Text at a place; `class` decides colour and anchor.
    pub(super) fn text(&mut self, class: &str, x: i32, y: i32, text: &str) {
        let class = attribute(class);
        let _ = write!(
            self.out,
            "<text {class} x={x} y={y}>{}</text>",
            escape(text)
        );
    }

    /// A fragment made elsewhere.
    pub(super) fn fragment(&mut self, svg: &str) {
        self.out.push_str(svg);
    }

    /// What was drawn.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// A class attribute, quoted only where it names several classes.
fn attribute(class: &str) -> String {
    if class.contains(' ') {
        format!("class=\"{class}\"")
    } else {
        format!("class={class}")
    }
}

/// Fragments that many charts share, such as axes: each stands once on the page.
#[derive(Debug, Default)]
pub(in super::super) struct Shared {
    ids: HashMap<String, usize>,
    out: String,
}

impl Shared {
    /// A reference to the fragment, which is stored at its first use.
    pub(super) fn reference(&mut self, fragment: String) -> String {
        let next = self.ids.len();
        let out = &mut self.out;
        let id = *self.ids.entry(fragment).or_insert_with_key(|fragment| {
            let _ = write!(out, "<g id=s{next}>{fragment}</g>");
            next
        });
        format!("<use href=\"#s{id}\"/>")
    }

    /// All fragments, to stand inside `<defs>`.
    pub(in super::super) fn definitions(&self) -> &str {
        &self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short() {
        let path = Path::line(
            [
                Some((10, 20)),
                Some((30, 20)),
                Some((30, 5)),
                Some((35, 10)),
            ]
            .into_iter(),
        );
        assert_eq!(path.data, "M10 20h20v-15l5 5");
        let broken = Path::line([Some((1, 2)), None, Some((3, 4)), Some((4, 3))].into_iter());
        assert_eq!(broken.data, "M1 2M3 4l1-1");
        assert_eq!(
            Path::dots([(1, 2), (3, 4)].into_iter()).data,
            "m1 2h0m2 2h0"
        );
    }

    #[test]
    fn shared_fragments_stand_once() {
        let mut shared = Shared::default();
        assert_eq!(shared.reference("a".into()), "<use href=\"#s0\"/>");
        assert_eq!(shared.reference("b".into()), "<use href=\"#s1\"/>");
        assert_eq!(shared.reference("a".into()), "<use href=\"#s0\"/>");
        assert_eq!(shared.definitions(), "<g id=s0>a</g><g id=s1>b</g>");
    }

    #[test]
    fn text_is_escaped() {
        let mut drawing = Drawing::default();
        drawing.text("t", 1, 2, "<b>&\"");
        assert_eq!(
            drawing.finish(),
            "<text class=t x=1 y=2>&lt;b&gt;&amp;&quot;</text>"
        );
    }
}
