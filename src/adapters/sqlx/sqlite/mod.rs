//! What is of SQLite alone: how its file is opened (`open`).

mod open;
