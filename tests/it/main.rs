//! Tests of the service from the outside: each port with every technology that it is built on.
//!
//! One binary, so that it is linked once. `support` has the tools of the tests; everything else is tests.

#[cfg(test)]
mod api;
#[cfg(test)]
mod build;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod containers;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod support;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod worker;
