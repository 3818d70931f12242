//! The ids of a data flow's objects, collected before anything refers to them.
//!
//! Formats 2 and 3 store integers; for 6 and 8 all objects are numbered from 1 in document order.
//! References are integers or paths; both end in the same maps.

use std::collections::HashMap;

use packmule_types::ColumnType;

use crate::model::{Element, LineageId};
use crate::read::{Reader, columns, members};

/// What references in a data flow can mean.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    /// Integer ids by path (6, 8).
    by_ref: HashMap<String, i32>,
    /// What `lineageId` and `#{…}` mean.
    pub(crate) lineages: HashMap<String, LineageId>,
    /// Name and type of output columns.
    outputs: HashMap<LineageId, (String, ColumnType)>,
    next: i32,
    old: bool,
}

impl Ids {
    /// Walks components and paths in document order.
    pub(crate) fn collect(reader: &mut Reader, pipeline: &Element) -> Self {
        let mut ids = Self {
            next: 1,
            old: reader.is_old(),
            ..Self::default()
        };
        for component in members(pipeline, "components", "component") {
            ids.number(component);
            for input in members(component, "inputs", "input") {
                ids.number(input);
                for column in members(input, "inputColumns", "inputColumn") {
                    let id = ids.number(column);
                    ids.name_column(column, LineageId(id));
                }
                ids.external(input);
            }
            for output in members(component, "outputs", "output") {
                ids.number(output);
                for column in members(output, "outputColumns", "outputColumn") {
                    let id = ids.number(column);
                    ids.output_column(reader, column, id);
                }
                ids.external(output);
            }
        }
        for path in members(pipeline, "paths", "path") {
            ids.number(path);
        }
        ids
    }

    fn external(&mut self, owner: &Element) {
        for column in members(owner, "externalMetadataColumns", "externalMetadataColumn") {
            self.number(column);
        }
    }

    /// Gives an element its id.
    fn number(&mut self, element: &Element) -> i32 {
        if self.old {
            return self.id_of(element);
        }
        let id = self.next;
        self.next = self.next.saturating_add(1);
        if let Some(key) = element.attribute("refId") {
            self.by_ref.entry(key.to_owned()).or_insert(id);
        }
        id
    }

    fn name_column(&mut self, element: &Element, lineage: LineageId) {
        let key = if self.old { "id" } else { "refId" };
        if let Some(key) = element.attribute(key) {
            self.lineages
                .entry(key.trim().to_owned())
                .or_insert(lineage);
        }
    }

    fn output_column(&mut self, reader: &mut Reader, element: &Element, id: i32) {
        let lineage = if self.old {
            let stored = element.attribute("lineageId").map(str::trim);
            LineageId(stored.and_then(|s| s.parse().ok()).unwrap_or(id))
        } else {
            LineageId(id)
        };
        // An output column wins over an input column that has the same key by mistake.
        for key in ["refId", "lineageId", "id"] {
            if let Some(key) = element.attribute(key) {
                self.lineages.insert(key.trim().to_owned(), lineage);
            }
        }
        let column_type = columns::column_type(reader, element, "", "dataType", "");
        let name = element.attribute("name").unwrap_or_default().to_owned();
        self.outputs.entry(lineage).or_insert((name, column_type));
    }

    /// Whether an element of the data flow has this path.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        self.by_ref.contains_key(path)
    }

    /// The id of an element that was numbered.
    pub(crate) fn id_of(&self, element: &Element) -> i32 {
        if self.old {
            let id = element
                .attribute("id")
                .and_then(|id| id.trim().parse().ok());
            return id.unwrap_or(0);
        }
        let id = element.attribute("refId").and_then(|r| self.by_ref.get(r));
        id.copied().unwrap_or(0)
    }

    /// What a `lineageId` or an id in a property means; `None` when it names nothing.
    pub(crate) fn lineage(&self, reference: &str) -> Option<LineageId> {
        self.lineages.get(reference.trim()).copied()
    }

    /// Name and type of an output column.
    pub(crate) fn output(&self, lineage: LineageId) -> Option<&(String, ColumnType)> {
        self.outputs.get(&lineage)
    }

    /// The ids in a property's text, in order of appearance, 0 for a broken one; and the texts
    /// of the broken ones.
    pub(crate) fn in_text(&self, text: &str, expression: bool) -> (Vec<LineageId>, Vec<String>) {
        let mut found = Vec::new();
        let mut broken = Vec::new();
        if self.old && !expression && !text.contains('#') {
            // A bare integer; 0 and -1 are none.
            if let Ok(number) = text.trim().parse::<i32>()
                && number > 0
            {
                self.take(&number.to_string(), &mut found, &mut broken);
            }
            return (found, broken);
        }
        let mut rest = text;
        let mut quoted = false;
        while let Some(at) = rest.find(['#', '"', '\\']) {
            let tail = rest.get(at..).unwrap_or_default();
            let step = match tail.as_bytes().first() {
                Some(b'"') if expression => {
                    quoted = !quoted;
                    1
                }
                Some(b'\\') if expression && quoted => {
                    1 + tail.chars().nth(1).map_or(0, char::len_utf8)
                }
                Some(b'#') if !quoted => self.reference(tail, &mut found, &mut broken),
                _ => 1,
            };
            rest = tail.get(step..).unwrap_or_default();
        }
        (found, broken)
    }

    /// Reads the reference at the start of a text that starts with `#`; gives its length.
    fn reference(&self, text: &str, found: &mut Vec<LineageId>, broken: &mut Vec<String>) -> usize {
        if let Some(inner) = text.strip_prefix("#{") {
            // Names may hold braces: the first end that gives a known path counts.
            let ends = inner.match_indices('}').map(|(at, _)| at).take(16);
            let mut first = None;
            for end in ends {
                let key = inner.get(..end).unwrap_or_default();
                first.get_or_insert(end);
                if let Some(lineage) = self.lineage(key) {
                    found.push(lineage);
                    return end + 3;
                }
            }
            let Some(end) = first else { return 1 };
            found.push(LineageId(0));
            broken.push(inner.get(..end).unwrap_or_default().to_owned());
            return end + 3;
        }
        let digits = text.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return 1;
        }
        let key = text.get(1..=digits).unwrap_or_default();
        self.take(key, found, broken);
        1 + digits
    }

    fn take(&self, key: &str, found: &mut Vec<LineageId>, broken: &mut Vec<String>) {
        match self.lineage(key) {
            Some(lineage) => found.push(lineage),
            None => {
                found.push(LineageId(0));
                broken.push(key.to_owned());
            }
        }
    }
}
