//! The SSIS expression language: parse, type, evaluate for one row or a batch.
//!
//! Reference: the published pages on SSIS expressions; differences are noted where they are.
//! The crate works on the text and values that it is given: it opens nothing and knows nothing
//! of packages.
//!
//! | step | call | gives |
//! | --- | --- | --- |
//! | text to tree | [`parse`] | [`Parsed`]: which names it uses, whether it assigns |
//! | names to types | [`Parsed::bind`] with a [`Names`] | [`Bound`]: result type, columns to hand in |
//! | values | [`Bound::evaluate`], [`Bound::evaluate_row`] | a column and its failing rows, or a value |
//!
//! One typed tree and one set of kernels over Arrow columns serve both forms: a row is a batch
//! of one. [`functions::all`] lists the functions.
//!
//! ```
//! # use packmule_expression::{BindOptions, Inputs, NoNames, Now, parse};
//! # use packmule_types::Value;
//! let bound = parse("5 + 5 * 4 + 6")?.bind(&NoNames, &BindOptions::default()).unwrap();
//! let now = Now::default();
//! assert_eq!(bound.evaluate_row(&Inputs::row(&[], &now))?, Value::I4(31));
//! # Ok::<(), packmule_expression::ExpressionError>(())
//! ```

mod bind;
mod bound;
mod cast;
mod error;
pub mod functions;
pub mod fuzz;
mod implicit;
mod names;
mod operators;
mod syntax;
mod temporal;
mod text_builder;
mod tree;
mod vector;

pub use bind::BindOptions;
pub use bound::{Bound, Evaluated, Inputs, Now};
pub use error::{ExpressionError, ParseError, codes};
pub use names::{ColumnBinding, NameError, Names, NoNames, VariableBinding, names_match};
pub use syntax::{ColumnReference, DEPTH_MAX, Span, TEXT_BYTES_MAX, VariableReference};
pub use vector::RowError;

/// A parsed expression.
#[derive(Debug, Clone)]
pub struct Parsed {
    text: String,
    tree: syntax::Tree,
}

/// The names that an expression uses, each once, in order of appearance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Variables and parameters that are read.
    pub variables: Vec<VariableReference>,
    /// Columns that are read.
    pub columns: Vec<ColumnReference>,
}

/// Parses the text of an expression.
///
/// Errors carry the place in the text; texts longer than [`TEXT_BYTES_MAX`] and nesting deeper
/// than [`DEPTH_MAX`] are errors too.
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    Ok(Parsed {
        text: text.to_string(),
        tree: syntax::parse_text(text)?,
    })
}

impl Parsed {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The variable on the left of `@v = expression`.
    pub fn assignment_target(&self) -> Option<&VariableReference> {
        self.tree.target.as_ref().map(|(target, _)| target)
    }

    /// The names that are read.
    pub fn references(&self) -> References {
        let mut references = References::default();
        self.tree.root.walk(&mut |node| match &node.kind {
            syntax::SyntaxKind::Variable(name) if !references.variables.contains(name) => {
                references.variables.push(name.clone());
            }
            syntax::SyntaxKind::Column(name) if !references.columns.contains(name) => {
                references.columns.push(name.clone());
            }
            _ => {}
        });
        references
    }

    /// Finds all names and types. All problems are reported, not only the first.
    pub fn bind(
        &self,
        names: &dyn Names,
        options: &BindOptions,
    ) -> Result<Bound, Vec<ExpressionError>> {
        bind::bind(self, names, options)
    }
}
