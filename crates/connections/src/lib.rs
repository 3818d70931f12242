//! Connection managers and the traits that sources, destinations and tasks use
