//! Variables and their scopes.
