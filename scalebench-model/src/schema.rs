//! JSON Schemas of the documents that other programs read.

use schemars::{JsonSchema, schema_for};

use crate::data::{Run, Schema};
use crate::report::Report;

/// The schemas: their file names, one for each document and major version, and texts.
///
/// ```
/// let schemas = scalebench_model::schema::all();
/// assert!(schemas.iter().any(|(name, _)| name == "scalebench.report.v1.schema.json"));
/// ```
#[must_use]
pub fn all() -> Vec<(String, String)> {
    vec![
        document::<Run>(&Schema::run()),
        document::<Report>(&Schema::report()),
    ]
}

fn document<T: JsonSchema>(version: &Schema) -> (String, String) {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), version.name.clone().into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    (
        format!("{}.v{}.schema.json", version.name, version.major),
        text,
    )
}
