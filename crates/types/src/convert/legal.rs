//! Which conversions exist: the matrix of the expression reference, 6.1.

use crate::data_type::DataType;

/// Whether a conversion exists, in casts, Data Conversion and adapters.
pub const fn legal(from: DataType, to: DataType) -> bool {
    use DataType as D;
    if matches!(from, D::Empty) || matches!(to, D::Empty | D::Null) {
        return false;
    }
    if from as u8 == to as u8 {
        return true;
    }
    let text = matches!(to, D::Str | D::WStr);
    let number = matches!(
        to,
        D::I1 | D::I2 | D::I4 | D::I8 | D::Ui1 | D::Ui2 | D::Ui4 | D::Ui8 | D::R4 | D::R8
    );
    let fixed = matches!(to, D::Cy | D::Decimal | D::Numeric | D::Bool);
    let time = matches!(to, D::DbTime2 | D::DbTimeStamp2 | D::DbTimeStampOffset);
    let plain_time = matches!(to, D::DbDate | D::DbTime | D::DbTimeStamp);
    let date = matches!(to, D::Date);
    match from {
        D::Empty => false,
        D::Null => true,
        D::I1 | D::I2 | D::Ui1 | D::Ui2 | D::R4 | D::R8 => {
            number || fixed || date || plain_time || text
        }
        D::I4 | D::Ui4 => number || fixed || date || plain_time || text || matches!(to, D::Bytes),
        D::I8 | D::Ui8 => number || fixed || text || matches!(to, D::FileTime | D::Bytes),
        D::Cy => number || fixed || text,
        D::Decimal => number || fixed || plain_time || text,
        D::Numeric | D::Bool => number || fixed || date || text,
        D::Date => number || matches!(to, D::Numeric | D::Bool) || plain_time || time || text,
        D::DbDate
        | D::DbTime
        | D::DbTimeStamp
        | D::DbTime2
        | D::DbTimeStamp2
        | D::DbTimeStampOffset => date || plain_time || time || text || matches!(to, D::FileTime),
        D::FileTime => matches!(to, D::I8 | D::Ui8) || date || plain_time || time || text,
        D::Guid => text || matches!(to, D::Bytes),
        D::Bytes => {
            text || matches!(
                to,
                D::Ui4 | D::I8 | D::Ui8 | D::R4 | D::Guid | D::Text | D::NText | D::Image
            )
        }
        D::Str | D::WStr => true,
        D::Text => matches!(to, D::Str | D::NText | D::Image),
        D::NText => matches!(to, D::WStr | D::Text | D::Image),
        D::Image => matches!(to, D::Bytes | D::Text | D::NText),
    }
}
