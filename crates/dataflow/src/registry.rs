//! The list of components: one line for each, and what is known of each without running it.

use std::collections::HashMap;
use std::sync::LazyLock;

use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;

use crate::component::Bound;
use crate::site::Site;

/// What a component is in a data flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Brings rows in.
    Source,
    /// Changes them.
    Transformation,
    /// Takes them out.
    Destination,
}

/// How the engine runs a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Execution {
    /// Makes morsels.
    Source,
    /// Pure: any thread, any batch.
    Parallel,
    /// One batch at a time, in order.
    Ordered,
    /// All input before any output.
    Blocking,
    /// Takes from its inputs what it needs.
    SeveralInputs,
}

/// Where a property stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// On the component.
    Component,
    /// On an input.
    Input,
    /// On an input column.
    InputColumn,
    /// On an output.
    Output,
    /// On an output column.
    OutputColumn,
    /// On an external column.
    ExternalColumn,
}

/// One property.
#[derive(Debug, Clone, Copy)]
pub struct PropertyDefinition {
    /// Its name in packages.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Its value when it is absent, as a package would write it.
    pub default: &'static str,
    /// Meaning and unit.
    pub documentation: &'static str,
}

/// One component.
#[derive(Debug)]
pub struct Definition {
    /// What SSIS calls it.
    pub name: &'static str,
    /// Its canonical class.
    pub class: &'static str,
    /// What it is.
    pub kind: Kind,
    /// How it is run.
    pub execution: Execution,
    /// What memory it holds beyond the batches under way; where that is reserved.
    pub memory: &'static str,
    /// What it does, in a sentence.
    pub documentation: &'static str,
    /// Every property that it knows.
    pub properties: &'static [PropertyDefinition],
    /// What is wrong with it; opens nothing.
    pub validate: fn(&Site<'_>) -> Vec<Finding>,
    /// PreExecute: reads settings, finds columns, opens what it needs.
    pub bind: fn(&Site<'_>) -> Result<Bound, Reported>,
}

/// All components, by name within their kinds.
pub static COMPONENTS: &[&Definition] = &[
    &crate::sources::flat_file::DEFINITION,
    &crate::sources::ole_db::DEFINITION,
    &crate::destinations::ole_db::DEFINITION,
    &crate::transformations::aggregate::DEFINITION,
    &crate::transformations::merge_join::DEFINITION,
    &crate::destinations::cache::DEFINITION,
    &crate::transformations::conditional_split::DEFINITION,
    &crate::transformations::copy_column::DEFINITION,
    &crate::destinations::flat_file::DEFINITION,
    &crate::transformations::data_conversion::DEFINITION,
    &crate::transformations::derived_column::DEFINITION,
    &crate::transformations::lookup::DEFINITION,
    &crate::transformations::multicast::DEFINITION,
    &crate::transformations::ole_db_command::DEFINITION,
    &crate::destinations::recordset::DEFINITION,
    &crate::transformations::row_count::DEFINITION,
    &crate::transformations::script_component::DEFINITION,
    &crate::transformations::sort::DEFINITION,
    &crate::transformations::union_all::DEFINITION,
];

static BY_CLASS: LazyLock<HashMap<&'static str, &'static Definition>> =
    LazyLock::new(|| COMPONENTS.iter().map(|d| (d.class, *d)).collect());

/// The component of a canonical class.
pub fn find(class: &str) -> Option<&'static Definition> {
    BY_CLASS.get(class).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn classes_and_names_are_unique() {
        let classes: BTreeSet<_> = COMPONENTS.iter().map(|d| d.class).collect();
        let names: BTreeSet<_> = COMPONENTS.iter().map(|d| d.name).collect();
        assert_eq!(classes.len(), COMPONENTS.len());
        assert_eq!(names.len(), COMPONENTS.len());
    }

    #[test]
    fn everything_is_documented() {
        for definition in COMPONENTS {
            assert!(!definition.documentation.is_empty(), "{}", definition.name);
            assert!(!definition.memory.is_empty(), "{}", definition.name);
            let mut seen = BTreeSet::new();
            for property in definition.properties {
                let about = (definition.name, property.name);
                assert!(!property.documentation.is_empty(), "{about:?}");
                assert!(seen.insert((property.place, property.name)), "{about:?}");
            }
        }
    }

    #[test]
    fn blocking_components_say_what_they_hold() {
        for definition in COMPONENTS {
            let holds = matches!(
                definition.execution,
                Execution::Blocking | Execution::SeveralInputs
            );
            assert!(!holds || definition.memory != "none", "{}", definition.name);
        }
    }

    #[test]
    fn sources_have_a_source_s_execution() {
        for definition in COMPONENTS {
            let source = definition.kind == Kind::Source;
            assert_eq!(
                source,
                definition.execution == Execution::Source,
                "{}",
                definition.name
            );
        }
    }
}
