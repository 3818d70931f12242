//! Casts (§6): parameters, legality, and the kernel over the conversions of the types crate.

use arrow::array::ArrayRef;
use packmule_types::convert::{Conversion, ConvertOptions, IllegalConversion};
use packmule_types::locale::Locale;
use packmule_types::status::Status;
use packmule_types::{Code, ColumnType, DataType, Value};

use crate::codes;
use crate::error::ExpressionError;
use crate::syntax::{Span, Syntax, SyntaxKind, TypeSpecification, UnaryOperator};
use crate::tree::{Depends, Node};
use crate::vector::{Call, Kernel};

/// The codes for wrong parameters differ between casts and `NULL(…)`.
pub(crate) struct ParameterCodes {
    not_static: Code,
    not_integer: Code,
    code_page: Code,
    precision: Code,
    scale: Code,
    length: Code,
}

/// For casts.
pub(crate) const CAST: ParameterCodes = ParameterCodes {
    not_static: codes::CAST_PARAMETER_NOT_STATIC,
    not_integer: codes::CAST_PARAMETER_NOT_INTEGER,
    code_page: codes::CAST_CODE_PAGE,
    precision: codes::CAST_PRECISION,
    scale: codes::CAST_SCALE,
    length: codes::CAST_LENGTH,
};

/// For `NULL(…)`.
pub(crate) const NULL: ParameterCodes = ParameterCodes {
    not_static: codes::NULL_PARAMETER_NOT_STATIC,
    not_integer: codes::NULL_PARAMETER_NOT_INTEGER,
    code_page: codes::NULL_CODE_PAGE,
    precision: codes::NULL_PRECISION,
    scale: codes::NULL_SCALE,
    length: codes::NULL_LENGTH,
};

/// The column type that a specification names, its parameters checked.
pub(crate) fn column_type(
    specification: &TypeSpecification,
    errors: &ParameterCodes,
) -> Result<ColumnType, ExpressionError> {
    use DataType as D;
    let data_type = specification.data_type;
    let count = match data_type {
        D::Str | D::Numeric => 2,
        D::WStr | D::Bytes | D::Decimal | D::Text => 1,
        D::DbTime2 | D::DbTimeStamp2 | D::DbTimeStampOffset => 1,
        D::Empty | D::Null => {
            return Err(ExpressionError::new(
                codes::UNSUPPORTED_TYPE,
                specification.at,
                format!("{data_type} cannot be used in an expression"),
            )
            .with(&[data_type.name()]));
        }
        _ => 0,
    };
    if specification.parameters.len() != count {
        return Err(ExpressionError::new(
            codes::PARSE_FAILED,
            specification.at,
            format!("{data_type} takes {count} parameters here"),
        ));
    }
    let mut numbers = [0_i64; 2];
    for (number, parameter) in numbers.iter_mut().zip(&specification.parameters) {
        *number = static_integer(parameter, errors)?;
    }
    let wrong = |code: Code, detail: &str| {
        Err(ExpressionError::new(code, specification.at, detail).with(&[data_type.name()]))
    };
    let [first, second] = numbers;
    let mut result = ColumnType::new(data_type);
    match data_type {
        D::WStr | D::Bytes | D::Str => match u32::try_from(first) {
            Ok(length) if length <= i32::MAX as u32 => result.length = length,
            _ => return wrong(errors.length, "the length is negative or too large"),
        },
        D::Numeric => match (u8::try_from(first), u8::try_from(second)) {
            (Ok(p), _) if !(1..=38).contains(&p) => {
                return wrong(errors.precision, "the precision is not 1 to 38");
            }
            (Err(_), _) => return wrong(errors.precision, "the precision is not 1 to 38"),
            (Ok(p), Ok(s)) if s <= p => (result.precision, result.scale) = (p, s),
            _ => return wrong(errors.scale, "the scale is not 0 to the precision"),
        },
        D::Decimal => match u8::try_from(first) {
            Ok(scale) if scale <= 28 => result = ColumnType::decimal(scale),
            _ => return wrong(errors.scale, "the scale is not 0 to 28"),
        },
        D::DbTime2 | D::DbTimeStamp2 | D::DbTimeStampOffset => match u8::try_from(first) {
            Ok(scale) if scale <= 7 => result.scale = scale,
            _ => return wrong(errors.scale, "the scale is not 0 to 7"),
        },
        _ => {}
    }
    if matches!(data_type, D::Str | D::Text) {
        let page = if data_type == D::Str { second } else { first };
        match u32::try_from(page) {
            Ok(page) if known_page(page) => result.code_page = page,
            _ => return wrong(errors.code_page, "there is no such code page"),
        }
    }
    Ok(result)
}

fn known_page(page: u32) -> bool {
    let text = ColumnType::str(1, page);
    let options = ConvertOptions {
        fast_parse: false,
        today: chrono::NaiveDate::default(),
    };
    Conversion::bind(&ColumnType::wstr(1), &text, &Locale::en_us(), options).is_ok()
}

fn static_integer(syntax: &Syntax, errors: &ParameterCodes) -> Result<i64, ExpressionError> {
    let wrong = |code, detail: &str| Err(ExpressionError::new(code, syntax.at, detail));
    match &syntax.kind {
        SyntaxKind::Literal(Value::I4(v)) => Ok(i64::from(*v)),
        SyntaxKind::Literal(Value::I8(v)) => Ok(*v),
        SyntaxKind::Literal(Value::Ui4(v)) => Ok(i64::from(*v)),
        SyntaxKind::Literal(Value::Ui8(v)) => Ok(i64::try_from(*v).unwrap_or(i64::MAX)),
        SyntaxKind::Unary(UnaryOperator::Negate, inner) => {
            Ok(static_integer(inner, errors)?.saturating_neg())
        }
        SyntaxKind::Literal(_) => wrong(errors.not_integer, "the parameter is not an integer"),
        _ => wrong(errors.not_static, "the parameter is not a literal integer"),
    }
}

/// Whether §6.1 allows the cast.
pub(crate) fn legal(from: DataType, to: DataType) -> bool {
    use DataType as D;
    if from == to {
        return !matches!(from, D::Empty | D::Null);
    }
    let string = |t| matches!(t, D::Str | D::WStr);
    let number = |t: DataType| t.is_integer() || matches!(t, D::R4 | D::R8);
    let classic = |t| matches!(t, D::DbDate | D::DbTime | D::DbTimeStamp);
    let modern = |t| matches!(t, D::DbTime2 | D::DbTimeStamp2 | D::DbTimeStampOffset);
    match from {
        D::Str | D::WStr => true,
        D::I1 | D::I2 | D::I4 | D::Ui1 | D::Ui2 | D::Ui4 | D::R4 | D::R8 => {
            let wide = matches!(from, D::I4 | D::Ui4) && to == D::Bytes;
            wide || to.is_numeric() || string(to) || matches!(to, D::Bool | D::Date) || classic(to)
        }
        D::I8 | D::Ui8 => {
            to.is_numeric() || string(to) || matches!(to, D::Bool | D::FileTime | D::Bytes)
        }
        D::Cy => to.is_numeric() || string(to) || to == D::Bool,
        D::Decimal => to.is_numeric() || string(to) || to == D::Bool || classic(to),
        D::Numeric | D::Bool => to.is_numeric() || string(to) || matches!(to, D::Bool | D::Date),
        D::Date => {
            number(to)
                || string(to)
                || matches!(to, D::Numeric | D::Bool)
                || classic(to)
                || modern(to)
        }
        D::DbDate
        | D::DbTime
        | D::DbTimeStamp
        | D::DbTime2
        | D::DbTimeStamp2
        | D::DbTimeStampOffset => to.is_temporal() || string(to),
        D::FileTime => to.is_temporal() || string(to) || matches!(to, D::I8 | D::Ui8),
        D::Guid => to == D::Bytes || string(to),
        D::Bytes => {
            string(to) || to.is_lob() || matches!(to, D::Guid | D::Ui4 | D::I8 | D::Ui8 | D::R4)
        }
        D::Text => to == D::Str || to.is_lob(),
        D::NText => to == D::WStr || to.is_lob(),
        D::Image => to == D::Bytes || to.is_lob(),
        D::Empty | D::Null => false,
    }
}

/// The cast of a node; `Err` where it is not legal.
pub(crate) fn cast(
    node: Node,
    to: &ColumnType,
    locale: &Locale,
    at: Span,
) -> Result<Node, ExpressionError> {
    let Some(kernel) = bound(&node.column_type, to, locale, at)? else {
        return Ok(Node { at, ..node });
    };
    let dated = kernel.dated.is_some();
    let mut cast = Node::apply(kernel, vec![node], *to, at, true);
    if dated {
        cast.depends = cast.depends.max(Depends::Variables);
    }
    Ok(crate::bind::folded(cast))
}

/// The kernel of a cast, for functions that cast by themselves; `None` where the types are the
/// same.
pub(crate) fn kernel(
    from: &ColumnType,
    to: &ColumnType,
    locale: &Locale,
    at: Span,
) -> Result<Option<Box<dyn Kernel>>, ExpressionError> {
    Ok(bound(from, to, locale, at)?.map(|kernel| Box::new(kernel) as Box<dyn Kernel>))
}

/// Whether a cast depends on the day: a time that becomes a timestamp gets today's date.
pub(crate) fn reads_clock(from: &ColumnType, to: &ColumnType) -> bool {
    let time = |t| matches!(t, DataType::DbTime | DataType::DbTime2);
    time(from.data_type) && to.data_type.is_temporal() && !time(to.data_type)
}

fn bound(
    from: &ColumnType,
    to: &ColumnType,
    locale: &Locale,
    at: Span,
) -> Result<Option<Cast>, ExpressionError> {
    let illegal = || {
        ExpressionError::new(
            codes::ILLEGAL_CAST,
            at,
            format!("there is no cast from {from} to {to}"),
        )
        .with(&[from.data_type.name(), to.data_type.name()])
    };
    if !legal(from.data_type, to.data_type) {
        return Err(illegal());
    }
    if from == to {
        return Ok(None);
    }
    let options = ConvertOptions {
        fast_parse: false,
        today: chrono::NaiveDate::default(),
    };
    let conversion = Conversion::bind(from, to, locale, options).map_err(|error| match error {
        IllegalConversion::CodePages { .. } => {
            ExpressionError::new(codes::CAST_BETWEEN_CODE_PAGES, at, error.to_string())
        }
        IllegalConversion::UnknownCodePage(_) => {
            ExpressionError::new(codes::CAST_CODE_PAGE, at, error.to_string())
        }
        _ => illegal(),
    })?;
    Ok(Some(Cast {
        conversion,
        dated: reads_clock(from, to).then_some((*from, *to, *locale)),
        failure: codes::CAST_FAILED,
    }))
}

#[derive(Debug)]
struct Cast {
    conversion: Conversion,
    dated: Option<(ColumnType, ColumnType, Locale)>,
    failure: Code,
}

impl Kernel for Cast {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let array = &call.arguments[0].array;
        let converted = match &self.dated {
            None => self.conversion.convert(array),
            Some((from, to, locale)) => {
                let options = ConvertOptions {
                    fast_parse: false,
                    today: call.now.local.date(),
                };
                match Conversion::bind(from, to, locale, options) {
                    Ok(conversion) => conversion.convert(array),
                    // It was legal when the expression was bound.
                    Err(_) => self.conversion.convert(array),
                }
            }
        };
        for (row, status) in converted.errors.iter() {
            let code = match status {
                Status::Truncated => codes::TRUNCATED,
                // [R-NARROW] out of range is an error, not a silent loss of digits
                Status::Overflow | Status::SignMismatch => codes::CONVERSION_OVERFLOW,
                _ => self.failure,
            };
            call.errors.add(row as usize, code, status.is_truncation());
        }
        converted.array
    }
}
