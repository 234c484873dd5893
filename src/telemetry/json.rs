use std::fmt::{self, Write as _};
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::domain::Timestamp;

/// More than most lines have, in bytes.
const LINE: usize = 512;

/// One flat JSON object per line: `timestamp`, `level`, the event's fields, `target`, and the fields of its
/// span. A span and the events in it must not have a field of the same name.
///
/// The writer of the library parses the span's fields again for each line. With a line per request, it takes
/// several times as long.
pub(super) struct JsonLine;

/// The fields of a span, formatted once, as members that follow another member.
pub(super) struct JsonMembers;

impl<'writer> FormatFields<'writer> for JsonMembers {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut members = Members(String::new());
        fields.record(&mut members);
        writer.write_str(&members.0)
    }
}

impl<S> FormatEvent<S, JsonMembers> for JsonLine
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonMembers>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let mut line = String::with_capacity(LINE);
        write!(line, "{{\"timestamp\":\"{}\",\"level\":\"{}\"", now(), metadata.level().as_str())?;
        let mut members = Members(line);
        event.record(&mut members);
        members.text("target", metadata.target());
        let Members(mut line) = members;
        if let Some(span) = context.lookup_current()
            && let Some(members) = span.extensions().get::<FormattedFields<JsonMembers>>()
        {
            line.push_str(members);
        }
        line.push_str("}\n");
        writer.write_str(&line)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the log begins before there is a clock, and uses the system's"
)]
fn now() -> Timestamp {
    Timestamp::EPOCH.plus(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// Writes fields as members of an object that already has a member. The text is a `String`, because the
/// library's writer takes each piece by a dynamic call, and a line has about a hundred of them.
struct Members(String);

impl Members {
    /// Begins a member; its value is next.
    fn begin(&mut self, name: &str) -> &mut String {
        self.0.push_str(",\"");
        self.0.push_str(name);
        self.0.push_str("\":");
        &mut self.0
    }

    fn number(&mut self, name: &str, value: impl fmt::Display) {
        // Writing to a `String` does not fail.
        let _ = write!(self.begin(name), "{value}");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.quoted(name, |mut inside| inside.write_str(value));
    }

    fn quoted(&mut self, name: &str, value: impl FnOnce(Escaped<'_>) -> fmt::Result) {
        let line = self.begin(name);
        line.push('"');
        let _ = value(Escaped(line));
        line.push('"');
    }
}

impl Visit for Members {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON cannot represent numbers that are not finite.
        if value.is_finite() {
            self.number(field.name(), value);
        } else {
            self.quoted(field.name(), |mut inside| write!(inside, "{value}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.quoted(field.name(), |mut inside| write!(inside, "{value:?}"));
    }
}

/// Escapes text for a JSON string (RFC 8259, section 7).
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Nearly every text is plain. A loop that does not stop early looks at several bytes at once.
        if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
            self.0.push_str(text);
            return Ok(());
        }
        for character in text.chars() {
            match character {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                control @ ..' ' => write!(self.0, "\\u{:04x}", u32::from(control))?,
                plain => self.0.push(plain),
            }
        }
        Ok(())
    }
}

const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}
