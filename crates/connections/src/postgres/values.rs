//! Parameters of statements, sent as text: the server reads them as the type that it has
//! inferred for the marker.

use std::error::Error;
use std::fmt::Write;

use bytes::BytesMut;
use packmule_types::{Value, decimal};
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

use crate::iso;

/// A value on its way to the server.
#[derive(Debug)]
pub(super) struct Sent(pub(super) Value);

impl ToSql for Sent {
    fn to_sql(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match text(&self.0, wanted)? {
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
            None => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    fn to_sql_checked(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(wanted, out)
    }
}

fn text(value: &Value, wanted: &Type) -> Result<Option<String>, String> {
    use Value as V;
    let exact = |unscaled: i128, scale: u8| {
        let mut out = Vec::with_capacity(48);
        decimal::format(unscaled, scale, true, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    Ok(Some(match value {
        V::Null => return Ok(None),
        V::Bool(v) if *wanted == Type::BOOL => v.to_string(),
        V::Bool(v) => u8::from(*v).to_string(),
        V::I1(v) => v.to_string(),
        V::I2(v) => v.to_string(),
        V::I4(v) => v.to_string(),
        V::I8(v) => v.to_string(),
        V::Ui1(v) => v.to_string(),
        V::Ui2(v) => v.to_string(),
        V::Ui4(v) => v.to_string(),
        V::Ui8(v) => v.to_string(),
        V::R4(v) => v.to_string(),
        V::R8(v) => v.to_string(),
        V::Cy(v) => exact((*v).into(), 4),
        V::Decimal(v, scale) | V::Numeric(v, _, scale) => exact(*v, *scale),
        V::Text(v) if v.contains('\0') => {
            return Err("the text holds a NUL character, which PostgreSQL cannot store".to_owned());
        }
        V::Text(v) => v.to_string(),
        V::Bytes(v) => {
            let mut out = String::with_capacity(v.len() * 2 + 2);
            out.push_str("\\x");
            for byte in v.iter() {
                write!(out, "{byte:02x}").map_err(|e| e.to_string())?;
            }
            out
        }
        V::Guid(v) => v.to_string(),
        V::Object(object) => {
            return Err(format!(
                "an object of type {} is no value",
                object.type_name()
            ));
        }
        other => iso::text_of(other).ok_or_else(|| "the date is out of range".to_owned())?,
    }))
}
