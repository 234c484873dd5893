//! Tables with given columns, so that they fit a terminal of 80 columns.

use serde_json::Value;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    member: &'static str,
    width: usize,
    is_time: bool,
}

impl Column {
    /// A member of the entries. A longer text is cut.
    pub const fn text(member: &'static str, width: usize) -> Self {
        Self { member, width, is_time: false }
    }

    /// A time, in UTC and to the minute.
    pub const fn time(member: &'static str) -> Self {
        Self { member, width: "2026-01-31 12:00".len(), is_time: true }
    }

    fn cell(self, entry: &Value) -> String {
        let text = match &entry[self.member] {
            Value::String(text) => text.clone(),
            Value::Null => "-".to_owned(),
            other => other.to_string(),
        };
        let text = match text.get(..self.width) {
            Some(minute) if self.is_time => minute.replace('T', " "),
            _ => text,
        };
        let mut cell: String = text.chars().take(self.width).collect();
        if text.chars().count() > self.width {
            cell.pop();
            cell.push('…');
        }
        cell
    }
}

/// One line of a table, without spaces at its end.
fn line(columns: &[Column], cell: impl Fn(Column) -> String) -> String {
    let cells: Vec<String> =
        columns.iter().map(|column| format!("{:width$}", cell(*column), width = column.width)).collect();
    cells.join("  ").trim_end().to_owned()
}

/// The lines of a table: its heading, and a line per entry.
pub(super) fn table(columns: &[Column], entries: &[Value]) -> Vec<String> {
    let heading = line(columns, |column| column.member.to_uppercase().replace('_', " "));
    let rows = entries.iter().map(|entry| line(columns, |column| column.cell(entry)));
    std::iter::once(heading).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const COLUMNS: &[Column] = &[Column::text("id", 4), Column::time("opened_at"), Column::text("x_y", 5)];

    #[test]
    fn long_texts_are_cut_and_times_are_short() {
        let entries = [
            json!({ "id": "abcd", "opened_at": "2026-01-31T12:34:56.000000Z", "x_y": "längere" }),
            json!({ "id": 7, "opened_at": null }),
        ];
        let expected =
            ["ID    OPENED AT         X Y", "abcd  2026-01-31 12:34  läng…", "7     -                 -"];
        assert_eq!(table(COLUMNS, &entries), expected);
    }
}
