//! Rows of a batch in the order of their keys, and the merge of many batches.
//!
//! Keys are bytes whose order is the order of the rows. No key is the beginning of another one,
//! so that zeros may be added behind a key without changing the order.

use std::sync::Arc;

use arrow::array::{Array, BinaryArray};
use arrow::row::Rows;

use crate::batch::{Batch, Column};

/// A batch's rows in the order of their keys; rows with equal keys keep the order they came in.
#[derive(Debug)]
pub(crate) struct Run {
    /// The output's columns, rows in the order in which they came.
    pub(super) columns: Vec<Column>,
    /// For each place in the order the row.
    pub(super) order: Vec<u32>,
    /// Keys, in order, one after the other.
    keys: Vec<u8>,
    /// For each place where its key ends.
    ends: Vec<usize>,
    /// Bytes that a row may have in the buffers of its text columns, at most.
    pub(super) longest: usize,
}

/// A row on its way to its place: the next eight bytes of its key.
#[derive(Debug, Clone, Copy)]
struct Entry {
    head: u64,
    row: u32,
}

impl Run {
    /// Sorts the rows of a batch by their keys.
    pub(crate) fn new(columns: Vec<Column>, rows: &Rows) -> Self {
        let order = order(rows);
        let mut keys = Vec::with_capacity(rows.size().saturating_sub(rows.num_rows() * 8));
        let mut ends = Vec::with_capacity(order.len());
        for row in &order {
            keys.extend_from_slice(rows.row(*row as usize).data());
            ends.push(keys.len());
        }
        Self {
            longest: longest_row(&columns),
            columns,
            order,
            keys,
            ends,
        }
    }

    /// Rows that are in order already.
    pub(super) fn in_order(columns: Vec<Column>, keys: &BinaryArray) -> Self {
        let offsets = keys.value_offsets();
        let first = offsets.first().copied().unwrap_or(0);
        let last = offsets.last().copied().unwrap_or(first);
        Self {
            longest: longest_row(&columns),
            columns,
            order: (0..keys.len() as u32).collect(),
            keys: keys
                .value_data()
                .get(first as usize..last as usize)
                .unwrap_or_default()
                .to_vec(),
            ends: offsets
                .iter()
                .skip(1)
                .map(|end| (end - first) as usize)
                .collect(),
        }
    }

    /// The same columns without rows: what is left of a file at its end.
    pub(super) fn exhausted(&self) -> Self {
        Self {
            columns: self.columns.clone(),
            order: Vec::new(),
            keys: Vec::new(),
            ends: Vec::new(),
            longest: 0,
        }
    }

    /// The key at a place of the order; empty behind the last one.
    #[inline]
    pub(super) fn key(&self, place: usize) -> &[u8] {
        let start = place
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = start.copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.keys.get(start..end).unwrap_or_default()
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Bytes that it holds.
    pub(super) fn bytes(&self) -> usize {
        let columns = Batch::new(self.columns.clone(), self.len()).bytes();
        columns + self.keys.capacity() + self.ends.capacity() * 8 + self.order.capacity() * 4
    }
}

/// Bytes between two neighbouring texts that are copied with them.
pub(super) const DELIMITER_BYTES: usize = 4;

fn longest_row(columns: &[Column]) -> usize {
    let longest = columns.iter().map(|column| match column {
        Column::Text(text) => {
            let longest = text.spans.iter().map(|s| s.len as usize).max();
            longest.unwrap_or(0) + DELIMITER_BYTES
        }
        Column::Array(_) => 0,
    });
    longest.sum()
}

/// Eight bytes of a key from a depth on, zeros behind its end.
#[inline]
fn head(key: &[u8], depth: usize) -> u64 {
    let rest = key.get(depth..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            bytes[..rest.len()].copy_from_slice(rest);
            u64::from_be_bytes(bytes)
        }
    }
}

/// The rows in the order of their keys: eight bytes at a time, groups of equal ones by the next.
fn order(rows: &Rows) -> Vec<u32> {
    let count = u32::try_from(rows.num_rows()).unwrap_or(u32::MAX);
    let mut entries: Vec<Entry> = (0..count).map(|row| Entry { head: 0, row }).collect();
    let mut open = vec![(0..entries.len(), 0)];
    while let Some((range, mut depth)) = open.pop() {
        let Some(part) = entries.get_mut(range.clone()) else {
            continue;
        };
        loop {
            let (mut longest, mut different) = (0, 0);
            let mut first = None;
            for entry in part.iter_mut() {
                let key = rows.row(entry.row as usize).data();
                longest = longest.max(key.len());
                entry.head = head(key, depth);
                different |= entry.head ^ *first.get_or_insert(entry.head);
            }
            depth += 8;
            if different != 0 {
                break;
            }
            if longest <= depth {
                break;
            }
        }
        part.sort_unstable_by_key(|e| (e.head, e.row));
        let mut start = range.start;
        for group in part.chunk_by(|a, b| a.head == b.head) {
            let end = start + group.len();
            if group.len() > 1 && group.len() < part.len() {
                open.push((start..end, depth));
            }
            start = end;
        }
    }
    entries.into_iter().map(|e| e.row).collect()
}

/// The rows of several runs in the order of their keys, of equal ones first those of earlier
/// runs: a tree in which each node keeps the loser of a comparison.
#[derive(Debug)]
pub(crate) struct Merge {
    /// For each run the next place.
    next: Vec<usize>,
    /// For each run the first bytes of its next key; all runs that are at their end lose.
    heads: Vec<u64>,
    /// The winner, then the losers.
    tree: Vec<usize>,
    /// Of equal keys only the first row counts.
    distinct: bool,
    /// Runs have continuations.
    streams: bool,
    ended: Option<usize>,
    /// The last row's key, where only different ones count.
    last: Option<Vec<u8>>,
}

/// A row: its run, and its place in the run's order.
pub(super) type Place = (u32, u32);

impl Merge {
    /// Before the first row.
    pub(super) fn new(runs: &[Arc<Run>], distinct: bool) -> Self {
        let count = runs.len();
        let mut merge = Self {
            next: vec![0; count],
            heads: runs.iter().map(|run| head(run.key(0), 0)).collect(),
            tree: vec![0; count.max(1)],
            distinct,
            streams: false,
            ended: None,
            last: None,
        };
        let mut winners: Vec<usize> = vec![0; count];
        winners.extend(0..count);
        for node in (1..count).rev() {
            let (a, b) = (winners[2 * node], winners[2 * node + 1]);
            let (winner, loser) = if merge.wins(runs, a, b) {
                (a, b)
            } else {
                (b, a)
            };
            winners[node] = winner;
            merge.tree[node] = loser;
        }
        merge.tree[0] = winners.get(1).copied().unwrap_or(0);
        merge
    }

    /// The same for runs that have continuations.
    pub(super) fn of_streams(runs: &[Arc<Run>], distinct: bool) -> Self {
        Self {
            streams: true,
            ..Self::new(runs, distinct)
        }
    }

    /// Whether the next row of run `a` comes before the next one of run `b`.
    #[inline]
    fn wins(&self, runs: &[Arc<Run>], a: usize, b: usize) -> bool {
        let ended = |run: usize| self.next[run] >= runs[run].len();
        match (ended(a), ended(b)) {
            (true, _) => false,
            (false, true) => true,
            (false, false) => {
                let keys = || runs[a].key(self.next[a]).cmp(runs[b].key(self.next[b]));
                let order = self.heads[a].cmp(&self.heads[b]).then_with(keys);
                order.then(a.cmp(&b)).is_lt()
            }
        }
    }

    /// The next rows, at most so many; none at the end. Ends early where a run has come to its
    /// end, so that [`Merge::go_on`] may put its continuation in its place.
    pub(super) fn next(&mut self, runs: &[Arc<Run>], rows: usize) -> Vec<Place> {
        let mut places = Vec::with_capacity(rows);
        while places.len() < rows {
            let Some(&winner) = self.tree.first() else {
                break;
            };
            let Some(run) = runs.get(winner) else { break };
            let at = self.next[winner];
            if at >= run.len() {
                break;
            }
            if !self.distinct || self.is_new(run.key(at)) {
                places.push((winner as u32, at as u32));
            }
            self.next[winner] = at + 1;
            self.heads[winner] = head(run.key(at + 1), 0);
            if self.streams && at + 1 == run.len() {
                self.ended = Some(winner);
                break;
            }
            self.replay(runs, winner);
        }
        places
    }

    /// Whether a key differs from the one before, which it then takes the place of.
    ///
    /// [R-SORT-DUP] So the row that stays is the first of the input.
    fn is_new(&mut self, key: &[u8]) -> bool {
        match &mut self.last {
            Some(last) if last == key => return false,
            Some(last) => {
                last.clear();
                last.extend_from_slice(key);
            }
            None => self.last = Some(key.to_vec()),
        }
        true
    }

    /// The run that has come to its end, whose continuation is to be put in its place.
    pub(super) fn ended(&self) -> Option<usize> {
        self.ended
    }

    /// Goes on after the continuation, perhaps an empty one, was put in the place of the run
    /// that had ended.
    pub(super) fn go_on(&mut self, runs: &[Arc<Run>]) {
        if let Some(run) = self.ended.take() {
            self.next[run] = 0;
            self.heads[run] = runs.get(run).map_or(0, |r| head(r.key(0), 0));
            self.replay(runs, run);
        }
    }

    /// Finds the new winner after a run went on.
    fn replay(&mut self, runs: &[Arc<Run>], mut winner: usize) {
        let mut node = (winner + runs.len()) / 2;
        while node >= 1 {
            let loser = self.tree[node];
            if self.wins(runs, loser, winner) {
                self.tree[node] = winner;
                winner = loser;
            }
            node /= 2;
        }
        self.tree[0] = winner;
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, StringViewArray};
    use arrow::datatypes::DataType;
    use arrow::row::{RowConverter, SortField};
    use proptest::prelude::*;

    use super::*;

    fn run(texts: &[String]) -> Run {
        let converter = RowConverter::new(vec![SortField::new(DataType::Utf8View)]).unwrap();
        let array: ArrayRef = Arc::new(StringViewArray::from_iter_values(texts));
        Run::new(vec![], &converter.convert_columns(&[array]).unwrap())
    }

    proptest! {
        #[test]
        fn runs_and_their_merge_are_a_stable_sort(
            parts in proptest::collection::vec(
                proptest::collection::vec("[ab\0]{0,20}", 0..20),
                0..9,
            ),
            step in 1usize..7,
            distinct in any::<bool>(),
        ) {
            let runs: Vec<Arc<Run>> = parts.iter().map(|p| Arc::new(run(p))).collect();
            let mut expected: Vec<(&String, Place)> = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                expected.extend(part.iter().enumerate().map(|(row, text)| (text, (at as u32, row as u32))));
            }
            expected.sort_by_key(|(text, _)| *text);
            if distinct {
                expected.dedup_by_key(|(text, _)| *text);
            }
            let mut merge = Merge::new(&runs, distinct);
            let mut found = Vec::new();
            loop {
                let places = merge.next(&runs, step);
                if places.is_empty() {
                    break;
                }
                found.extend(places.into_iter().map(|(at, place)| {
                    (at, runs[at as usize].order[place as usize])
                }));
            }
            let expected: Vec<Place> = expected.into_iter().map(|(_, place)| place).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
