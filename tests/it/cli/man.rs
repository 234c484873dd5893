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

/// Reads the pages as `man` shows them.
#[test]
fn pages_show_their_examples_as_they_are() {
    let Some(groff) = environment::program("groff") else {
        return environment::lessen("no groff, which shows manual pages");
    };
    let installation = Installation::default();
    installation.run(&["man", "pages"]).expect(0);
    let shown = |name: &str| {
        let page = installation.path("pages").join(name);
        let ran =
            Command::new(&groff).args(["-man", "-Tutf8", "-P-cbou", "-rLL=78n"]).arg(page).output().unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    let page = shown("svc-user-set-password.1");
    let headings: Vec<&str> =
        page.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase())).collect();
    let expected =
        ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "GLOBAL OPTIONS"];
    assert_eq!(headings, expected, "{page}");
    let lines: Vec<&str> = page.lines().map(str::trim).collect();
    for line in [
        "svc user set-password [OPTIONS] <ID|EMAIL>",
        "svc user set-password ada@example.com --password-stdin --yes < password.txt",
        "67     no such user, session, event, ban or signing key",
    ] {
        assert!(lines.contains(&line), "{line} is not in {page}");
    }
    assert!(shown("svc.1").contains("\nSUBCOMMANDS\n"), "{}", shown("svc.1"));
    for entry in fs::read_dir(installation.path("pages")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let page = shown(&name);
        assert!(!page.contains('\u{2010}') && !page.contains("EXTRA"), "a hyphenated word in {name}: {page}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let installation = Installation::default().file("taken", "");
    installation.run(&["man", "taken"]).refused(1, &["failed to write the pages to taken: "]);
}
