//! Precedence constraints: which children of a container may start.
//!
//! A child without constraints is ready at once. A constraint is decided once, at the moment its
//! predecessor ends; from a predecessor that never starts it stays open for good, so everything
//! behind it never starts either. Source: control-flow.md 2.2.

use packmule_dtsx::model::PrecedenceConstraint;

use crate::result::ExecResult;

/// EvalOp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Expression,
    Constraint,
    Both,
    Either,
}

/// The outcome that a constraint asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Success,
    Failure,
    Completion,
    Canceled,
}

/// One constraint, by positions of children.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) operation: Operation,
    pub(crate) wanted: Wanted,
    pub(crate) logical_and: bool,
    pub(crate) expression: String,
    pub(crate) name: String,
    decided: Option<bool>,
}

/// Why a constraint of the model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// An end names no child of this container.
    Dangling,
    /// EvalOp or Value is none that is known.
    Operation,
    /// An expression is asked for and missing.
    NoExpression,
}

impl Constraint {
    pub(crate) fn new(stored: &PrecedenceConstraint, children: usize) -> Result<Self, Unusable> {
        let end = |end: Option<usize>| end.filter(|i| *i < children).ok_or(Unusable::Dangling);
        let operation = match stored.evaluation_operation {
            1 => Operation::Expression,
            2 => Operation::Constraint,
            3 => Operation::Both,
            4 => Operation::Either,
            _ => return Err(Unusable::Operation),
        };
        let wanted = match stored.value {
            0 => Wanted::Success,
            1 => Wanted::Failure,
            2 => Wanted::Completion,
            3 => Wanted::Canceled,
            _ => return Err(Unusable::Operation),
        };
        if operation != Operation::Constraint && stored.expression.trim().is_empty() {
            return Err(Unusable::NoExpression);
        }
        Ok(Self {
            from: end(stored.from)?,
            to: end(stored.to)?,
            operation,
            wanted,
            logical_and: stored.logical_and,
            expression: stored.expression.clone(),
            name: stored.name.clone(),
            decided: None,
        })
    }

    /// Decides the constraint for a predecessor's result; `expression` is called only when the
    /// answer depends on it. A cancelled predecessor counts as failed.
    pub(crate) fn decide<E>(
        &self,
        result: ExecResult,
        expression: impl FnOnce(&str) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let constraint = match self.wanted {
            Wanted::Success => result == ExecResult::Success,
            Wanted::Failure => matches!(result, ExecResult::Failure | ExecResult::Canceled),
            Wanted::Completion => true,
            Wanted::Canceled => result == ExecResult::Canceled,
        };
        Ok(match self.operation {
            Operation::Constraint => constraint,
            Operation::Expression => expression(&self.expression)?,
            Operation::Both => constraint && expression(&self.expression)?,
            Operation::Either => constraint || expression(&self.expression)?,
        })
    }
}

/// What is known of the children of one start of a container.
#[derive(Debug)]
pub(crate) struct Precedence {
    constraints: Vec<Constraint>,
    /// Constraints into each child.
    incoming: Vec<Vec<usize>>,
    /// Constraints out of each child.
    outgoing: Vec<Vec<usize>>,
    started: Vec<bool>,
}

impl Precedence {
    pub(crate) fn new(children: usize, constraints: Vec<Constraint>) -> Self {
        let mut incoming = vec![Vec::new(); children];
        let mut outgoing = vec![Vec::new(); children];
        for (i, constraint) in constraints.iter().enumerate() {
            if let Some(list) = incoming.get_mut(constraint.to) {
                list.push(i);
            }
            if let Some(list) = outgoing.get_mut(constraint.from) {
                list.push(i);
            }
        }
        Self {
            constraints,
            incoming,
            outgoing,
            started: vec![false; children],
        }
    }

    /// The children that wait for nothing, in collection order; each is given out once.
    pub(crate) fn first(&mut self) -> Vec<usize> {
        let ready: Vec<usize> = (0..self.started.len())
            .filter(|i| self.incoming.get(*i).is_some_and(Vec::is_empty))
            .collect();
        self.start(&ready);
        ready
    }

    /// Decides the constraints that leave a child that ended; gives the children that are ready
    /// now, in collection order, each once.
    pub(crate) fn ended<E>(
        &mut self,
        child: usize,
        result: ExecResult,
        mut expression: impl FnMut(&Constraint) -> Result<bool, E>,
    ) -> Result<Vec<usize>, E> {
        let leaving = self.outgoing.get(child).cloned().unwrap_or_default();
        let mut targets = Vec::with_capacity(leaving.len());
        for position in leaving {
            if let Some(constraint) = self.constraints.get(position) {
                let answer = constraint.decide(result, |_| expression(constraint))?;
                targets.push(constraint.to);
                if let Some(constraint) = self.constraints.get_mut(position) {
                    constraint.decided = Some(answer);
                }
            }
        }
        targets.sort_unstable();
        targets.dedup();
        targets.retain(|to| !self.has_started(*to) && self.is_ready(*to));
        self.start(&targets);
        Ok(targets)
    }

    fn has_started(&self, child: usize) -> bool {
        self.started.get(child).copied().unwrap_or(true)
    }

    fn start(&mut self, children: &[usize]) {
        for child in children {
            if let Some(started) = self.started.get_mut(*child) {
                *started = true;
            }
        }
    }

    /// [R-MIXED-AND] Ready when any OR constraint is true, or when there are AND constraints and
    /// all of them are true.
    fn is_ready(&self, child: usize) -> bool {
        let incoming = self
            .incoming
            .get(child)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let constraints = || incoming.iter().filter_map(|i| self.constraints.get(*i));
        let any_or = constraints().any(|c| !c.logical_and && c.decided == Some(true));
        let mut ands = constraints().filter(|c| c.logical_and).peekable();
        any_or || (ands.peek().is_some() && ands.all(|c| c.decided == Some(true)))
    }
}

/// The children on a cycle of constraints, if there is one, in the order of the cycle.
pub(crate) fn find_cycle(children: usize, constraints: &[Constraint]) -> Option<Vec<usize>> {
    let mut waiting = vec![0usize; children];
    for constraint in constraints {
        if let Some(count) = waiting.get_mut(constraint.to) {
            *count += 1;
        }
    }
    let mut free: Vec<usize> = (0..children)
        .filter(|i| waiting.get(*i) == Some(&0))
        .collect();
    while let Some(child) = free.pop() {
        for constraint in constraints.iter().filter(|c| c.from == child) {
            if let Some(count) = waiting.get_mut(constraint.to) {
                *count -= 1;
                if *count == 0 {
                    free.push(constraint.to);
                }
            }
        }
    }
    let stuck: Vec<usize> = (0..children)
        .filter(|i| waiting.get(*i).is_some_and(|w| *w > 0))
        .collect();
    (!stuck.is_empty()).then_some(stuck)
}

#[cfg(test)]
#[path = "precedence_tests.rs"]
mod tests;
