//! Aggregate: counts, sums, averages and extremes of groups of rows.
//!
//! SSIS name *Aggregate*, class `Microsoft.Aggregate`. Asynchronous, blocking; one input,
//! several outputs, each with its own keys; no error output. Every output column says what it
//! is (`AggregationType`) and of which input column (`AggregationColumnId`).
//! Behaviour: data flow reference 4.2, 1.4 and 6.
//!
//! Different on purpose: groups come out in the order of their first rows (SSIS promises no
//! order), and sums of floats are made with a two-part sum in the order of the rows, so that
//! the result depends on neither threads nor batches.
//!
//! | module | is |
//! | --- | --- |
//! | `settings` | keys, aggregates and columns of each output |
//! | `keys` | keys of a batch, keys that are kept |
//! | `states` | accumulators |
//! | `distinct` | values seen, for Count distinct |
//! | `table` | groups of a batch, groups of the input |
//! | `spill` | rows on disk, divided by hash |
//! | `result` | from accumulators to columns |

mod distinct;
mod keys;
mod result;
mod settings;
mod spill;
mod states;
mod table;

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, UInt64Array};
use arrow::datatypes::{DataType as ArrowType, UInt64Type};
use arrow::row::{RowConverter, SortField};
use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;
use packmule_types::error::Chain;

use self::distinct::Means;
use self::result::GroupBatch;
use self::settings::OutputPlan;
use self::spill::{Partition, REMEDY, spill_failure, too_deep};
use self::table::{Grouped, Partial, Table};
use super::sort::runs::Run;
use super::sort::sorter::{Piece, SortError, Sorted, Sorter};
use crate::batch::{Batch, Column};
use crate::codes;
use crate::component::{Blocking, Bound, Failure, Morsel, Outputs, Prepare, Prepared, Source};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

const fn hint(name: &'static str, place: Place, default: &'static str) -> PropertyDefinition {
    PropertyDefinition {
        name,
        place,
        default,
        documentation: "A hint to SSIS how much memory to take at the start; the result does not \
                        depend on it and it has no effect here.",
    }
}

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Aggregate",
    class: "Microsoft.Aggregate",
    kind: Kind::Transformation,
    execution: Execution::Blocking,
    memory: "one entry for each group and each distinct value, reserved from the budget; rows of \
             groups that do not fit spill to the temporary folder",
    documentation: "Groups rows and computes counts, sums, averages, minima and maxima.",
    properties: &[
        hint("KeyScale", Place::Component, "0"),
        hint("Keys", Place::Component, ""),
        hint("CountDistinctScale", Place::Component, "0"),
        hint("CountDistinctKeys", Place::Component, ""),
        hint("AutoExtendFactor", Place::Component, "25"),
        PropertyDefinition {
            name: "WarnOnDivideByZero",
            place: Place::Component,
            default: "true",
            documentation: "Has no effect: the average of no values is NULL, nothing is divided by zero.",
        },
        hint("KeyScale", Place::Output, "0"),
        hint("Keys", Place::Output, ""),
        hint("CountDistinctScale", Place::OutputColumn, "0"),
        hint("CountDistinctKeys", Place::OutputColumn, ""),
        PropertyDefinition {
            name: "AggregationType",
            place: Place::OutputColumn,
            default: "0",
            documentation: "0 group by, 1 count, 2 count all, 3 count distinct, 4 sum, 5 average, 6 minimum, 7 maximum.",
        },
        PropertyDefinition {
            name: "AggregationColumnId",
            place: Place::OutputColumn,
            default: "0",
            documentation: "The input column that is grouped by or aggregated; not looked at for count all.",
        },
        PropertyDefinition {
            name: "AggregationComparisonFlags",
            place: Place::OutputColumn,
            default: "0",
            documentation: "How text is compared in group by and count distinct: 1 ignore case, 2 non-spacing, 4 symbols, 65536 kana, 131072 width; 0 compares characters.",
        },
        PropertyDefinition {
            name: "IsBig",
            place: Place::OutputColumn,
            default: "1",
            documentation: "Decides the column's type when the package is designed; the declared type counts here.",
        },
    ],
    validate,
    bind,
};

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    settings::settings(site).err().unwrap_or_default()
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let plans = settings::settings(site).map_err(|findings| {
        for finding in &findings {
            let code = finding.code.unwrap_or(codes::E_FAIL);
            site.events
                .error_text(code, finding.message.clone(), finding.remedy.as_deref());
        }
        Reported
    })?;
    let plans: Arc<[Arc<OutputPlan>]> = plans.into_iter().map(Arc::new).collect();
    let services = &site.flow.services;
    let means = Means {
        hasher: hashbrown::DefaultHashBuilder::default(),
        memory: services.memory.clone(),
        folder: services.temp_folder.clone(),
        cancel: services.cancel.clone(),
    };
    let mut positions: Vec<usize> = plans
        .iter()
        .flat_map(|p| p.needed.iter().copied())
        .collect();
    positions.sort_unstable();
    positions.dedup();
    let run = AggregateRun {
        tables: plans
            .iter()
            .map(|plan| Table::new(plan, &means, 0))
            .collect(),
        plans: Arc::clone(&plans),
        means: means.clone(),
        rows: 0,
    };
    Ok(Bound::Blocking {
        prepare: Some(Box::new(GroupBatches {
            plans,
            means,
            positions,
        })),
        run: Box::new(run),
    })
}

/// Groups the rows of a batch, on any thread.
struct GroupBatches {
    plans: Arc<[Arc<OutputPlan>]>,
    means: Means,
    /// The columns that any output needs, ascending.
    positions: Vec<usize>,
}

impl Prepare for GroupBatches {
    fn prepare(&self, batch: Batch) -> Result<Prepared, Failure> {
        let rows = batch.len();
        let arrays: Vec<ArrayRef> = self
            .positions
            .iter()
            .map(|at| batch.selected(*at))
            .collect();
        let mut partials = Vec::with_capacity(self.plans.len());
        for plan in self.plans.iter() {
            let found = plan.needed.iter().filter_map(|at| {
                let place = self.positions.binary_search(at).ok()?;
                arrays.get(place).cloned()
            });
            let partial = Partial::new(plan, &self.means, found.collect(), rows);
            partials.push(partial.map_err(|e| {
                Failure::text(codes::E_FAIL, format!("rows cannot be grouped: {e}"), None)
            })?);
        }
        let batch = Batch {
            columns: Vec::new(),
            ..batch
        };
        Ok(Prepared {
            batch: batch.compact(),
            extra: Some(Box::new(partials)),
        })
    }
}

struct AggregateRun {
    plans: Arc<[Arc<OutputPlan>]>,
    means: Means,
    tables: Vec<Table>,
    /// Rows taken so far.
    rows: u64,
}

impl Blocking for AggregateRun {
    fn accept(&mut self, prepared: Prepared) -> Result<(), Failure> {
        let partials = prepared
            .extra
            .and_then(|extra| extra.downcast::<Vec<Partial>>().ok());
        let Some(partials) = partials else {
            return Err(Failure::text(
                codes::E_FAIL,
                "a batch arrived without groups",
                None,
            ));
        };
        let first = self.rows;
        for (table, partial) in self.tables.iter_mut().zip(partials.iter()) {
            table.take(partial, |row| first + row as u64)?;
        }
        self.rows += prepared.batch.rows as u64;
        Ok(())
    }

    fn complete(&mut self) -> Result<Box<dyn Source>, Failure> {
        let mut outputs = VecDeque::new();
        for (table, plan) in self.tables.drain(..).zip(self.plans.iter()) {
            outputs.push_back(Emission {
                plan: Arc::clone(plan),
                grouped: Some(table.complete()?),
                sorted: None,
            });
        }
        Ok(Box::new(Emissions {
            outputs,
            means: self.means.clone(),
        }))
    }
}

// ---- what comes out ----------------------------------------------------------------------

/// The outputs, one after the other.
struct Emissions {
    outputs: VecDeque<Emission>,
    means: Means,
}

/// One output: the groups that fit, then all others in the order of their first rows.
struct Emission {
    plan: Arc<OutputPlan>,
    grouped: Option<Grouped>,
    sorted: Option<Sorted>,
}

impl Source for Emissions {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        while let Some(emission) = self.outputs.front_mut() {
            if let Some(morsel) = emission.next(&self.means)? {
                return Ok(Some(morsel));
            }
            self.outputs.pop_front();
        }
        Ok(None)
    }
}

impl Emission {
    fn next(&mut self, means: &Means) -> Result<Option<Box<dyn Morsel>>, Failure> {
        if let Some(grouped) = &mut self.grouped {
            if let Some((numbers, groups)) = grouped.next() {
                return Ok(Some(Box::new(GroupMorsel {
                    plan: Arc::clone(&self.plan),
                    rows: numbers.len(),
                    groups,
                })));
            }
            let partitions = std::mem::take(&mut grouped.partitions);
            self.grouped = None;
            if !partitions.is_empty() {
                self.sorted = Some(self.sort(partitions, means)?);
            }
        }
        let Some(sort) = &mut self.sorted else {
            return Ok(None);
        };
        let sorted = sort.next().map_err(|e| sort_failure(&e))?;
        Ok(sorted.map(|piece| -> Box<dyn Morsel> {
            Box::new(SortedMorsel {
                output: self.plan.output,
                piece,
            })
        }))
    }

    /// Groups the rows on disk, partition by partition.
    fn sort(&self, partitions: Vec<Partition>, means: &Means) -> Result<Sorted, Failure> {
        let numbers = RowConverter::new(vec![SortField::new(ArrowType::UInt64)]);
        let numbers = numbers.map_err(|e| spill_failure(&e))?;
        let (memory, folder) = (&means.memory, means.folder.clone());
        let mut sorter = Sorter::new(memory, folder, means.cancel.clone(), false);
        for partition in partitions {
            self.regroup(partition, means, &numbers, &mut sorter)?;
        }
        sorter.finish().map_err(|e| sort_failure(&e))
    }

    /// Groups the rows of one partition; as deep as there are levels of partitions.
    fn regroup(
        &self,
        partition: Partition,
        means: &Means,
        numbers: &RowConverter,
        sorter: &mut Sorter,
    ) -> Result<(), Failure> {
        let depth = partition
            .next_depth()
            .ok_or_else(|| too_deep("the groups of an output"))?;
        let mut table = Table::new(&self.plan, means, depth);
        for batch in partition.read().map_err(|e| spill_failure(&e))? {
            if means.cancel.is_cancelled() {
                return Err(Failure::default());
            }
            let batch = batch.map_err(|e| spill_failure(&e))?;
            let rows = batch.column(0).as_primitive::<UInt64Type>().clone();
            let columns = batch.columns().get(1..).unwrap_or_default().to_vec();
            let partial = Partial::new(&self.plan, means, columns, batch.num_rows());
            table.take(&partial.map_err(|e| spill_failure(&e))?, |row| {
                rows.value(row)
            })?;
        }
        let mut grouped = table.complete()?;
        while let Some((rows, groups)) = grouped.next() {
            let rows: ArrayRef = Arc::new(UInt64Array::from(rows));
            let keys = numbers.convert_columns(&[rows]);
            let keys = keys.map_err(|e| spill_failure(&e))?;
            let columns = groups.columns(&self.plan)?.into_iter().map(Column::Array);
            let run = Run::new(columns.collect(), &keys);
            sorter.add(run).map_err(|e| sort_failure(&e))?;
        }
        let partitions = std::mem::take(&mut grouped.partitions);
        drop(grouped);
        for partition in partitions {
            self.regroup(partition, means, numbers, sorter)?;
        }
        Ok(())
    }
}

fn sort_failure(error: &SortError) -> Failure {
    if matches!(error, SortError::Cancelled) {
        return Failure::default();
    }
    Failure::text(
        codes::BUFFER_ALLOCATION,
        Chain(error).to_string(),
        Some(REMEDY),
    )
}

/// Groups whose results any thread makes.
struct GroupMorsel {
    plan: Arc<OutputPlan>,
    groups: GroupBatch,
    rows: usize,
}

impl Morsel for GroupMorsel {
    fn bytes(&self) -> usize {
        self.rows * self.plan.targets.len() * 16 + result::array_bytes(&self.groups.keys)
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let columns = self
            .groups
            .columns(&self.plan)?
            .into_iter()
            .map(Column::Array);
        outputs.send(self.plan.output, Batch::new(columns.collect(), self.rows));
        Ok(())
    }
}

struct SortedMorsel {
    output: usize,
    piece: Piece,
}

impl Morsel for SortedMorsel {
    fn bytes(&self) -> usize {
        self.piece.bytes()
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let columns = self.piece.columns().map_err(|e| spill_failure(&e))?;
        outputs.send(self.output, Batch::new(columns, self.piece.len()));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
