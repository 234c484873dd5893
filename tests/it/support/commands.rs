//! The tree of the commands.

use std::collections::BTreeSet;

use clap::Command;

/// Returns the names of all commands without subcommands, such as `user lock`.
pub fn names(root: &Command) -> BTreeSet<String> {
    below(root, "")
}

fn below(command: &Command, before: &str) -> BTreeSet<String> {
    let names = command.get_subcommands().flat_map(|command| {
        let name = format!("{before} {}", command.get_name()).trim().to_owned();
        if command.has_subcommands() { below(command, &name) } else { BTreeSet::from([name]) }
    });
    names.collect()
}
