//! The status of one converted value (OLE DB's `DBSTATUS`) and the failing rows of a batch.
//!
//! Source: the conversion status table of the data flow reference, 1.2.

/// What became of one value: OLE DB's `DBSTATUS` numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Status {
    /// 2: the value cannot be converted.
    CannotConvert = 2,
    /// 4: text, bytes or fraction digits were cut, or a character is missing in the code page.
    Truncated = 4,
    /// 5: a signed value met an unsigned type.
    SignMismatch = 5,
    /// 6: the value is out of the type's range.
    Overflow = 6,
    /// 8: the value is unavailable.
    Unavailable = 8,
    /// 9: no permission to write the column.
    PermissionDenied = 9,
    /// 10: a constraint of the column was violated.
    IntegrityViolation = 10,
    /// 11: the column's schema was violated.
    SchemaViolation = 11,
}

/// Which of a column's two dispositions decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusClass {
    /// `errorRowDisposition`
    Error,
    /// `truncationRowDisposition`
    Truncation,
}

impl Status {
    /// The `DBSTATUS` number, as the texts of 0xC02020A1 and its kin show it.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// SSIS's status text.
    pub const fn text(self) -> &'static str {
        match self {
            Self::CannotConvert => {
                "The value could not be converted because of a potential loss of data."
            }
            Self::Truncated => {
                "Text was truncated or one or more characters had no match in the target code page."
            }
            Self::SignMismatch => {
                "Conversion failed because the data value was signed and the type used was unsigned."
            }
            Self::Overflow => {
                "Conversion failed because the data value overflowed the specified type."
            }
            Self::Unavailable => "The value is unavailable.",
            Self::PermissionDenied => "Permission to write the column was denied.",
            Self::IntegrityViolation | Self::SchemaViolation => {
                "The value violated the integrity constraints for the column."
            }
        }
    }

    /// Error or truncation.
    pub const fn class(self) -> StatusClass {
        match self {
            Self::Truncated => StatusClass::Truncation,
            _ => StatusClass::Error,
        }
    }

    /// Whether the value is still there, cut.
    pub const fn is_truncation(self) -> bool {
        matches!(self, Self::Truncated)
    }
}

/// The failing rows of one column of a batch: sorted by row, one status for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowErrors(Vec<(u32, Status)>);

impl RowErrors {
    /// No failing row.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a row. Rows normally come in ascending order; another order is put right, and the
    /// first status that a row was given stays.
    pub fn push(&mut self, row: u32, status: Status) {
        match self.0.last() {
            Some(&(last, _)) if last >= row => {
                if let Err(at) = self.0.binary_search_by_key(&row, |e| e.0) {
                    self.0.insert(at, (row, status));
                }
            }
            _ => self.0.push((row, status)),
        }
    }

    /// Whether no row failed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many rows failed.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The rows and their statuses, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Status)> + '_ {
        self.0.iter().copied()
    }

    /// The status of a row, if it failed.
    pub fn get(&self, row: u32) -> Option<Status> {
        let at = self.0.binary_search_by_key(&row, |e| e.0).ok()?;
        self.0.get(at).map(|e| e.1)
    }

    /// Both lists in one; where both name a row, the status of `self` stays.
    pub fn merge(&mut self, other: &Self) {
        if other.0.is_empty() {
            return;
        }
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
            return;
        }
        let mut merged = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut ours, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => merged.extend(ours.next()),
                std::cmp::Ordering::Greater => merged.extend(theirs.next()),
                std::cmp::Ordering::Equal => {
                    merged.extend(ours.next());
                    theirs.next();
                }
            }
        }
        merged.extend(ours);
        merged.extend(theirs);
        self.0 = merged;
    }
}

impl FromIterator<(u32, Status)> for RowErrors {
    fn from_iter<T: IntoIterator<Item = (u32, Status)>>(rows: T) -> Self {
        let mut errors = Self::new();
        for (row, status) in rows {
            errors.push(row, status);
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_sorted_and_unique() {
        let mut a: RowErrors = [(3, Status::Overflow), (1, Status::Truncated)]
            .into_iter()
            .collect();
        a.push(3, Status::CannotConvert);
        let b: RowErrors = [
            (0, Status::Overflow),
            (3, Status::Truncated),
            (9, Status::Overflow),
        ]
        .into_iter()
        .collect();
        a.merge(&b);
        let rows: Vec<_> = a.iter().collect();
        assert_eq!(
            rows,
            [
                (0, Status::Overflow),
                (1, Status::Truncated),
                (3, Status::Overflow),
                (9, Status::Overflow)
            ]
        );
        assert_eq!(a.get(9), Some(Status::Overflow));
        assert_eq!(a.get(2), None);
    }
}
