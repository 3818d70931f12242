//! Values that replace a model's properties at run time.
//!
//! The model never changes. Property expressions, `--set`, configurations, parameters and the
//! catalog's overrides write typed values here, keyed by node and property name; a component's
//! settings are built from both, at validation and again at each start. An expression wins over
//! everything else.

use std::collections::HashMap;

use parking_lot::RwLock;

use packmule_dtsx::NodeId;
use packmule_types::Value;

/// Who wrote a value; a later one wins over an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// A design-time configuration, a parent's parameter assignment.
    Configuration,
    /// `--set`, the catalog's property overrides.
    Override,
    /// A property expression.
    Expression,
}

/// The overlay of one run-time instance of a package.
#[derive(Debug, Default)]
pub struct Overlay {
    values: RwLock<HashMap<(NodeId, String), Vec<(Layer, Value)>>>,
}

impl Overlay {
    /// An empty overlay.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a value of a layer, replacing that layer's former one.
    pub fn set(&self, node: NodeId, property: &str, layer: Layer, value: Value) {
        let mut values = self.values.write();
        let layers = values.entry((node, property.to_owned())).or_default();
        layers.retain(|(l, _)| *l != layer);
        layers.push((layer, value));
        layers.sort_by_key(|(l, _)| *l);
    }

    /// The value that counts, if any layer has one. Names are the API's (`Disable`), not the
    /// file's (`Disabled`).
    pub fn get(&self, node: NodeId, property: &str) -> Option<Value> {
        let values = self.values.read();
        values
            .get(&(node, property.to_owned()))
            .and_then(|layers| layers.last())
            .map(|(_, value)| value.clone())
    }
}
