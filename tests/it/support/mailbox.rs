use std::path::{Path, PathBuf};

use mailparse::{MailHeaderMap, ParsedMail, parse_mail};
use tempfile::TempDir;

use super::folder;

/// A folder that mails are written to.
pub struct Mailbox(TempDir);

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub message_id: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Default for Mailbox {
    fn default() -> Self {
        Self(folder::new())
    }
}

impl Mailbox {
    /// The first mail creates it.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("mail")
    }

    /// Returns the mails, in the order of their file names.
    pub fn mails(&self) -> Vec<Arrived> {
        mails_in(&self.path())
    }

    /// Returns the mails to an address.
    pub fn to(&self, address: &str) -> Vec<Arrived> {
        self.mails().into_iter().filter(|mail| mail.to == address).collect()
    }
}

/// Returns the mails in a folder; none if it does not exist.
pub fn mails_in(folder: &Path) -> Vec<Arrived> {
    mails_with(folder, "")
}

/// Returns the mails in a folder that contain this text literally. The others are not parsed, which takes
/// long in a debug build.
pub fn mails_with(folder: &Path, text: &str) -> Vec<Arrived> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    let mails = paths.iter().map(|path| std::fs::read(path).unwrap());
    let found = mails.filter(|mail| String::from_utf8_lossy(mail).contains(text));
    found.map(|mail| Arrived::parse(&mail)).collect()
}

impl Arrived {
    /// Parses a mail.
    pub fn parse(bytes: &[u8]) -> Self {
        let mail = parse_mail(bytes).unwrap();
        let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
        let part = |mime: &str| {
            let found = mail.subparts.iter().find(|part| part.ctype.mimetype == mime);
            found.map(ParsedMail::get_body).unwrap().unwrap().replace("\r\n", "\n")
        };
        Self {
            message_id: header("Message-ID"),
            from: header("From"),
            to: header("To"),
            subject: header("Subject"),
            text: part("text/plain"),
            html: part("text/html"),
        }
    }

    /// Returns the token of the link in it.
    pub fn token(&self) -> String {
        let (_, after) = self.text.split_once("#token=").unwrap_or_else(|| panic!("no link in {self:?}"));
        after.split_whitespace().next().unwrap().to_owned()
    }
}
