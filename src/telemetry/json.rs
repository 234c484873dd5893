use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

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
        let mut members = Members { writer: &mut writer, written: Ok(()) };
        fields.record(&mut members);
        members.written
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
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        writer.write_str("\",\"level\":\"")?;
        writer.write_str(metadata.level().as_str())?;
        writer.write_char('"')?;
        let mut members = Members { writer: &mut writer, written: Ok(()) };
        event.record(&mut members);
        members.text("target", metadata.target());
        members.written?;
        if let Some(span) = context.lookup_current()
            && let Some(members) = span.extensions().get::<FormattedFields<JsonMembers>>()
        {
            writer.write_str(members)?;
        }
        writer.write_str("}\n")
    }
}

/// Writes fields as members of an object that already has a member.
struct Members<'a, 'w> {
    writer: &'a mut Writer<'w>,
    written: fmt::Result,
}

impl Members<'_, '_> {
    fn member(&mut self, name: &str, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        let write = || {
            // Formatting macros take longer than these writes.
            self.writer.write_str(",\"")?;
            self.writer.write_str(name)?;
            self.writer.write_str("\":")?;
            value(self.writer)
        };
        self.written = self.written.and_then(|()| write());
    }

    fn text(&mut self, name: &str, value: &str) {
        self.quoted(name, |mut inside| inside.write_str(value));
    }

    fn quoted(&mut self, name: &str, value: impl FnOnce(Escaped<'_, '_>) -> fmt::Result) {
        self.member(name, |writer| {
            writer.write_char('"')?;
            value(Escaped(writer))?;
            writer.write_char('"')
        });
    }
}

impl Visit for Members<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field.name(), |writer| write!(writer, "{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field.name(), |writer| write!(writer, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field.name(), |writer| write!(writer, "{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON cannot represent numbers that are not finite.
        if value.is_finite() {
            self.member(field.name(), |writer| write!(writer, "{value}"));
        } else {
            self.quoted(field.name(), |mut inside| write!(inside, "{value}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.quoted(field.name(), |mut inside| write!(inside, "{value:?}"));
    }
}

/// Escapes text for a JSON string (RFC 8259, section 7).
struct Escaped<'a, 'w>(&'a mut Writer<'w>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.0.write_str(&text[plain..at])?;
            match byte {
                b'"' => self.0.write_str("\\\"")?,
                b'\\' => self.0.write_str("\\\\")?,
                b'\n' => self.0.write_str("\\n")?,
                control => write!(self.0, "\\u{control:04x}")?,
            }
            plain = at + 1;
        }
        self.0.write_str(&text[plain..])
    }
}
