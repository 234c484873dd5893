use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// How long lines are gathered before they are written at once. Under load, waking a thread for each and having the system
/// write it costs more than the line.
const GATHER: Duration = Duration::from_millis(5);
/// In bytes. Whoever reads the log has stopped when so much is waiting, and what comes next is dropped.
const MOST: usize = 1 << 20;
/// How long the last lines may take to be written.
const LAST: Duration = Duration::from_secs(1);

/// Where lines wait for a thread to write them, so that no request waits for whoever reads the log.
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
    /// How many lines found no room since the last time.
    dropped: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Open,
    /// No more lines come.
    Closed,
    /// All were written.
    Done,
}

impl Lines {
    /// Has a thread write to this. A line that cannot be written is dropped: to report it would be to write there too.
    pub(super) fn start(mut to: impl Write + Send + 'static) -> io::Result<Self> {
        let lines = Self::default();
        let shared = Arc::clone(&lines.0);
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            let mut bytes = Vec::new();
            while let Some(dropped) = shared.gather(&mut bytes) {
                let _ = to.write_all(&bytes).and_then(|()| to.flush());
                bytes.clear();
                if dropped > 0 {
                    tracing::warn!(dropped, "lines of the log were dropped: nobody read them in time");
                }
            }
            shared.go(Stage::Done);
        })?;
        Ok(lines)
    }

    /// Waits until what is there is written, for a second at most.
    pub(super) fn finish(&self) {
        self.0.go(Stage::Closed);
        let open = |waiting: &mut Waiting| waiting.stage != Stage::Done;
        drop(self.0.changed.wait_timeout_while(self.0.lock(), LAST, open));
    }
}

impl Shared {
    /// Waits for lines and takes them, with the number of those that were dropped; `None` when no more come.
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

    /// Hands on what is written to it; waits before each until it is told to go on.
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
    fn whoever_logs_waits_for_nobody_and_what_does_not_fit_is_dropped() {
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
