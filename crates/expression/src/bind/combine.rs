//! Types of operators and `? :` (§4, §7, §8), and the nodes that compute them.

use std::sync::Arc;

use packmule_types::collation::Collator;
use packmule_types::locale::Locale;
use packmule_types::{ColumnType, DataType, Value, array};

use super::{BindOptions, folded};
use crate::cast;
use crate::codes;
use crate::error::ExpressionError;
use crate::implicit::{common_branch, common_temporal, digits, is_string, matrix, promote, width};
use crate::operators::arithmetic::{Arithmetic, result_type};
use crate::operators::compare::{By, Compare};
use crate::operators::concat::{ConcatBytes, ConcatText};
use crate::operators::unary::{BitNot, Negate, Not};
use crate::syntax::{BinaryOperator, Span, UnaryOperator};
use crate::temporal::Ticks;
use crate::tree::{Kind, Node};
use crate::vector::Kernel;

pub(super) fn unary(
    operator: UnaryOperator,
    operand: Node,
    at: Span,
) -> Result<Node, ExpressionError> {
    use DataType as D;
    let column_type = operand.column_type;
    let data_type = column_type.data_type;
    let legal = match operator {
        UnaryOperator::Negate => {
            data_type.is_numeric() && (!data_type.is_integer() || width(data_type).1)
        }
        UnaryOperator::Not => data_type == D::Bool,
        UnaryOperator::BitNot => data_type.is_integer(),
    };
    if !legal {
        let detail = format!("{} does not take {column_type}", operator.symbol());
        return Err(
            ExpressionError::new(codes::UNSUPPORTED_UNARY_TYPE, at, detail)
                .with(&[data_type.name(), operator.symbol()]),
        );
    }
    let arguments = vec![operand];
    Ok(folded(match operator {
        UnaryOperator::Negate => Node::apply(Negate(column_type), arguments, column_type, at, true),
        UnaryOperator::Not => Node::apply(Not, arguments, column_type, at, false),
        UnaryOperator::BitNot => {
            Node::apply(BitNot(column_type), arguments, column_type, at, false)
        }
    }))
}

fn incompatible(operator: BinaryOperator, a: &Node, b: &Node, at: Span) -> ExpressionError {
    let (x, y) = (a.column_type, b.column_type);
    let detail = format!("{x} and {y} cannot be combined by {}", operator.symbol());
    ExpressionError::new(codes::INCOMPATIBLE_TYPES, at, detail).with(&[
        x.data_type.name(),
        y.data_type.name(),
        operator.symbol(),
    ])
}

fn unsupported(operator: BinaryOperator, node: &Node, at: Span) -> ExpressionError {
    let detail = format!("{} does not take {}", operator.symbol(), node.column_type);
    ExpressionError::new(codes::UNSUPPORTED_BINARY_TYPE, at, detail)
        .with(&[node.column_type.data_type.name(), operator.symbol()])
}

pub(super) fn binary(
    operator: BinaryOperator,
    left: Node,
    right: Node,
    at: Span,
    options: &BindOptions,
) -> Result<Node, ExpressionError> {
    use BinaryOperator as B;
    for side in [&left, &right] {
        if side.column_type.data_type == DataType::Str {
            let detail = "a DT_STR value stands only at the root; use DT_WSTR here";
            return Err(
                ExpressionError::new(codes::STR_IN_BINARY, at, detail).with(&[operator.symbol()])
            );
        }
    }
    match operator {
        B::Equal | B::NotEqual | B::Less | B::Greater | B::LessEqual | B::GreaterEqual => {
            comparison(operator, left, right, at, options)
        }
        B::Add if !left.column_type.data_type.is_numeric() => concat(left, right, at, options),
        _ => arithmetic(operator, left, right, at),
    }
}

fn arithmetic(
    operator: BinaryOperator,
    left: Node,
    right: Node,
    at: Span,
) -> Result<Node, ExpressionError> {
    use BinaryOperator as B;
    let (a, b) = (left.column_type, right.column_type);
    let bits = matches!(operator, B::BitAnd | B::BitOr | B::BitXor);
    for side in [&left, &right] {
        let data_type = side.column_type.data_type;
        if !data_type.is_numeric() {
            return Err(if operator == B::Add {
                incompatible(operator, &left, &right, at)
            } else {
                unsupported(operator, side, at)
            });
        }
        if (bits || operator == B::Modulo) && !data_type.is_integer() {
            return Err(unsupported(operator, side, at));
        }
    }
    if bits && width(a.data_type).1 != width(b.data_type).1 {
        let detail = format!("{a} and {b}: both must be signed or both unsigned");
        return Err(
            ExpressionError::new(codes::SIGN_MISMATCH, at, detail).with(&[
                a.data_type.name(),
                b.data_type.name(),
                operator.symbol(),
            ]),
        );
    }
    let common = matrix(a.data_type, b.data_type);
    let Some(result) = common.and_then(|common| result_type(operator, common, &a, &b)) else {
        return Err(incompatible(operator, &left, &right, at));
    };
    let kernel = Arithmetic {
        operator,
        result,
        left: digits(&a),
        right: digits(&b),
    };
    let (left, right) = if result.data_type == DataType::Numeric {
        (left, right)
    } else {
        (promote(left, &result), promote(right, &result))
    };
    constant_divisor(operator, &right, at)?;
    let fallible = kernel.fallible();
    Ok(fold_chain(
        left,
        Arc::new(kernel),
        right,
        result,
        at,
        fallible,
    ))
}

/// A constant divisor of 0 is an error of the expression, not of its rows.
fn constant_divisor(
    operator: BinaryOperator,
    divisor: &Node,
    at: Span,
) -> Result<(), ExpressionError> {
    if !matches!(operator, BinaryOperator::Divide | BinaryOperator::Modulo) {
        return Ok(());
    }
    let Some(array) = divisor.constant() else {
        return Ok(());
    };
    let zero = match array::value_at(&divisor.column_type, array, 0) {
        Value::I1(0) | Value::I2(0) | Value::I4(0) | Value::I8(0) | Value::Cy(0) => true,
        Value::Ui1(0) | Value::Ui2(0) | Value::Ui4(0) | Value::Ui8(0) => true,
        Value::Decimal(0, _) | Value::Numeric(0, ..) => true,
        Value::R4(v) => v == 0.0,
        Value::R8(v) => v == 0.0,
        _ => false,
    };
    if zero {
        return Err(ExpressionError::new(
            codes::DIVIDE_BY_ZERO,
            at,
            "division by zero",
        ));
    }
    Ok(())
}

/// `left op right`, as a further step of `left` where that is such a chain itself.
fn fold_chain(
    left: Node,
    kernel: Arc<dyn Kernel>,
    right: Node,
    column_type: ColumnType,
    at: Span,
    fallible: bool,
) -> Node {
    let depends = left.depends.max(right.depends);
    let fallible = fallible || left.fallible || right.fallible;
    let kind = match left.kind {
        Kind::Fold(first, mut steps) => {
            steps.push((kernel, right));
            Kind::Fold(first, steps)
        }
        kind => {
            let first = Node { kind, ..left };
            Kind::Fold(Box::new(first), vec![(kernel, right)])
        }
    };
    folded(Node {
        kind,
        column_type,
        at,
        depends,
        fallible,
    })
}

/// `+` on text. [R-LOB-CONCAT] With a large object the other side is taken to its type.
fn concat(
    left: Node,
    right: Node,
    at: Span,
    options: &BindOptions,
) -> Result<Node, ExpressionError> {
    use DataType as D;
    let (a, b) = (left.column_type, right.column_type);
    let joinable = |t: DataType| is_string(t) || t.is_lob();
    if !joinable(a.data_type) || !joinable(b.data_type) {
        return Err(incompatible(BinaryOperator::Add, &left, &right, at));
    }
    let column_type = match (a.data_type.is_lob(), b.data_type.is_lob()) {
        (true, true) if a.data_type != b.data_type => {
            return Err(incompatible(BinaryOperator::Add, &left, &right, at));
        }
        (true, true) if a.code_page != b.code_page => {
            return Err(ExpressionError::new(
                codes::BINARY_CODE_PAGES,
                at,
                "the operands of + have different code pages",
            ));
        }
        (true, _) => a,
        (_, true) => b,
        _ => ColumnType::wstr(a.length.saturating_add(b.length)),
    };
    let to_image = |node: Node| {
        let image = column_type.data_type == D::Image && node.column_type.data_type != D::Image;
        if image {
            let at = node.at;
            cast::cast(node, &column_type, &options.locale, at)
        } else {
            Ok(node)
        }
    };
    let (left, right) = (to_image(left)?, to_image(right)?);
    let (depends, fallible) = (
        left.depends.max(right.depends),
        left.fallible || right.fallible,
    );
    let bytes = column_type.data_type == D::Image;
    // `a + b + c` is one pass over three operands.
    let (kernel, mut operands): (Arc<dyn Kernel>, _) = match left.kind {
        Kind::Joined(kernel, operands) => (kernel, operands),
        kind => {
            let kernel: Arc<dyn Kernel> = if bytes {
                Arc::new(ConcatBytes)
            } else {
                Arc::new(ConcatText)
            };
            (kernel, vec![Node { kind, ..left }])
        }
    };
    operands.push(right);
    Ok(folded(Node {
        kind: Kind::Joined(kernel, operands),
        column_type,
        at,
        depends,
        fallible,
    }))
}

pub(super) fn logic(
    operator: BinaryOperator,
    left: Node,
    right: Node,
    at: Span,
) -> Result<Node, ExpressionError> {
    for side in [&left, &right] {
        if side.column_type.data_type != DataType::Bool {
            return Err(unsupported(operator, side, at));
        }
    }
    let is_and = operator == BinaryOperator::And;
    let depends = left.depends.max(right.depends);
    let fallible = left.fallible || right.fallible;
    let mut operands = match left.kind {
        Kind::Logic(same, operands) if same == is_and => operands,
        kind => vec![Node { kind, ..left }],
    };
    operands.push(right);
    Ok(folded(Node {
        kind: Kind::Logic(is_and, operands),
        column_type: ColumnType::new(DataType::Bool),
        at,
        depends,
        fallible,
    }))
}

fn comparison(
    operator: BinaryOperator,
    left: Node,
    right: Node,
    at: Span,
    options: &BindOptions,
) -> Result<Node, ExpressionError> {
    use DataType as D;
    let (a, b) = (left.column_type, right.column_type);
    let (x, y) = (a.data_type, b.data_type);
    let equality = matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual);
    let (left, right) = string_dates(left, right, options)?;
    let (a, b, x, y) = if left.column_type == a && right.column_type == b {
        (a, b, x, y)
    } else {
        let (a, b) = (left.column_type, right.column_type);
        (a, b, a.data_type, b.data_type)
    };
    let (by, left, right) = if x.is_numeric() && y.is_numeric() {
        match matrix(x, y) {
            None => return Err(incompatible(operator, &left, &right, at)),
            Some(D::Numeric | D::Cy) => {
                (By::Decimal(digits(&a).scale, digits(&b).scale), left, right)
            }
            Some(common) => {
                let to = ColumnType::new(common);
                (By::Number(common), promote(left, &to), promote(right, &to))
            }
        }
    } else if is_string(x) && is_string(y) {
        let by = if equality {
            By::Ordinal
        } else {
            // [R-STR-LOCALE]
            let collator =
                Collator::new(options.locale.lcid.cast_signed(), 0).map_err(|error| {
                    ExpressionError::new(codes::STRING_COMPARISON, at, error.to_string())
                })?;
            By::Locale(Box::new(collator))
        };
        (by, left, right)
    } else if x.is_temporal() && y.is_temporal() {
        let Some(common) = common_temporal(&a, &b) else {
            return Err(incompatible(operator, &left, &right, at));
        };
        // DT_DBTIMESTAMP keeps milliseconds.
        let mixed = x != y && common.data_type == D::DbTimeStamp;
        let unit = if mixed { 10_000 } else { 1 };
        (By::Ticks(Ticks(x), Ticks(y), unit), left, right)
    } else if x == y && (equality || !x.is_lob()) {
        match x {
            D::Bool => (By::Number(D::Bool), left, right),
            D::Guid if !equality => return Err(unsupported(operator, &left, at)),
            D::Guid | D::Bytes | D::Image | D::Text | D::NText => (By::Bytes, left, right),
            _ => return Err(unsupported(operator, &left, at)),
        }
    } else if x == y {
        return Err(unsupported(operator, &left, at));
    } else {
        return Err(incompatible(operator, &left, &right, at));
    };
    let bool_type = ColumnType::new(D::Bool);
    let kernel = Compare { operator, by };
    Ok(folded(Node::apply(
        kernel,
        vec![left, right],
        bool_type,
        at,
        false,
    )))
}

/// [R-STR-DATE] Text compared with a date or time is taken to `DT_DBTIMESTAMP`.
fn string_dates(
    left: Node,
    right: Node,
    options: &BindOptions,
) -> Result<(Node, Node), ExpressionError> {
    let to = ColumnType::new(DataType::DbTimeStamp);
    let (x, y) = (left.column_type.data_type, right.column_type.data_type);
    let at = if is_string(x) { left.at } else { right.at };
    if is_string(x) && y.is_temporal() {
        return Ok((cast::cast(left, &to, &options.locale, at)?, right));
    }
    if x.is_temporal() && is_string(y) {
        return Ok((left, cast::cast(right, &to, &options.locale, at)?));
    }
    Ok((left, right))
}

pub(super) fn conditional(
    condition: Node,
    value: Node,
    rest: Node,
    at: Span,
) -> Result<Node, ExpressionError> {
    use DataType as D;
    if condition.column_type.data_type != D::Bool {
        let found = condition.column_type;
        let detail = format!("the condition is {found}, not DT_BOOL");
        return Err(
            ExpressionError::new(codes::CONDITION_TYPE, condition.at, detail)
                .with(&[found.data_type.name()]),
        );
    }
    let (a, b) = (value.column_type, rest.column_type);
    if a.data_type == D::Str || b.data_type == D::Str {
        let detail = "a DT_STR value stands only at the root; use DT_WSTR here";
        return Err(ExpressionError::new(codes::STR_IN_CONDITIONAL, at, detail));
    }
    if a.data_type == D::Text && b.data_type == D::Text && a.code_page != b.code_page {
        let detail = "the branches of ? : have different code pages";
        return Err(ExpressionError::new(codes::BRANCH_CODE_PAGES, at, detail));
    }
    let Some(common) = common_branch(&a, &b) else {
        let detail = format!("the branches of ? : are {a} and {b}");
        return Err(ExpressionError::new(codes::BRANCH_TYPES, at, detail)
            .with(&[a.data_type.name(), b.data_type.name()]));
    };
    let value = taken_to(value, &common)?;
    let depends = condition.depends.max(value.depends).max(rest.depends);
    let fallible = condition.fallible || value.fallible || rest.fallible;
    // `c1 ? a : c2 ? b : c` is one node where `c2 ? b : c` has the final type already.
    let same = b.arrow() == common.arrow();
    let kind = match rest.kind {
        Kind::Case(mut arms, otherwise) if same => {
            arms.push((condition, value));
            Kind::Case(arms, otherwise)
        }
        kind => {
            let rest = taken_to(Node { kind, ..rest }, &common)?;
            Kind::Case(vec![(condition, value)], Box::new(rest))
        }
    };
    Ok(folded(Node {
        kind,
        column_type: common,
        at,
        depends,
        fallible,
    }))
}

/// A branch in the common type of `? :`.
fn taken_to(node: Node, to: &ColumnType) -> Result<Node, ExpressionError> {
    if node.column_type.data_type.is_numeric() {
        return Ok(promote(node, to));
    }
    if node.column_type.arrow() == to.arrow() {
        return Ok(Node {
            column_type: *to,
            ..node
        });
    }
    let at = node.at;
    cast::cast(node, to, &Locale::en_us(), at)
}
