//! The typed tree that binding makes and evaluation walks.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, BooleanBuilder, UInt32Array, new_null_array};
use arrow::compute::kernels::interleave::interleave;
use arrow::compute::{and_kleene, or_kleene, take};
use packmule_types::ColumnType;

use crate::syntax::Span;
use crate::vector::{Call, Errors, Kernel, Vector};
use crate::{Inputs, codes};

/// What the value of a node depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depends {
    /// Literals only: folded when bound.
    Nothing,
    /// Variables and the clock: the same for all rows of an evaluation.
    Variables,
    /// Columns.
    Rows,
}

/// A typed expression.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) column_type: ColumnType,
    pub(crate) at: Span,
    pub(crate) depends: Depends,
    /// Whether some value of its inputs makes it fail.
    pub(crate) fallible: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// One row.
    Constant(ArrayRef),
    Column(usize),
    Variable(usize),
    Apply(Arc<dyn Kernel>, Vec<Node>),
    /// Left to right, each kernel on the result so far and its operand.
    Fold(Box<Node>, Vec<(Arc<dyn Kernel>, Node)>),
    /// Concatenation: a chain whose operands are joined in one pass.
    Joined(Arc<dyn Kernel>, Vec<Node>),
    /// `&&` (true) or `||` (false) of all operands.
    Logic(bool, Vec<Node>),
    /// Conditions and values, the last one first, and the value where none holds.
    Case(Vec<(Node, Node)>, Box<Node>),
}

impl Node {
    pub(crate) fn apply(
        kernel: impl Kernel + 'static,
        arguments: Vec<Node>,
        column_type: ColumnType,
        at: Span,
        fallible: bool,
    ) -> Self {
        let depends = arguments.iter().map(|a| a.depends).max();
        let fallible = fallible || arguments.iter().any(|a| a.fallible);
        Self {
            kind: Kind::Apply(Arc::new(kernel), arguments),
            column_type,
            at,
            depends: depends.unwrap_or(Depends::Nothing),
            fallible,
        }
    }

    /// The single row of a constant node.
    pub(crate) fn constant(&self) -> Option<&ArrayRef> {
        match &self.kind {
            Kind::Constant(array) => Some(array),
            _ => None,
        }
    }
}

/// The rows of the batch that are computed: all, or some of them.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) count: usize,
    pub(crate) selection: Option<&'a UInt32Array>,
}

impl Rows<'_> {
    fn original(&self, row: usize) -> usize {
        match self.selection {
            Some(selection) => selection.values().get(row).map_or(row, |row| *row as usize),
            None => row,
        }
    }

    /// The rows at these positions of this selection.
    fn select(&self, positions: &[u32]) -> UInt32Array {
        positions
            .iter()
            .map(|position| self.original(*position as usize) as u32)
            .collect::<Vec<_>>()
            .into()
    }
}

/// Evaluates a node for some rows.
pub(crate) fn evaluate(
    node: &Node,
    inputs: &Inputs<'_>,
    rows: Rows<'_>,
    errors: &mut Errors,
) -> Vector {
    match &node.kind {
        Kind::Constant(array) => Vector {
            array: Arc::clone(array),
            constant: true,
        },
        Kind::Column(index) => Vector {
            array: column(node, inputs, rows, *index),
            constant: false,
        },
        Kind::Variable(index) => variable(node, inputs, rows, errors, *index),
        Kind::Apply(kernel, arguments) | Kind::Joined(kernel, arguments) => {
            let arguments: Vec<Vector> = arguments
                .iter()
                .map(|argument| evaluate(argument, inputs, rows, errors))
                .collect();
            apply(kernel.as_ref(), &arguments, inputs, rows, errors)
        }
        Kind::Fold(first, steps) => {
            let mut result = evaluate(first, inputs, rows, errors);
            for (kernel, operand) in steps {
                let operand = evaluate(operand, inputs, rows, errors);
                result = apply(kernel.as_ref(), &[result, operand], inputs, rows, errors);
            }
            result
        }
        Kind::Logic(is_and, operands) => logic(*is_and, operands, inputs, rows, errors),
        Kind::Case(arms, otherwise) => case(node, arms, otherwise, inputs, rows, errors),
    }
}

fn column(node: &Node, inputs: &Inputs<'_>, rows: Rows<'_>, index: usize) -> ArrayRef {
    let nulls = || new_null_array(&node.column_type.arrow(), rows.count);
    let Some(array) = inputs.columns.get(index) else {
        return nulls();
    };
    if array.data_type() != &node.column_type.arrow() {
        debug_assert!(
            false,
            "column {index} has another type than it was bound with"
        );
        return nulls();
    }
    match rows.selection {
        None if array.len() >= rows.count => array.slice(0, rows.count),
        None => nulls(),
        Some(selection) => take(array, selection, None).unwrap_or_else(|_| nulls()),
    }
}

fn variable(
    node: &Node,
    inputs: &Inputs<'_>,
    rows: Rows<'_>,
    errors: &mut Errors,
    index: usize,
) -> Vector {
    let value = inputs.variables.get(index);
    let array =
        value.and_then(|value| packmule_types::array::constant(&node.column_type, value, 1).ok());
    let array = array.unwrap_or_else(|| {
        // The variable changed its type since the expression was bound.
        fail_all(rows, errors, codes::VARIABLE_TYPE, false);
        new_null_array(&node.column_type.arrow(), 1)
    });
    Vector {
        array,
        constant: true,
    }
}

fn fail_all(rows: Rows<'_>, errors: &mut Errors, code: packmule_types::Code, truncation: bool) {
    for row in 0..rows.count {
        errors.add(rows.original(row), code, truncation);
    }
}

/// Runs a kernel once for constants, else for each row.
fn apply(
    kernel: &dyn Kernel,
    arguments: &[Vector],
    inputs: &Inputs<'_>,
    rows: Rows<'_>,
    errors: &mut Errors,
) -> Vector {
    let constant = arguments.iter().all(|argument| argument.constant);
    let mut local = Errors::default();
    let mut call = Call {
        arguments,
        rows: if constant { 1 } else { rows.count },
        now: inputs.now,
        errors: &mut local,
    };
    let array = kernel.apply(&mut call);
    for error in local.rows {
        if constant {
            fail_all(rows, errors, error.code, error.truncation);
        } else {
            errors.add(
                rows.original(error.row as usize),
                error.code,
                error.truncation,
            );
        }
    }
    Vector { array, constant }
}

/// [R-SHORT] `&&` and `||`: an operand is evaluated only for rows that the operands before it
/// have not decided; NULL does not decide.
fn logic(
    is_and: bool,
    operands: &[Node],
    inputs: &Inputs<'_>,
    rows: Rows<'_>,
    errors: &mut Errors,
) -> Vector {
    let Some((first, rest)) = operands.split_first() else {
        return null_boolean();
    };
    let mut result = evaluate(first, inputs, rows, errors);
    for operand in rest {
        let Some(known) = result.booleans() else {
            return null_boolean();
        };
        let decided = |row: usize| known.is_valid(row) && known.value(row) != is_and;
        if result.constant {
            if decided(0) {
                return result;
            }
            let next = evaluate(operand, inputs, rows, errors);
            result = combine(is_and, &result, &next, rows.count);
            continue;
        }
        let open: Vec<u32> = (0..known.len() as u32)
            .filter(|row| !decided(*row as usize))
            .collect();
        if open.is_empty() {
            return result;
        }
        if !operand.fallible || open.len() == known.len() {
            let next = evaluate(operand, inputs, rows, errors);
            result = combine(is_and, &result, &next, rows.count);
            continue;
        }
        let selection = rows.select(&open);
        let some = Rows {
            count: open.len(),
            selection: Some(&selection),
        };
        let next = evaluate(operand, inputs, some, errors);
        result = combine_some(is_and, &result, &next, &open);
    }
    result
}

fn null_boolean() -> Vector {
    Vector {
        array: Arc::new(BooleanArray::new_null(1)),
        constant: true,
    }
}

fn combine(is_and: bool, left: &Vector, right: &Vector, rows: usize) -> Vector {
    let constant = left.constant && right.constant;
    let rows = if constant { 1 } else { rows };
    let (Some(a), Some(b)) = (spread(left, rows), spread(right, rows)) else {
        return null_boolean();
    };
    let combined = if is_and {
        and_kleene(&a, &b)
    } else {
        or_kleene(&a, &b)
    };
    Vector {
        array: Arc::new(combined.unwrap_or_else(|_| BooleanArray::new_null(rows))),
        constant,
    }
}

/// A Boolean operand with as many rows as asked for.
pub(crate) fn spread(vector: &Vector, rows: usize) -> Option<BooleanArray> {
    let array = vector.booleans()?;
    if !vector.constant || rows == array.len() {
        return Some(array.clone());
    }
    Some(if array.is_null(0) {
        BooleanArray::new_null(rows)
    } else {
        BooleanArray::from(vec![array.value(0); rows])
    })
}

/// `left op right` where `right` has the rows `open` only; the others stay.
fn combine_some(is_and: bool, left: &Vector, right: &Vector, open: &[u32]) -> Vector {
    let (Some(a), Some(b)) = (left.booleans(), right.booleans()) else {
        return null_boolean();
    };
    let mut built = BooleanBuilder::with_capacity(a.len());
    let mut next = open.iter().copied().enumerate().peekable();
    for row in 0..a.len() {
        let known = a.is_valid(row).then(|| a.value(row));
        let value = match next.peek() {
            Some((position, open)) if *open as usize == row => {
                let at = right.at(*position);
                let other = b.is_valid(at).then(|| b.value(at));
                next.next();
                match (known, other) {
                    (_, Some(other)) if other != is_and => Some(other),
                    (Some(_), Some(other)) => Some(other),
                    _ => None,
                }
            }
            _ => known,
        };
        built.append_option(value);
    }
    Vector {
        array: Arc::new(built.finish()),
        constant: false,
    }
}

/// [R-SHORT] `? :`: a branch is evaluated only for the rows that take it. A NULL condition
/// gives NULL.
fn case(
    node: &Node,
    arms: &[(Node, Node)],
    otherwise: &Node,
    inputs: &Inputs<'_>,
    rows: Rows<'_>,
    errors: &mut Errors,
) -> Vector {
    let null = new_null_array(&node.column_type.arrow(), 1);
    let mut parts: Vec<ArrayRef> = vec![null];
    let mut choice = vec![(0, 0); rows.count];
    let mut open: Vec<u32> = (0..rows.count as u32).collect();
    for (condition, value) in arms.iter().rev() {
        let selection = rows.select(&open);
        let some = narrowed(rows, &open, &selection);
        let tested = evaluate(condition, inputs, some, errors);
        let Some(test) = tested.booleans() else {
            open.clear();
            break;
        };
        if tested.constant && open.len() == rows.count {
            // One answer for all rows: the branch itself is the result.
            if test.is_null(0) {
                return constant_null(node);
            }
            if test.value(0) {
                return evaluate(value, inputs, rows, errors);
            }
            continue;
        }
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for (position, row) in open.iter().enumerate() {
            let at = tested.at(position);
            if test.is_null(at) {
                continue;
            }
            if test.value(at) {
                taken.push(*row);
            } else {
                left.push(*row);
            }
        }
        open = left;
        fill(value, &taken, inputs, rows, errors, &mut parts, &mut choice);
    }
    if open.len() == rows.count && rows.count > 0 {
        return evaluate(otherwise, inputs, rows, errors);
    }
    fill(
        otherwise,
        &open,
        inputs,
        rows,
        errors,
        &mut parts,
        &mut choice,
    );
    let arrays: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    let array = interleave(&arrays, &choice).unwrap_or_else(|error| {
        debug_assert!(false, "branches of different types: {error}");
        new_null_array(&node.column_type.arrow(), rows.count)
    });
    Vector {
        array,
        constant: false,
    }
}

fn narrowed<'a>(rows: Rows<'a>, open: &[u32], selection: &'a UInt32Array) -> Rows<'a> {
    if open.len() == rows.count {
        return rows;
    }
    Rows {
        count: open.len(),
        selection: Some(selection),
    }
}

fn constant_null(node: &Node) -> Vector {
    Vector {
        array: new_null_array(&node.column_type.arrow(), 1),
        constant: true,
    }
}

/// Evaluates a branch for the rows that take it.
fn fill(
    branch: &Node,
    taken: &[u32],
    inputs: &Inputs<'_>,
    rows: Rows<'_>,
    errors: &mut Errors,
    parts: &mut Vec<ArrayRef>,
    choice: &mut [(usize, usize)],
) {
    if taken.is_empty() {
        return;
    }
    let selection = rows.select(taken);
    let result = evaluate(branch, inputs, narrowed(rows, taken, &selection), errors);
    for (position, row) in taken.iter().enumerate() {
        if let Some(chosen) = choice.get_mut(*row as usize) {
            *chosen = (parts.len(), result.at(position));
        }
    }
    parts.push(result.array);
}
