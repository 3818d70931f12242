//! Input of the test's packages, and what they must make of it, worked out by other means.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

struct Order {
    id: u64,
    customer: String,
    month: u64,
    day: u64,
    quantity: u64,
    /// Hundredths.
    price: u64,
}

/// An input file for pricing and totals, always the same for a seed.
pub(crate) struct Orders(Vec<Order>);

impl Orders {
    pub(crate) fn new(seed: u64, count: u64) -> Self {
        let mut state = seed.wrapping_mul(2).wrapping_add(1);
        // Knuth's MMIX generator
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let orders = (1..=count).map(|id| Order {
            id,
            customer: format!("Customer {}", next(23)),
            month: 1 + next(12),
            day: 1 + next(28),
            quantity: 1 + next(99),
            price: next(1_000_000),
        });
        Self(orders.collect())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn write(&self, path: &Path) {
        let mut text = "OrderId,Customer,Day,Quantity,Price\r\n".to_owned();
        for o in &self.0 {
            let (id, customer, month, day) = (o.id, &o.customer, o.month, o.day);
            let (quantity, price) = (o.quantity, decimal(o.price));
            write!(
                text,
                "{id},{customer},2024-{month:02}-{day:02},{quantity},{price}\r\n"
            )
            .unwrap();
        }
        std::fs::write(path, text).unwrap();
    }

    /// What 'Price Orders' writes.
    pub(crate) fn priced(&self) -> String {
        let mut text = "OrderId,Customer,Month,Amount,Size\r\n".to_owned();
        for o in &self.0 {
            let size = if o.quantity >= 50 { "large" } else { "small" };
            let (customer, amount) = (o.customer.to_uppercase(), decimal(o.quantity * o.price));
            let month = 202_400 + o.month;
            write!(text, "{},{customer},{month},{amount},{size}\r\n", o.id).unwrap();
        }
        text
    }

    /// What 'Total Orders' writes, its lines in any order.
    pub(crate) fn totals(&self) -> Vec<String> {
        let mut totals: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
        for o in &self.0 {
            let total = totals.entry(&o.customer).or_default();
            total.0 += 1;
            total.1 += o.quantity;
            total.2 += o.quantity * o.price;
        }
        let line = |(customer, (orders, quantity, worth)): (&str, (u64, u64, u64))| {
            format!("{customer},{orders},{quantity},{}", decimal(worth))
        };
        let mut lines: Vec<String> = totals.into_iter().map(line).collect();
        lines.push("Customer,Orders,Quantity,Worth".to_owned());
        lines.sort();
        lines
    }
}

fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Writes the input of 'Pair Orders': so many orders of one month, and a few of the next.
pub(crate) fn write_pairs(path: &Path, count: u64) {
    let mut text = "Month,OrderId\r\n".to_owned();
    for id in 0..count {
        write!(text, "202401,{id}\r\n").unwrap();
    }
    for id in 0..FEW {
        write!(text, "202402,{id}\r\n").unwrap();
    }
    std::fs::write(path, text).unwrap();
}

const FEW: u64 = 600;

/// What 'Pair Orders' writes, its lines in any order: pairs whose sum is a multiple of 997.
pub(crate) fn pairs(count: u64) -> Vec<String> {
    let mut lines = vec!["Month,Left,Right,Sum".to_owned()];
    for (month, count) in [(202_401, count), (202_402, FEW)] {
        for left in 0..count {
            let first = (997 - left % 997) % 997;
            for right in (first..count).step_by(997) {
                lines.push(format!("{month},{left},{right},{}", left + right));
            }
        }
    }
    lines.sort();
    lines
}

/// How many orders the input holds.
pub(crate) fn pair_input(count: u64) -> u64 {
    count + FEW
}

/// How many pairs there are.
pub(crate) fn pair_count(count: u64) -> u64 {
    count * count + FEW * FEW
}

/// Lines in an order that does not depend on who wrote them.
pub(crate) fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}
