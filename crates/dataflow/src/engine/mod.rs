//! Runs bound components: morsels, threads, order, back-pressure, failures.
//!
//! | module | is |
//! | --- | --- |
//! | [`flow`] | the bound components and the way of a batch through them |
//! | [`scheduler`] | which thread does what next, and when a source may go on |
//! | [`window`] | batches waiting for their turn before an ordered component |
//! | [`queue`] | inputs of components with several inputs; they grow and spill |
//! | [`spill`] | batches on disk |
//! | [`counters`] | rows per path and times per component |
//!
//! **Streams and segments.** Whoever gives ordinals begins a *stream*: a source, the output of
//! a blocking component, a component with several inputs. Whatever one thread can run through
//! without meeting another is a *segment*: from the head of a stream, or from an ordered
//! component, to the next ordered, blocking or several-input components.
//!
//! **Failures.** A segment is run to its ends before anything is handed over. When a row fails
//! in it, it is run again with the rows before that one only; so nothing at or above the lowest
//! failing row leaves the segment. The stream's limit is set to the failing ordinal, and higher
//! ones are dropped wherever they wait.

pub mod counters;
pub mod flow;
pub mod queue;
pub mod scheduler;
pub mod spill;
pub mod window;
