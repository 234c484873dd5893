//! The telemetry of the process: its log, traces and metrics. The log goes to stderr, since stdout is for
//! data.
//!
//! **Here**: the setup of the log and its filter ([`init`]), the format of lines for machines (`json`), the
//! thread that writes them (`lines`), the trace of the current task ([`trace`]), the spans of traces
//! ([`spans`]), and the metrics ([`metrics`]).
//!
//! **May use**: `config`, `domain`, tracing.
//!
//! **To log something**: a `tracing` macro at the place; events to watch for are listed in
//! `docs/reference.md`.

mod json;
mod lines;
pub mod metrics;
pub mod spans;
pub mod trace;

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use self::json::{JsonLine, JsonMembers};
use self::lines::Lines;
use crate::config::{LogFormat, LogSettings};

/// A duration for a field `duration_ms`: milliseconds with three decimals.
#[must_use]
pub fn milliseconds(took: Duration) -> f64 {
    let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1_000.0
}

/// The verbosity that the flags `-q` and `-v` select.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// `-q`: errors only.
    Quiet,
    /// As the settings say.
    Normal,
    /// `-v`: the service in detail.
    Verbose,
    /// `-vv`: the libraries too.
    Everything,
}

/// A guard of the log. Dropping it writes the pending lines.
#[must_use = "the last lines are written when this is dropped"]
pub struct Log(Option<Lines>);

impl Drop for Log {
    fn drop(&mut self) {
        self.0.iter().for_each(Lines::finish);
    }
}

/// Starts the log. `colour` allows colours on a terminal (`--color`, `NO_COLOR`). Only the first call of a
/// process has an effect.
pub fn init(log: &LogSettings, verbosity: Verbosity, colour: bool) -> Log {
    let pretty = match log.format {
        LogFormat::Auto => stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let directives = directives(log, verbosity);
    let lines = Lines::start(stderr());
    let subscriber = match &lines {
        Ok(lines) => subscriber(&directives, pretty, colour, lines.clone()),
        // If the thread cannot be started, log calls write directly and wait.
        Err(_) => subscriber(&directives, pretty, colour, stderr),
    };
    // Fails only if a log was started before.
    let _ = subscriber.try_init();
    Log(lines.ok())
}

/// The errors that this library logs are reported by the adapter. `log.level` can enable them.
const SILENT: &str = "lapin=off";

/// The directives of the settings, which were already checked, overridden by the flags.
fn directives(log: &LogSettings, verbosity: Verbosity) -> String {
    match verbosity {
        Verbosity::Quiet => format!("{SILENT},error"),
        Verbosity::Normal => format!("{SILENT},{}", log.level),
        Verbosity::Verbose => format!("{SILENT},{},svc=debug", log.level),
        Verbosity::Everything => "trace".to_owned(),
    }
}

fn subscriber<W>(directives: &str, pretty: bool, colour: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // A directive can name a span (`svc[request]=debug`). A filter that allows for it looks each span up
    // whenever it is entered or left, under locks that all threads share.
    match directives.parse::<Targets>().ok().filter(|_| !directives.contains('[')) {
        Some(targets) => filtered(targets, pretty, colour, writer),
        None => filtered(EnvFilter::new(directives), pretty, colour, writer),
    }
}

fn filtered<W, F>(filter: F, pretty: bool, colour: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    F: Layer<Registry> + Send + Sync,
{
    let registry = tracing_subscriber::registry().with(filter);
    // A line that cannot be written is dropped. Reporting the error would write to stderr too, and
    // `eprintln!` panics: without a reader of the log every request would fail.
    let log = tracing_subscriber::fmt::layer().log_internal_errors(false).with_writer(writer);
    if pretty {
        Box::new(registry.with(log.compact().with_ansi(colour)))
    } else {
        Box::new(registry.with(log.fmt_fields(JsonMembers).event_format(JsonLine)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: &str, verbosity: Verbosity, pretty: bool, colour: bool) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = LogSettings { format: LogFormat::Auto, level: level.to_owned() };
        let subscriber = subscriber(&directives(&log, verbosity), pretty, colour, move || writer.clone());
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::error_span!("request", request_id = "r-1").entered();
            tracing::error!(target: "svc::api", answer = 42, "e");
            tracing::info!(target: "svc::api", "i");
            tracing::debug!(target: "svc::api", "d");
            tracing::debug!(target: "sqlx", "l");
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_is_one_flat_object_a_line() {
        let text = logged("error", Verbosity::Normal, false, true);
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["message"], "e");
        assert_eq!(line["answer"], 42);
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["request_id"], "r-1");
        assert!(line.as_object().unwrap().values().all(|value| !value.is_object()), "{line}");
    }

    #[test]
    fn whatever_is_logged_is_json() {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = LogSettings { format: LogFormat::Json, level: "info".to_owned() };
        let subscriber =
            subscriber(&directives(&log, Verbosity::Normal), false, false, move || writer.clone());
        let odd = "a \"quote\", a \\ and\n\t\u{1b}[31m\u{7f} é 🦀";
        tracing::subscriber::with_default(subscriber, || {
            let _outer = tracing::info_span!("outer", of = odd).entered();
            let inner = tracing::info_span!("inner", of = odd, yet = tracing::field::Empty).entered();
            inner.record("yet", 1);
            tracing::info!(text = odd, shown = %odd, debug = ?odd, yes = true, minus = -1, half = 0.5, nan = f64::NAN, "{odd}");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        for name in ["message", "text", "shown"] {
            assert_eq!(line[name], odd);
        }
        assert_eq!(line["debug"], format!("{odd:?}"));
        assert_eq!((&line["yes"], &line["minus"]), (&true.into(), &(-1).into()));
        assert_eq!((&line["half"], &line["nan"]), (&0.5.into(), &"NaN".into()));
        assert_eq!((&line["of"], &line["yet"]), (&odd.into(), &1.into()));
        assert_eq!(line["target"], module_path!());
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        assert!(logged("info", Verbosity::Normal, true, true).contains('\u{1b}'));
        assert!(!logged("info", Verbosity::Normal, true, false).contains('\u{1b}'));
    }

    #[test]
    fn flags_raise_and_lower_what_is_logged() {
        let lines = |level, verbosity| logged(level, verbosity, true, false).lines().count();
        assert_eq!(lines("info", Verbosity::Quiet), 1);
        assert_eq!(lines("info", Verbosity::Normal), 2);
        assert_eq!(lines("info", Verbosity::Verbose), 3);
        assert_eq!(lines("info", Verbosity::Everything), 4);
        assert_eq!(lines("warn,svc=info", Verbosity::Normal), 2);
        assert_eq!(lines("trace", Verbosity::Quiet), 1);
        assert_eq!(lines("warn,[request]=info", Verbosity::Normal), 2, "inside the span");
        assert_eq!(lines("warn,[other]=info", Verbosity::Normal), 1);
        assert_eq!(lines("warn,[request{request_id=r-2}]=info", Verbosity::Normal), 1);
    }
}
