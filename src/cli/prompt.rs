//! Questions on the terminal whose answers are not shown.

use std::fs::File;
use std::io;
use std::process;
use std::sync::OnceLock;
use std::thread;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::exit::{CliError, Exit};

/// A shell shows an exit code above this for a process that a signal ended.
const ENDED_BY_SIGNAL: i32 = 128;

/// Asks on the terminal without showing what is typed.
pub(super) fn ask_hidden(text: &str) -> Result<SecretString, CliError> {
    // What is typed would stay hidden after a Ctrl-C.
    static RESTORES: OnceLock<()> = OnceLock::new();
    let failed = |error| CliError::new(Exit::Failed, format!("failed to read from the terminal: {error}"));
    if RESTORES.set(()).is_ok() {
        restore_on_signals().map_err(failed)?;
    }
    match rpassword::prompt_password(text) {
        // Only the signals below interrupt, and their task is about to end the process.
        Err(error) if error.kind() == io::ErrorKind::Interrupted => loop {
            thread::park();
        },
        answer => answer.map(SecretString::from).map_err(failed),
    }
}

/// From now on, a signal that ends the process first restores how the terminal is now.
fn restore_on_signals() -> io::Result<()> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let state = tcgetattr(&terminal)?;
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let restore = restore_on(signal(kind)?, kind, terminal.try_clone()?, state.clone());
        #[expect(
            clippy::disallowed_methods,
            reason = "it lives as long as the process, and owns nothing to finish"
        )]
        tokio::spawn(restore);
    }
    Ok(())
}

async fn restore_on(mut signal: Signal, kind: SignalKind, terminal: File, state: Termios) {
    signal.recv().await;
    // Nothing is left to do if the terminal is gone.
    let _ = tcsetattr(&terminal, OptionalActions::Now, &state);
    process::exit(ENDED_BY_SIGNAL.saturating_add(kind.as_raw_value()));
}
