//! The one adapter to DataFusion's external sort: sorts record batches by their first columns
//! within the execution's memory budget and spills to its folder.
//!
//! A thread of its own drives the sort; batches go in and come out over bounded channels. When
//! either side goes away the thread ends.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use arrow::compute::SortOptions;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use crossbeam_channel::{Receiver, Sender, bounded};
use datafusion_common::{DataFusionError, Result as FusionResult};
use datafusion_execution::config::SessionConfig;
use datafusion_execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion_execution::memory_pool::{MemoryPool, MemoryReservation};
use datafusion_execution::runtime_env::RuntimeEnvBuilder;
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_expr::expressions::Column;
use datafusion_physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion_physical_plan::ExecutionPlan;
use datafusion_physical_plan::sorts::sort::SortExec;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use datafusion_physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::StreamExt;
use futures::future::Either;
use packmule_runtime::{MemoryBudget, Reservation};
use parking_lot::Mutex;

/// Batches that wait on either side of the sort.
const QUEUE: usize = 2;
/// Rows of a sorted batch.
const ROWS: usize = 8192;
/// The most that is kept back for merging spilled runs.
const MERGE_RESERVE_MAX: usize = 10 * 1024 * 1024;

/// What a sort may hold although others have used up the budget: a few batches, so that it can
/// spill them and get on.
const FLOOR: usize = 4 << 20;

/// Why a sort could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SortError {
    /// The sort itself: memory, disk.
    #[error("the rows cannot be sorted")]
    Sort(#[source] DataFusionError),
    /// Its thread could not be started, or ended without saying why.
    #[error("the thread that sorts {0}")]
    Thread(String),
}

/// What to sort by and with.
pub(crate) struct Plan {
    /// Columns of the batches; the keys are the first ones.
    pub(crate) schema: SchemaRef,
    /// Direction of each key.
    pub(crate) keys: Vec<SortOptions>,
    /// Where rows are reserved from.
    pub(crate) memory: MemoryBudget,
    /// Where they go when there is no room.
    pub(crate) folder: PathBuf,
}

type Sorted = Result<RecordBatch, SortError>;

/// A sort under way.
pub(crate) struct ExternalSort {
    input: Option<tokio::sync::mpsc::Sender<RecordBatch>>,
    output: Option<Receiver<Sorted>>,
    /// Breaks the sort off when it is dropped.
    abort: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ExternalSort {
    /// Starts the thread.
    pub(crate) fn start(plan: Plan) -> Result<Self, SortError> {
        let (input, receiver) = tokio::sync::mpsc::channel(QUEUE);
        let (sender, output) = bounded(QUEUE);
        let (abort, aborted) = tokio::sync::oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("sort".to_owned())
            .spawn(move || drive(plan, receiver, &sender, aborted))
            .map_err(|e| SortError::Thread(format!("could not be started: {e}")))?;
        Ok(Self {
            input: Some(input),
            output: Some(output),
            abort: Some(abort),
            thread: Some(thread),
        })
    }

    /// Adds a batch.
    pub(crate) fn add(&mut self, batch: RecordBatch) -> Result<(), SortError> {
        let sent = self.input.as_ref().map(|input| input.blocking_send(batch));
        match sent {
            Some(Ok(())) => Ok(()),
            _ => Err(self.reason()),
        }
    }

    /// Ends the input: from here on [`ExternalSort::next`] gives sorted batches.
    pub(crate) fn complete(&mut self) {
        self.input = None;
    }

    /// The next sorted batch; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, SortError> {
        match self.output.as_ref().map(Receiver::recv) {
            Some(Ok(sorted)) => sorted.map(Some),
            _ => self.join().map(|()| None),
        }
    }

    /// Why the thread takes no more.
    fn reason(&mut self) -> SortError {
        self.input = None;
        match self.output.as_ref().map(Receiver::recv) {
            Some(Ok(Err(error))) => error,
            _ => SortError::Thread("ended early".to_owned()),
        }
    }

    fn join(&mut self) -> Result<(), SortError> {
        let thread = self.thread.take();
        let ended = thread.map_or(Ok(()), JoinHandle::join);
        ended.map_err(|_| SortError::Thread("broke off".to_owned()))
    }
}

impl Drop for ExternalSort {
    /// Breaks the sort off and waits for its thread, which gives memory and files back.
    fn drop(&mut self) {
        self.input = None;
        self.output = None;
        self.abort = None;
        // That the thread panicked has been said, or nobody needs to know any more.
        let _ = self.join();
    }
}

/// Runs the sort to its end on a runtime of this thread.
fn drive(
    plan: Plan,
    receiver: tokio::sync::mpsc::Receiver<RecordBatch>,
    output: &Sender<Sorted>,
    aborted: tokio::sync::oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(async {
            let sorting = std::pin::pin!(sort(plan, receiver, output));
            match futures::future::select(sorting, aborted).await {
                Either::Left((result, _)) => result,
                Either::Right(_) => Ok(()),
            }
        }),
        Err(error) => Err(SortError::Thread(format!("could not be started: {error}"))),
    };
    if let Err(error) = result {
        // Nobody listens any more when the data flow has ended; then nobody needs to know.
        let _ = output.send(Err(error));
    }
}

async fn sort(
    plan: Plan,
    receiver: tokio::sync::mpsc::Receiver<RecordBatch>,
    output: &Sender<Sorted>,
) -> Result<(), SortError> {
    let mut stream = open(plan, receiver).map_err(SortError::Sort)?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(SortError::Sort)?;
        if output.send(Ok(batch)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn open(
    plan: Plan,
    receiver: tokio::sync::mpsc::Receiver<RecordBatch>,
) -> FusionResult<SendableRecordBatchStream> {
    std::fs::create_dir_all(&plan.folder)?;
    let reserve = (plan.memory.limit() / 16).min(MERGE_RESERVE_MAX);
    let config = SessionConfig::new()
        .with_batch_size(ROWS)
        .with_sort_spill_reservation_bytes(reserve);
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![plan.folder.clone()]));
    let environment = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(BudgetPool::new(plan.memory.clone())))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    let context = TaskContext::default()
        .with_session_config(config)
        .with_runtime(environment);
    let keys = plan
        .keys
        .iter()
        .enumerate()
        .map(|(at, options)| PhysicalSortExpr {
            expr: Arc::new(Column::new(plan.schema.field(at).name(), at)),
            options: *options,
        });
    let ordering = LexOrdering::new(keys)
        .ok_or_else(|| DataFusionError::Internal("a sort without keys".to_owned()))?;
    let input = Input {
        schema: Arc::clone(&plan.schema),
        receiver: Mutex::new(Some(receiver)),
    };
    let input = StreamingTableExec::try_new(
        plan.schema,
        vec![Arc::new(input)],
        None,
        vec![],
        false,
        None,
    )?;
    SortExec::new(ordering, Arc::new(input)).execute(0, Arc::new(context))
}

/// What the data flow sends, as a stream that DataFusion reads once.
struct Input {
    schema: SchemaRef,
    receiver: Mutex<Option<tokio::sync::mpsc::Receiver<RecordBatch>>>,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Input")
    }
}

impl PartitionStream for Input {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let receiver = self.receiver.lock().take();
        let stream = futures::stream::unfold(receiver, |receiver| async {
            let mut receiver = receiver?;
            let batch = receiver.recv().await?;
            Some((Ok(batch), Some(receiver)))
        });
        Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(&self.schema),
            stream,
        ))
    }
}

/// DataFusion's memory pool over the execution's budget.
#[derive(Debug)]
struct BudgetPool {
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    reservation: Reservation,
    /// Bytes that had to be granted although the budget did not have them.
    beyond: usize,
}

impl BudgetPool {
    fn new(budget: MemoryBudget) -> Self {
        let held = Held {
            reservation: budget.reservation(),
            beyond: 0,
        };
        Self {
            held: Mutex::new(held),
        }
    }
}

impl fmt::Display for BudgetPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("memory budget of the execution")
    }
}

impl MemoryPool for BudgetPool {
    fn name(&self) -> &str {
        "budget"
    }

    fn grow(&self, _: &MemoryReservation, additional: usize) {
        let mut held = self.held.lock();
        if held.reservation.try_grow(additional).is_err() {
            held.beyond += additional;
        }
    }

    fn shrink(&self, _: &MemoryReservation, shrink: usize) {
        let mut held = self.held.lock();
        let beyond = held.beyond.min(shrink);
        held.beyond -= beyond;
        held.reservation.shrink(shrink - beyond);
    }

    fn try_grow(&self, _: &MemoryReservation, additional: usize) -> FusionResult<()> {
        let mut held = self.held.lock();
        match held.reservation.try_grow(additional) {
            Ok(()) => Ok(()),
            Err(_) if held.reservation.bytes() + held.beyond + additional <= FLOOR => {
                held.beyond += additional;
                Ok(())
            }
            Err(error) => Err(DataFusionError::ResourcesExhausted(error.to_string())),
        }
    }

    fn reserved(&self) -> usize {
        let held = self.held.lock();
        held.reservation.bytes() + held.beyond
    }
}
