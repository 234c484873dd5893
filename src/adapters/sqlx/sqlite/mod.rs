//! The part that only SQLite needs: opening its file (`open`).

mod open;
