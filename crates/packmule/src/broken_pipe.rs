//! What happens when nobody reads our output any more (`packmule assess | head`): the program
//! ends quietly, as other programs do. Rust ignores the signal and would panic in `println!`.
#![expect(
    unsafe_code,
    reason = "setting a signal's default action has no safe form"
)]

/// Lets SIGPIPE end the program. Not for commands that serve: a peer that goes away must not
/// end them.
pub(crate) fn ends_the_program() {
    // SAFETY: SIG_DFL is a valid action for SIGPIPE, and no thread has been started yet.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
    }
}

/// Prints a line. That nobody reads it any more does not matter: for commands whose work must
/// not end half-done (`packmule run … | head`).
macro_rules! say {
    ($($argument:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout().lock(), $($argument)*);
    }};
}
pub(crate) use say;
