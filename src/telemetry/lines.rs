use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// How long lines are gathered before they are written together. Under load, waking a thread and making a
/// system call for each line costs more than the line.
const GATHER: Duration = Duration::from_millis(5);
/// In bytes. If this much is waiting, the reader of the log has stopped, and further lines are dropped.
const MOST: usize = 1 << 20;
/// How long writing the last lines may take.
const LAST: Duration = Duration::from_secs(1);

/// A buffer of lines that a thread writes, so that no request waits for the reader of the log.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// The number of lines dropped since the last report.
    dropped: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Open,
    /// No more lines will come.
    Closed,
    /// All lines were written.
    Done,
}

impl Lines {
    /// Starts a thread that writes to `to`. A line that cannot be written is dropped: reporting the error
    /// would write to the same place.
    pub(super) fn start(mut to: impl Write + Send + 'static) -> io::Result<Self> {
        let lines = Self::default();
        let shared = Arc::clone(&lines.0);
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            let mut bytes = Vec::new();
            while let Some(dropped) = shared.gather(&mut bytes) {
                let _ = to.write_all(&bytes).and_then(|()| to.flush());
                bytes.clear();
                if dropped > 0 {
                    tracing::warn!(dropped, "log lines dropped, output too slow");
                }
            }
            shared.go(Stage::Done);
        })?;
        Ok(lines)
    }

    /// Waits until all lines are written, for at most a second.
    pub(super) fn finish(&self) {
        self.0.go(Stage::Closed);
        let open = |waiting: &mut Waiting| waiting.stage != Stage::Done;
        drop(self.0.changed.wait_timeout_while(self.0.lock(), LAST, open));
    }
}

impl Shared {
    /// Waits for lines and takes them, with the number of dropped lines. Returns `None` when no more will
    /// come.
    fn gather(&self, into: &mut Vec<u8>) -> Option<u64> {
        let nothing = |waiting: &mut Waiting| waiting.bytes.is_empty() && waiting.stage == Stage::Open;
        let waiting = self.changed.wait_while(self.lock(), nothing).unwrap_or_else(PoisonError::into_inner);
        let open = |waiting: &mut Waiting| waiting.stage == Stage::Open;
        let gathered = self.changed.wait_timeout_while(waiting, GATHER, open);
        let (mut waiting, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(into, &mut waiting.bytes);
        let dropped = std::mem::take(&mut waiting.dropped);
        (!into.is_empty() || waiting.stage == Stage::Open).then_some(dropped)
    }

    fn go(&self, stage: Stage) {
        self.lock().stage = stage;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.lock();
        if waiting.bytes.len() + line.len() > MOST {
            waiting.dropped += 1;
            return Ok(line.len());
        }
        let is_first = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(line);
        drop(waiting);
        if is_first {
            self.0.changed.notify_all();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Sends everything written to it. Blocks before each write until it receives a signal.
    struct Slow(Sender<Vec<u8>>, Receiver<()>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.1.recv();
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_line_never_waits_and_excess_lines_are_dropped() {
        let ((written, reader), (go, wait)) = (channel(), channel());
        let mut lines = Lines::start(Slow(written, wait)).unwrap();
        let line = vec![b'x'; 1 << 16];
        for _ in 0..100 {
            lines.write_all(&line).unwrap();
        }
        drop(go);
        lines.finish();
        let total: usize = reader.iter().map(|bytes| bytes.len()).sum();
        assert!((MOST / 2..=2 * MOST).contains(&total) && total.is_multiple_of(line.len()), "{total}");
    }

    #[test]
    fn the_last_line_is_written_before_the_end_and_in_order() {
        let ((written, reader), (go, wait)) = (channel(), channel());
        let mut lines = Lines::start(Slow(written, wait)).unwrap();
        drop(go);
        for number in 0..1000 {
            writeln!(lines, "{number}").unwrap();
        }
        lines.finish();
        let text = String::from_utf8(reader.try_iter().flatten().collect()).unwrap();
        let numbers = text.lines().map(|line| line.parse::<u32>().unwrap());
        assert!(numbers.eq(0..1000), "{text}");
    }
}
