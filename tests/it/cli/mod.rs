//! The binary as an operator runs it: a process in its own folder, with its own environment.
//!
//! **Here**: one file per subcommand, named like those of `src/cli`, and tests that concern all of them:
//! sources of settings (`settings`), URLs of servers (`urls`), databases that cannot be used (`broken`) or
//! reached (`unreachable`), refuse an operation (`obstacles`) or are not there (`wrong_folder`), a clock
//! that is wrong (`wrong_clock`), crashes (`crash`), commands that are killed (`killed`), whose operator is
//! audited (`audited`), that announce their change over Redis (`announced`), that run beside a server
//! (`beside`) and beside two replicas under load (`replicas`, `load`), the tour of README.md (`readme`),
//! and the first day of an operator (`first_day`).
//!
//! **To add one**: a test on an [`Installation`](crate::support::process::Installation).

mod announced;
mod audited;
mod ban;
mod beside;
mod broken;
mod changes;
mod completions;
mod config;
mod crash;
mod create_user;
mod doctor;
mod event;
mod first_day;
mod healthcheck;
mod help;
mod invitation;
mod issue_token;
mod key;
mod killed;
mod load;
mod man;
mod migrate;
mod migrate_beside;
mod moving;
mod newer;
mod obstacles;
mod one_session;
mod openapi;
mod production;
mod readme;
mod reads;
mod replicas;
mod secret_key;
mod secrets;
mod security_log;
mod serve;
mod session;
mod settings;
mod stop;
mod svc_operator;
mod systemd;
mod terminal;
mod token;
mod unreachable;
mod urls;
mod usage;
pub(crate) mod user;
mod width;
mod wrong_clock;
mod wrong_folder;
