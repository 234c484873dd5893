use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;

use super::message::{Sender, compose_to_read};
use crate::domain::Timestamp;
use crate::ports::{Clock, Ids, Mail, MailError, Mailer};

/// How many mails with one id may be written within one microsecond.
const MOST: u32 = 1000;

/// Writes each mail into a separate file, named after its time and its id: `20261122T195647.506621Z-ID.eml`.
/// A mail that is sent twice is two files, so counting them shows how often each was sent.
///
/// A file has mode 0600, and the folder, which is created with the first mail, 0700: mails may contain links
/// that open accounts. A file is either complete or absent.
pub struct FolderMailer {
    folder: PathBuf,
    sender: Sender,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl FolderMailer {
    /// Writes into this folder.
    #[must_use]
    pub fn new(folder: PathBuf, sender: Sender, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { folder, sender, clock, ids }
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let bytes = compose_to_read(&self.sender, mail)?;
        let name = format!("{}-{}", compact(self.clock.now()), file_name(&mail.message_id));
        let (folder, draft) = (self.folder.clone(), format!(".{}.draft", self.ids.uuid()));
        let written = tokio::task::spawn_blocking(move || write(&folder, &draft, &name, &bytes)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(MailError::Temporary(format!(
                "failed to write a mail to {}: {error}",
                self.folder.display()
            ))),
            Err(error) => Err(MailError::Temporary(error.to_string())),
        }
    }
}

/// Writes the file under another name and links it to its place when it is complete: a link never replaces a
/// file.
fn write(folder: &Path, draft: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(draft);
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        link(folder, &draft, name)
    })();
    let removed = fs::remove_file(&draft);
    written.and(removed)?;
    File::open(folder)?.sync_all()
}

fn link(folder: &Path, draft: &Path, name: &str) -> io::Result<()> {
    for number in 1..MOST {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        match fs::hard_link(draft, folder.join(format!("{name}{suffix}.eml"))) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            linked => return linked,
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, format!("{MOST} files of the name {name} exist already")))
}

/// Formats a time for a file name, without characters that some systems refuse.
fn compact(at: Timestamp) -> String {
    at.to_string().replace(['-', ':'], "")
}

fn file_name(message_id: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.@".contains(c) { c } else { '_' };
    message_id.chars().map(safe).take(150).collect()
}
