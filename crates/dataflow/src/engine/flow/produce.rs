//! Makes the pieces of streams: sources cut, components with several inputs step.

use std::sync::atomic::Ordering;

use super::{Flow, Node};
use crate::component::Step;
use crate::engine::queue::{OpenInputs, Several};

impl Flow<'_> {
    pub(super) fn produce(&self, component: usize) {
        match &self.nodes[component] {
            Node::Several(several) => self.step(component, several),
            _ => self.cut(component),
        }
    }

    /// Cuts the next piece of a source and takes it through its segment.
    fn cut(&self, component: usize) {
        let stream = &self.streams[component];
        let began = self.context.services.clock.utc_now();
        let pending = stream.pending.lock().take();
        let next = match pending {
            Some(morsel) => Ok(Some(morsel)),
            None => match stream.source.lock().as_mut() {
                Some(source) => source.next(),
                None => Ok(None),
            },
        };
        let ordinal = stream.issued.load(Ordering::SeqCst);
        match next {
            Ok(Some(morsel)) => {
                let reservation = self.context.services.memory.try_reserve(morsel.bytes());
                let starved = reservation.is_err();
                if starved && !self.scheduler.is_alone(component) {
                    *stream.pending.lock() = Some(morsel);
                    self.scheduler.cut(component, true, true);
                    self.scheduler.finished_piece(component);
                    return;
                }
                stream.issued.store(ordinal + 1, Ordering::SeqCst);
                let ticket = self.scheduler.ticket(component, reservation.ok());
                self.scheduler.cut(component, true, starved);
                self.read(component, ordinal, morsel, ticket);
            }
            Ok(None) => {
                self.scheduler.cut(component, false, false);
                self.end_segment(component, ordinal);
                self.scheduler.finished_piece(component);
            }
            Err(failure) => {
                self.fail(component, ordinal, 0, component, None, failure);
                self.scheduler.cut(component, false, false);
                self.scheduler.finished_piece(component);
            }
        }
        self.counters.worked(self.context, component, began);
    }

    /// One step of a component with several inputs.
    fn step(&self, component: usize, several: &Several) {
        let began = self.context.services.clock.utc_now();
        let ordinal = self.streams[component].issued.load(Ordering::SeqCst);
        let step = several.run.lock().step(&mut OpenInputs(several));
        match step {
            Ok(Step::Made(morsel)) => {
                self.streams[component]
                    .issued
                    .store(ordinal + 1, Ordering::SeqCst);
                let reservation = self.context.services.memory.try_reserve(morsel.bytes());
                let ticket = self.scheduler.ticket(component, reservation.ok());
                several.starve(None);
                self.scheduler.cut(component, true, false);
                self.read(component, ordinal, morsel, ticket);
            }
            Ok(Step::Needs(input)) => {
                self.scheduler.cut(component, false, false);
                if several.starve(Some(input)) {
                    self.scheduler.make_runnable(component);
                }
                self.scheduler.finished_piece(component);
            }
            Ok(Step::Finished) => {
                self.scheduler.cut(component, false, false);
                self.end_segment(component, ordinal);
                self.scheduler.finished_piece(component);
            }
            Err(failure) => {
                self.fail(component, ordinal, 0, component, Some(0), failure);
                self.scheduler.cut(component, false, false);
                self.scheduler.finished_piece(component);
            }
        }
        self.counters.worked(self.context, component, began);
    }
}
