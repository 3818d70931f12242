//! The data flow in a Data Flow Task.

use std::collections::HashMap;
use std::sync::Arc;

use crate::finding::Severity;
use crate::model::{Component, Element, Pipeline, PipelinePath};
use crate::read::columns::check;
use crate::read::component::component;
use crate::read::references::Ids;
use crate::read::{Reader, members, properties};

const PIPELINE: &[&str] = &[
    "version",
    "id",
    "name",
    "description",
    "defaultBufferMaxRows",
    "defaultBufferSize",
    "engineThreads",
    "bufferTempStoragePath",
    "BLOBTempStoragePath",
    "runInOptimizedMode",
    "autoAdjustBufferSize",
];

/// Reads the data flow of the task `task`.
pub(crate) fn pipeline(reader: &mut Reader, element: &Element, task: &str) -> Pipeline {
    check(reader, element, task, PIPELINE, &["components", "paths"]);
    let ids = Ids::collect(reader, element);
    let components: Vec<Component> = members(element, "components", "component")
        .map(|c| component(reader, c, task, &ids))
        .collect();
    let ends = Ends::of(&components);
    let paths = members(element, "paths", "path")
        .filter_map(|p| path(reader, p, task, &ids, &ends))
        .collect();
    Pipeline {
        properties: properties(element, &["id", "name", "description", "version"]),
        components,
        paths,
        lineages: Arc::new(ids.lineages),
    }
}

/// Outputs and inputs by path and by integer id.
struct Ends {
    outputs: HashMap<String, (usize, usize)>,
    inputs: HashMap<String, (usize, usize)>,
}

impl Ends {
    fn of(components: &[Component]) -> Self {
        let mut outputs = HashMap::new();
        let mut inputs = HashMap::new();
        for (c, component) in components.iter().enumerate() {
            for (o, output) in component.outputs.iter().enumerate() {
                outputs.insert(output.id.to_string(), (c, o));
                outputs.insert(output.ref_id.clone(), (c, o));
            }
            for (i, input) in component.inputs.iter().enumerate() {
                inputs.insert(input.id.to_string(), (c, i));
                inputs.insert(input.ref_id.clone(), (c, i));
            }
        }
        Self { outputs, inputs }
    }
}

/// Reads a path; one whose ends are not there is reported as an error and left out.
fn path(
    reader: &mut Reader,
    element: &Element,
    task: &str,
    ids: &Ids,
    ends: &Ends,
) -> Option<PipelinePath> {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    let ref_id = match element.attribute("refId").filter(|r| !r.is_empty()) {
        Some(stored) => stored.to_owned(),
        None => format!("{task}.Paths[{name}]"),
    };
    check(
        reader,
        element,
        &ref_id,
        &["refId", "id", "name", "description", "startId", "endId"],
        &[],
    );
    let mut end = |map: &HashMap<String, (usize, usize)>, attribute: &str| {
        let stored = element.attribute(attribute).unwrap_or_default();
        let found = map.get(stored).or_else(|| map.get(stored.trim())).copied();
        if found.is_none() {
            reader.findings.dangling(
                Severity::Error,
                &ref_id,
                Some(attribute),
                format!("the end {stored:?} of the path is not there"),
                &element.location,
            );
        }
        found
    };
    let from = end(&ends.outputs, "startId");
    let to = end(&ends.inputs, "endId");
    Some(PipelinePath {
        id: ids.id_of(element),
        from: from?,
        to: to?,
        name,
        ref_id,
    })
}
