//! The package run: containers, precedence, tasks, events
