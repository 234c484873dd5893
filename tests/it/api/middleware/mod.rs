//! The middleware around every request: what the service accepts from any client, and the common parts of
//! every answer.
//!
//! **Here**: the response headers of every route (`headers`), heads that two servers could read differently
//! (`heads`), pages of other origins (`cors`), floods of frames (`floods`), bodies that the service does not
//! read (`unread_body`) or that do not arrive (`slow_body`), and the memory that clients can make it use
//! (`budget`).

mod budget;
mod cors;
mod floods;
mod headers;
mod heads;
mod slow_body;
mod unread_body;
