//! What surrounds every request: what the service takes from strangers, and what each answer says.
//!
//! **Here**: the response headers of every route (`headers`), heads that two servers read in two ways (`heads`), floods of
//! frames (`floods`), bodies that the service does not read (`unread_body`) or that do not arrive (`slow_body`), and the
//! memory that clients can have used (`budget`).

mod budget;
mod floods;
mod headers;
mod heads;
mod slow_body;
mod unread_body;
