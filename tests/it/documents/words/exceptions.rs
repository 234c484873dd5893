//! What the check of words and columns leaves out, each with its reason.

/// Words of the glossary's column "not" that are plain English too, which no machine recognizes.
pub(super) const AMBIGUOUS: &[(&str, &str)] = &[
    ("note", "a note in a text"),
    ("send", "clients send requests, and mails are sent"),
    ("carry", "a request carries a header"),
    ("bring", "plain English"),
    ("come", "plain English"),
    ("delivery", "the delivery of a message"),
    ("wants", "plain English"),
    ("handling", "the handling of errors"),
    ("take up", "plain English"),
    ("hold", "a row holds a value"),
    ("turn", "in turn"),
    ("try", "Rust's `try_`, and a person tries"),
    ("tries", "a client tries again"),
    ("again", "plain English"),
    ("letter", "a dead letter, and a letter of a name"),
    ("send again", "a client sends a request again"),
    ("accept", "a socket accepts, and a token is accepted"),
    ("refuse", "a request is refused"),
    ("account", "users speak of their account"),
    ("address alone", "an IP address, and the address of a mail"),
    ("log-in", "the act of logging in"),
    ("end", "plain English"),
    ("log out", "what a user does"),
    ("near", "plain English"),
    ("tier", "the two tiers of the cache, where both are meant"),
    ("copies", "copies of values, files and databases"),
    ("outdated", "an outdated password hash"),
    ("tell", "plain English"),
    ("forget", "a forgotten password"),
    ("rise", "a figure rises"),
    ("fall", "a figure falls"),
    ("rest", "the rest of a list"),
    ("part", "a part of a value"),
    ("expected", "an expected value in a test or an error"),
    ("change", "a change of a user"),
];

/// Where a phrase is meant: how the path begins (empty: any path), how the text begins there, and why.
pub(super) const PHRASES: &[(&str, &str, &str)] = &[
    ("docs/glossary.md", "", "the list of words itself"),
    ("docs/style.md", "", "the list of phrases itself"),
    ("tests/it/documents/words", "", "the check names phrases"),
    ("", "is out of", "plain English, unlike a server that \"is out\""),
    ("tests/cluster", "nobody", "the name of a system user"),
    ("tests/it/build.rs", "edge", "the edges of cargo's tree of features"),
    ("src/config/key_strength/typing.rs", "", "a list of common English words"),
    ("benches/http", "pace", "a load of a fixed number of requests a second"),
    ("docs/benchmarks.md", "paced", "a load of a fixed number of requests a second"),
];

/// Files that hold data and no text of ours: how the path begins, or how it ends, and why.
pub(super) const DATA: &[(&str, &str)] =
    &[("src/domain/common_passwords.txt", "passwords that other people chose")];

/// Files whose comments and prose may be wider, and why.
pub(super) const WIDE: &[(&str, &str)] = &[];
