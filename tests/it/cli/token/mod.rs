//! `svc token`: one file per verb.

mod inspect;
