//! Use cases lock a user before they insert a row that refers to the user.

use std::path::PathBuf;

pub const USE_CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/usecases");

/// Functions that insert a row for their caller, who locks the user: table, file, call.
const PARTS: [(&str, &str, &str); 3] = [
    ("invitations", "mail/invite.rs", "inviter.invite("),
    ("mail_tokens", "mail/answer_request.rs", "self.append("),
    ("sessions", "rules/open_session.rs", "open_session("),
];

/// The calls that lock a user, or insert one.
const LOCKS: [&str; 5] =
    ["users().lock(", "users().lock_by_email(", "users().insert(", "verified.lock(", "lock_invited("];

/// Asserts that each function of a use case that inserts a row into the table of this foreign key locks the
/// user before.
pub fn assert_locked(constraint: &str) {
    let table = constraint.split('.').next().unwrap();
    let part = PARTS.iter().find(|(of, ..)| *of == table);
    let direct = [format!(".{table}().insert("), format!(".{table}().put(")];
    let mut inserts = 0;
    for (path, functions) in use_cases() {
        let is_part = part.is_some_and(|(_, file, _)| path.ends_with(file));
        let calls = direct.iter().filter(|_| !is_part).map(String::as_str);
        let calls: Vec<&str> = calls.chain(part.map(|(.., call)| *call)).collect();
        for function in functions {
            // The name of the function itself is no call.
            let body = &function[function.find('(').unwrap() + 1..];
            let Some(insert) = calls.iter().filter_map(|call| body.find(call)).min() else { continue };
            inserts += 1;
            assert!(
                LOCKS.iter().any(|lock| body[..insert].contains(lock)),
                "{constraint}: {} inserts a row and does not lock the user first: \
                 `work.users().lock(user).await?`",
                path.display()
            );
        }
    }
    assert_ne!(inserts, 0, "{constraint}: no use case has one of {direct:?}");
}

/// The paths of all use cases and their functions, without comments and white space.
fn use_cases() -> Vec<(PathBuf, Vec<String>)> {
    let mut folders = vec![PathBuf::from(USE_CASES)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = code.collect::<Vec<_>>().join("\n");
            // What precedes the first function has none of these calls.
            let functions = code.split(" fn ").skip(1).map(|text| text.split_whitespace().collect());
            files.push((path, functions.collect()));
        }
    }
    files
}
