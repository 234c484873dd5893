use std::fs;
use std::process::Command;

use crate::support::environment;
use crate::support::process::Installation;

#[test]
fn pages_of_all_commands_are_written_into_a_new_folder() {
    let installation = Installation::default();
    let ran = installation.run(&["man", "share/man/man1"]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let folder = installation.path("share/man/man1");
    for page in ["svc.1", "svc-serve.1", "svc-event.1", "svc-event-list.1", "svc-man.1"] {
        assert!(folder.join(page).is_file(), "{page} is missing");
    }
    let Some(groff) = environment::program("groff") else {
        return environment::lessen("no groff, which reads manual pages");
    };
    for page in fs::read_dir(&folder).unwrap() {
        let page = page.unwrap().path();
        let ran = Command::new(&groff).args(["-man", "-Tutf8", "-ww"]).arg(&page).output().unwrap();
        assert!(ran.status.success() && ran.stderr.is_empty(), "{}: {ran:?}", page.display());
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let installation = Installation::default().file("taken", "");
    installation.run(&["man", "taken"]).refused(1, &["failed to write the pages to taken: "]);
}
