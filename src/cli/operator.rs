//! The operator who runs a command.

use std::fs;

use crate::domain::{Actor, OperatorName};

/// The login user of a process that no user logged in for, such as a service (`loginuid` of Linux is -1).
const UNSET: &str = "4294967295";

/// The operator as the cause of an event, named by the operating system's user.
///
/// That is the user who logged in to the machine: the kernel keeps it through `sudo` and `su`. Where it is
/// not known, as in containers, it is the user of the process. A user without a line in `/etc/passwd` is
/// named by the number.
pub(super) fn actor() -> Actor {
    let login = fs::read_to_string("/proc/self/loginuid").ok();
    let login = login.filter(|login| login != UNSET && !login.is_empty());
    let id = login.unwrap_or_else(|| rustix::process::getuid().as_raw().to_string());
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    Actor::Operator(OperatorName::new(name(&accounts, &id).unwrap_or(&id)))
}

/// Finds the name of a user id in the text of `passwd(5)`.
fn name<'a>(accounts: &'a str, id: &str) -> Option<&'a str> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1) == Some(id)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_looked_up_in_the_accounts() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\n\nbroken\n:x:7:7::/:\nada:x:1000:1000:Ada,,,:/home/ada:\n";
        assert_eq!(name(accounts, "0"), Some("root"));
        assert_eq!(name(accounts, "1000"), Some("ada"));
        assert_eq!(name(accounts, "7"), None);
        assert_eq!(name(accounts, "100"), None);
        assert_eq!(name("", "0"), None);
    }
}
