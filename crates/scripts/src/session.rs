//! What a running script asks of the engine.
