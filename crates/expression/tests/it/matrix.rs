//! §7: the matrix of implicit conversions, by the printed table.

use packmule_types::{ColumnType, DataType, Value};

use crate::helper::World;

const TYPES: [DataType; 13] = [
    DataType::I1,
    DataType::I2,
    DataType::I4,
    DataType::I8,
    DataType::Ui1,
    DataType::Ui2,
    DataType::Ui4,
    DataType::Ui8,
    DataType::R4,
    DataType::R8,
    DataType::Cy,
    DataType::Decimal,
    DataType::Numeric,
];

/// Rows of the table as printed; `-` is no type.
const TABLE: [&str; 13] = [
    "I1 I2 I4 I8 I2 I4 I8 - R4 R8 NUM NUM NUM",
    "I2 I2 I4 I8 I2 I4 I8 - R4 R8 NUM NUM NUM",
    "I4 I4 I4 I8 I4 I4 I8 - R4 R8 NUM NUM NUM",
    "I8 I8 I8 I8 I8 I8 I8 - R4 R8 NUM NUM NUM",
    "I2 I2 I4 I8 UI1 UI2 UI4 UI8 R4 R8 NUM NUM NUM",
    "I4 I4 I4 I8 UI2 UI2 UI4 UI8 R4 R8 NUM NUM NUM",
    "I8 I8 I8 I8 UI4 UI4 UI4 UI8 R4 R8 NUM NUM NUM",
    "- - - - UI8 UI8 UI8 UI8 R4 R8 NUM NUM NUM",
    "R4 R4 R4 R4 R4 R4 R4 R4 R4 R8 R4 R4 R4",
    "R8 R8 R8 R8 R8 R8 R8 R8 R8 R8 R8 R8 R8",
    "NUM NUM NUM NUM NUM NUM NUM NUM R4 R8 CY NUM NUM",
    "NUM NUM NUM NUM NUM NUM NUM NUM R4 R8 NUM NUM NUM",
    "NUM NUM NUM NUM NUM NUM NUM NUM R4 R8 NUM NUM NUM",
];

fn full(data_type: DataType) -> ColumnType {
    match data_type {
        DataType::Decimal => ColumnType::decimal(2),
        DataType::Numeric => ColumnType::numeric(9, 2),
        other => ColumnType::new(other),
    }
}

#[test]
fn table() {
    for (a, line) in TYPES.iter().zip(TABLE) {
        for (b, wanted) in TYPES.iter().zip(line.split(' ')) {
            let world = World::default()
                .column("a", full(*a))
                .column("b", full(*b))
                .row([Value::Null, Value::Null]);
            for operator in ["+", "-", "*", "/"] {
                let bound = world.bind(&format!("a {operator} b"));
                let found = bound.map(|bound| bound.column_type().data_type);
                let pair = format!("{a} {operator} {b}");
                match wanted {
                    "-" => assert_eq!(found.unwrap_err()[0].code.0, 0xC004_7080, "{pair}"),
                    "NUM" => assert_eq!(found.unwrap(), DataType::Numeric, "{pair}"),
                    name => assert_eq!(found.unwrap().name(), format!("DT_{name}"), "{pair}"),
                }
            }
        }
    }
}
