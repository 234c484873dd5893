//! A command on a machine whose clock is wrong. Only a database server has a clock to compare with.

use crate::cli::user::create;
use crate::support::app::PASSWORD;
use crate::support::process::Installation;
use crate::support::{Backend, database, environment};

const ADA: &str = "ada@example.com";

#[test]
fn a_clock_that_is_minutes_off_changes_nothing() {
    let Some(library) = environment::faketime() else {
        return environment::skip("faketime is not installed");
    };
    database::run(Backend::Postgres, async |backend| {
        let installation = Installation::migrated(backend).await;
        create(&installation, ADA, &[]);
        let installation = installation.set("LD_PRELOAD", library.to_str().unwrap());
        let at =
            |off: &str, arguments: &[&str]| installation.run_with(arguments, PASSWORD, &[("FAKETIME", off)]);
        installation.run(&["key", "generate"]).expect(0);
        for (off, direction) in [("+600", "10m ahead of"), ("-600", "10m behind")] {
            for arguments in [
                &["key", "rotate"][..],
                &["key", "rotate", "--dry-run"],
                &["user", "lock", ADA, "--yes"],
                &["create-user", "--email", "bea@example.com", "--password-stdin"],
                &["issue-token", "--user", ADA],
            ] {
                let direction = &direction[direction.find(' ').unwrap()..];
                at(off, arguments)
                    .refused(1, &["the clock of this machine is", direction, "nothing was changed"]);
            }
            at(off, &["user", "show", ADA]).expect(0);
        }
        at("+20", &["user", "lock", ADA, "--yes"]).expect(0);
    });
}
