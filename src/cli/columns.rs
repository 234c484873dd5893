//! Tables that fit a terminal.

use serde_json::Value;

use super::cell::cell;
use super::wrap::{UNLIMITED, paragraph};

/// The spaces between two columns.
const GAP: usize = 2;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    member: &'static str,
    /// The member that is shown in place of the other if it is not null.
    rather: Option<&'static str>,
    kind: Kind,
    is_optional: bool,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A text of at most this length. It is never cut.
    Text(usize),
    /// A time, in UTC and to the minute.
    Time,
    /// A text that gets the rest of the line, at least this much. A longer text is cut.
    Rest(usize),
}

impl Column {
    const fn of(member: &'static str, kind: Kind) -> Self {
        Self { member, rather: None, kind, is_optional: false }
    }

    /// A member of the entries whose longest text has this length.
    pub const fn text(member: &'static str, longest: usize) -> Self {
        Self::of(member, Kind::Text(longest))
    }

    /// A time, in UTC and to the minute.
    pub const fn time(member: &'static str) -> Self {
        Self::of(member, Kind::Time)
    }

    /// The last column, for a text of any length: it needs at least this much room.
    pub const fn rest(member: &'static str, least: usize) -> Self {
        Self::of(member, Kind::Rest(least))
    }

    /// Shows another member in this column, where that is not null.
    pub const fn or_rather(self, member: &'static str) -> Self {
        Self { rather: Some(member), ..self }
    }

    /// Leaves the column out on a terminal that is too narrow for all.
    pub const fn optional(self) -> Self {
        Self { is_optional: true, ..self }
    }

    const fn least(self) -> usize {
        match self.kind {
            Kind::Text(width) | Kind::Rest(width) => width,
            Kind::Time => "2026-01-31 12:00".len(),
        }
    }

    fn heading(self) -> String {
        self.member.to_uppercase().replace('_', " ")
    }

    /// The value of the column as it is.
    fn whole(self, entry: &Value) -> String {
        let rather = self.rather.map(|member| &entry[member]).filter(|value| !value.is_null());
        cell(rather.unwrap_or(&entry[self.member]))
    }

    /// The text of the column on a terminal.
    fn text_of(self, entry: &Value) -> String {
        let text = self.whole(entry);
        match (self.kind, text.get(..self.least())) {
            (Kind::Time, Some(minute)) => minute.replace('T', " "),
            _ => text,
        }
    }
}

/// A table whose entries are printed while they are read.
pub(super) struct Table {
    columns: &'static [Column],
    /// The columns that fit the terminal, with their widths; `None` if it is too narrow for a table.
    fitting: Option<Vec<(Column, usize)>>,
    width: usize,
}

impl Table {
    /// Plans a table for a terminal of this width.
    pub fn new(columns: &'static [Column], width: usize) -> Self {
        let mut left = columns.to_vec();
        let fitting = loop {
            let least: usize = left.iter().map(|column| column.least() + GAP).sum();
            if let Some(rest) = width.saturating_add(GAP).checked_sub(least) {
                let wide = |column: Column| match column.kind {
                    Kind::Rest(_) if width == UNLIMITED => UNLIMITED,
                    Kind::Time if width == UNLIMITED => "2026-01-31T12:34:56.000000Z".len(),
                    Kind::Rest(least) => least + rest,
                    _ => column.least(),
                };
                break Some(left.iter().map(|column| (*column, wide(*column))).collect());
            }
            match left.iter().rposition(|column| column.is_optional) {
                Some(optional) => drop(left.remove(optional)),
                None => break None,
            }
        };
        Self { columns, fitting, width }
    }

    /// The line above the entries; `None` if each of them is a paragraph.
    pub fn heading(&self) -> Option<String> {
        self.fitting.as_ref().map(|columns| line(columns, Column::heading))
    }

    /// One entry: a line, or on a narrow terminal a paragraph.
    pub fn entry(&self, entry: &Value) -> String {
        match &self.fitting {
            Some(columns) if self.width == UNLIMITED => line(columns, |column| column.whole(entry)),
            Some(columns) => line(columns, |column| column.text_of(entry)),
            None => entry_of(self.columns, entry, self.width),
        }
    }
}

/// One line of a table, without spaces at its end.
fn line(columns: &[(Column, usize)], text: impl Fn(Column) -> String) -> String {
    let cells = columns.iter().map(|(column, width)| {
        let mut text = text(*column);
        if *width == UNLIMITED {
            return text;
        }
        if matches!(column.kind, Kind::Rest(_)) && text.chars().count() > *width {
            text = text.chars().take(width.saturating_sub(1)).chain(['…']).collect();
        }
        format!("{text:width$}")
    });
    cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
}

/// A paragraph with a line for each column.
fn entry_of(columns: &[Column], entry: &Value, width: usize) -> String {
    let names = columns.iter().map(|column| column.member.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for column in columns {
        paragraph(&mut text, width, &format!("{:names$}  ", column.member), &column.text_of(entry));
    }
    text
}

/// A short list in which nothing is cut: a table, or a paragraph for each entry if the table would not fit.
pub(super) fn list(columns: &[Column], entries: &[Value], width: usize) -> String {
    let widest = |column: Column| {
        let texts = entries.iter().map(|entry| column.text_of(entry));
        texts.chain([column.heading()]).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let natural: Vec<(Column, usize)> = columns.iter().map(|column| (*column, widest(*column))).collect();
    if natural.iter().map(|(_, width)| width + GAP).sum::<usize>() > width.saturating_add(GAP) {
        let entries = entries.iter().map(|entry| entry_of(columns, entry, width));
        return entries.collect::<Vec<_>>().join("\n");
    }
    let heading = line(&natural, Column::heading);
    let rows = entries.iter().map(|entry| line(&natural, |column| column.text_of(entry)));
    std::iter::once(heading).chain(rows).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const COLUMNS: &[Column] = &[
        Column::text("id", 4),
        Column::text("state", 7).or_rather("reason"),
        Column::time("opened_at").optional(),
        Column::rest("x_y", 5),
    ];

    const SHORT: &[Column] = &[Column::text("id", 1), Column::rest("x_y", 1)];

    fn shown(width: usize) -> Vec<String> {
        let entries = [
            json!({ "id": "abcd", "state": "ended", "reason": "because", "opened_at": "2026-01-31T12:34:56Z", "x_y": "längere" }),
            json!({ "id": 7, "state": "live", "opened_at": null }),
        ];
        let table = Table::new(COLUMNS, width);
        let rows = entries.iter().map(|entry| table.entry(entry));
        table.heading().into_iter().chain(rows).collect()
    }

    #[test]
    fn a_wide_terminal_shows_everything() {
        let expected = [
            "ID    STATE    OPENED AT         X Y",
            "abcd  because  2026-01-31 12:34  längere",
            "7     live     -                 -",
        ];
        assert_eq!(shown(40), expected);
    }

    #[test]
    fn nothing_is_cut_where_there_is_no_terminal() {
        let expected = [
            "ID    STATE    OPENED AT                    X Y",
            "abcd  because  2026-01-31T12:34:56Z         längere",
            "7     live     -                            -",
        ];
        assert_eq!(shown(UNLIMITED), expected);
    }

    #[test]
    fn a_narrow_one_loses_optional_columns_and_the_end_of_the_last() {
        assert_eq!(shown(20), ["ID    STATE    X Y", "abcd  because  läng…", "7     live     -"]);
    }

    #[test]
    fn a_narrower_one_gets_paragraphs() {
        let first = "id         abcd\nstate      because\nopened_at  2026-01-31\n           12:34\nx_y        längere\n";
        assert_eq!(shown(19)[0], first);
    }

    #[test]
    fn nothing_of_a_short_list_is_cut() {
        let entries = [json!({ "id": 1, "x_y": "längere" }), json!({ "id": 2, "x_y": "b" })];
        assert_eq!(list(SHORT, &entries, 11), "ID  X Y\n1   längere\n2   b\n");
        assert_eq!(list(SHORT, &entries, 10), "id   1\nx_y  längere\n\nid   2\nx_y  b\n");
    }
}
