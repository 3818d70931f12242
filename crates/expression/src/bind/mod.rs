//! Names to bindings and syntax to the typed tree; constants are folded.

mod combine;

use std::collections::BTreeSet;

use packmule_types::locale::Locale;
use packmule_types::{Code, ColumnType, DataType, Value, array};

use self::combine::{binary, conditional, logic, unary};
use crate::bound::Bound;
use crate::cast;
use crate::error::ExpressionError;
use crate::names::{NameError, Names};
use crate::syntax::{BinaryOperator, ColumnReference, Span, Syntax, SyntaxKind, VariableReference};
use crate::tree::{Depends, Kind, Node, Rows, evaluate};
use crate::vector::Errors;
use crate::{Inputs, Now, Parsed, codes, functions};

/// What binding depends on besides names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BindOptions {
    /// Conventions for text to numbers and dates and back, and the collation of `<` on text: of
    /// the owning task or component.
    pub locale: Locale,
    /// Whether `@v = …` may stand at the root (For Loop Init/Assign, Expression Task).
    pub assignment: bool,
}

impl Default for BindOptions {
    /// en-US, without assignment.
    fn default() -> Self {
        Self {
            locale: Locale::en_us(),
            assignment: false,
        }
    }
}

/// Binds a parsed expression.
pub(crate) fn bind(
    parsed: &Parsed,
    names: &dyn Names,
    options: &BindOptions,
) -> Result<Bound, Vec<ExpressionError>> {
    let mut binder = Binder {
        names,
        options,
        columns: BTreeSet::new(),
        variables: BTreeSet::new(),
        sensitive: false,
        errors: Vec::new(),
    };
    if let Some((_, at)) = parsed.tree.target.as_ref().filter(|_| !options.assignment) {
        binder.errors.push(ExpressionError::new(
            codes::SINGLE_EQUAL,
            *at,
            "an assignment is not possible here; to compare, write '=='",
        ));
    }
    let root = binder.root(&parsed.tree.root);
    match root {
        Some(root) if binder.errors.is_empty() => Ok(Bound {
            root,
            text: parsed.text.clone(),
            target: parsed
                .tree
                .target
                .as_ref()
                .map(|(target, _)| target.clone()),
            columns: binder.columns.into_iter().collect(),
            variables: binder.variables.into_iter().collect(),
            sensitive: binder.sensitive,
        }),
        _ => Err(binder.errors),
    }
}

/// A node whose value depends on nothing, computed now. Where that fails it stays as it is: an
/// error belongs to the rows that need the value ([R-SHORT]).
pub(crate) fn folded(node: Node) -> Node {
    if node.depends != Depends::Nothing || node.constant().is_some() {
        return node;
    }
    match computed(&node) {
        Ok(constant) => constant,
        Err(_) => node,
    }
}

fn computed(node: &Node) -> Result<Node, Code> {
    let now = Now::default();
    let inputs = Inputs::row(&[], &now);
    let mut errors = Errors::default();
    let rows = Rows {
        count: 1,
        selection: None,
    };
    let result = evaluate(node, &inputs, rows, &mut errors);
    if let Some(error) = errors.rows.first() {
        return Err(error.code);
    }
    Ok(Node {
        kind: Kind::Constant(result.array.slice(0, 1)),
        column_type: node.column_type,
        at: node.at,
        depends: Depends::Nothing,
        fallible: false,
    })
}

/// Binds one expression; a node that cannot be bound is `None`, its error noted.
pub(crate) struct Binder<'a> {
    names: &'a dyn Names,
    pub(crate) options: &'a BindOptions,
    columns: BTreeSet<usize>,
    variables: BTreeSet<usize>,
    sensitive: bool,
    errors: Vec<ExpressionError>,
}

impl Binder<'_> {
    fn noted<T>(&mut self, result: Result<T, ExpressionError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// At the root a cast or NULL of `DT_STR` keeps its type.
    fn root(&mut self, syntax: &Syntax) -> Option<Node> {
        match &syntax.kind {
            SyntaxKind::Cast(specification, operand)
                if specification.data_type == DataType::Str =>
            {
                let to = cast::column_type(specification, &cast::CAST);
                let operand = self.node(operand);
                let to = self.noted(to)?;
                let bound = cast::cast(operand?, &to, &self.options.locale, syntax.at);
                self.noted(bound)
            }
            SyntaxKind::Null(specification) => {
                let to = self.noted(cast::column_type(specification, &cast::NULL))?;
                Some(null(&to, syntax.at))
            }
            _ => self.node(syntax),
        }
    }

    pub(crate) fn node(&mut self, syntax: &Syntax) -> Option<Node> {
        let at = syntax.at;
        match &syntax.kind {
            SyntaxKind::Literal(value) => literal(value, at),
            SyntaxKind::Variable(name) => self.variable(name, at),
            SyntaxKind::Column(name) => self.column(name, at),
            SyntaxKind::Unary(operator, operand) => {
                let operand = self.node(operand)?;
                let bound = unary(*operator, operand, at);
                self.noted(bound)
            }
            SyntaxKind::Chain(first, rest) => self.chain(first, rest),
            SyntaxKind::Conditional(arms, otherwise) => self.conditional(arms, otherwise, at),
            SyntaxKind::Cast(specification, operand) => {
                let to = cast::column_type(specification, &cast::CAST);
                let operand = self.node(operand);
                let to = self.noted(to)?;
                let bound = cast::cast(operand?, &to, &self.options.locale, at);
                self.noted(bound).map(as_wide)
            }
            SyntaxKind::Call(name, arguments) => {
                let bound: Vec<Option<Node>> = arguments.iter().map(|a| self.node(a)).collect();
                let bound: Vec<Node> = bound.into_iter().collect::<Option<_>>()?;
                let node = functions::bind(name, bound, arguments, self.options, at);
                self.noted(node).map(folded)
            }
            SyntaxKind::Null(specification) => {
                let to = self.noted(cast::column_type(specification, &cast::NULL))?;
                Some(null(&to, at))
            }
        }
    }

    fn variable(&mut self, name: &VariableReference, at: Span) -> Option<Node> {
        let found = self.names.variable(name.namespace.as_deref(), &name.name);
        let binding = found.map_err(|error| {
            let (code, detail) = match error {
                NameError::Ambiguous => {
                    (codes::AMBIGUOUS_VARIABLE, "is found in several namespaces")
                }
                NameError::Unsupported => (
                    codes::VARIABLE_TYPE,
                    "has a type that expressions cannot use",
                ),
                _ => (codes::VARIABLE_NOT_FOUND, "was not found"),
            };
            let name = name.to_string();
            ExpressionError::new(code, at, format!("the variable {name} {detail}")).with(&[&name])
        });
        let binding = self.noted(binding)?;
        self.variables.insert(binding.index);
        self.sensitive |= binding.sensitive;
        let mut column_type = binding.column_type;
        if column_type.data_type == DataType::Str {
            column_type = ColumnType::wstr(column_type.length);
        }
        Some(Node {
            kind: Kind::Variable(binding.index),
            column_type,
            at,
            depends: Depends::Variables,
            fallible: true,
        })
    }

    fn column(&mut self, reference: &ColumnReference, at: Span) -> Option<Node> {
        let by_id = !matches!(reference, ColumnReference::Name { .. });
        let found = self.names.column(reference).map_err(|error| {
            let (code, detail) = match (error, by_id) {
                (NameError::NoColumns, false) => {
                    (codes::NO_COLUMN_NAMES, "stands where there are no columns")
                }
                (NameError::NoColumns, true) => {
                    (codes::NO_LINEAGE_IDS, "stands where there are no columns")
                }
                (NameError::Ambiguous, _) => (codes::AMBIGUOUS_COLUMN, "is found more than once"),
                (_, true) => (codes::LINEAGE_ID_NOT_FOUND, "was not found"),
                (_, false) => (codes::COLUMN_NOT_FOUND, "was not found"),
            };
            let name = reference.to_string();
            ExpressionError::new(code, at, format!("the column {name} {detail}")).with(&[&name])
        });
        let binding = self.noted(found)?;
        self.columns.insert(binding.index);
        let node = Node {
            kind: Kind::Column(binding.index),
            column_type: binding.column_type,
            at,
            depends: Depends::Rows,
            fallible: false,
        };
        Some(as_wide(node))
    }

    fn chain(&mut self, first: &Syntax, rest: &[(BinaryOperator, Syntax)]) -> Option<Node> {
        let mut result = self.node(first);
        let mut at = first.at;
        for (operator, syntax) in rest {
            let operand = self.node(syntax);
            at.end = syntax.at.end;
            // An operand that failed has its error; what follows is bound for its own errors.
            let (Some(left), Some(right)) = (result.take(), operand) else {
                continue;
            };
            let bound = match operator {
                BinaryOperator::And | BinaryOperator::Or => logic(*operator, left, right, at),
                _ => binary(*operator, left, right, at, self.options),
            };
            result = self.noted(bound);
        }
        // A chain with a failed part is no node, even where its last step was fine.
        result.filter(|_| self.errors.is_empty())
    }

    fn conditional(
        &mut self,
        arms: &[(Syntax, Syntax)],
        otherwise: &Syntax,
        at: Span,
    ) -> Option<Node> {
        let mut bound = Vec::with_capacity(arms.len());
        for (condition, value) in arms {
            let (condition, value) = (self.node(condition), self.node(value));
            bound.push((condition, value));
        }
        let mut result = self.node(otherwise);
        for (condition, value) in bound.into_iter().rev() {
            let (Some(condition), Some(value), Some(rest)) = (condition, value, result.take())
            else {
                continue;
            };
            let at = Span {
                start: condition.at.start,
                end: at.end,
            };
            let arm = conditional(condition, value, rest, at);
            result = self.noted(arm);
        }
        result.filter(|_| self.errors.is_empty())
    }
}

/// `DT_STR` stays only at the root; anywhere else text is `DT_WSTR` of the same length.
fn as_wide(node: Node) -> Node {
    if node.column_type.data_type != DataType::Str {
        return node;
    }
    Node {
        column_type: ColumnType::wstr(node.column_type.length),
        ..node
    }
}

fn literal(value: &Value, at: Span) -> Option<Node> {
    let column_type = match value {
        Value::Numeric(_, precision, scale) => ColumnType::numeric(*precision, *scale),
        Value::Text(text) => {
            let length = text.chars().map(char::len_utf16).sum::<usize>();
            ColumnType::wstr(u32::try_from(length).unwrap_or(u32::MAX))
        }
        other => ColumnType::new(other.data_type()),
    };
    let array = array::constant(&column_type, value, 1).ok()?;
    Some(Node {
        kind: Kind::Constant(array),
        column_type,
        at,
        depends: Depends::Nothing,
        fallible: false,
    })
}

fn null(column_type: &ColumnType, at: Span) -> Node {
    Node {
        kind: Kind::Constant(array::nulls(column_type, 1)),
        column_type: *column_type,
        at,
        depends: Depends::Nothing,
        fallible: false,
    }
}
