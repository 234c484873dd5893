//! The file that holds the secret key if the settings name none.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::key::SecretKey;
use crate::adapters::system::random;
use crate::domain::text_of;

impl SecretKey {
    /// Reads the secret from a file. If the file does not exist, writes 32 random bytes to it as base64url.
    /// Also returns whether the file was created now. Processes that start at the same time end up with the
    /// same secret.
    ///
    /// The secret is the text of the file without a byte order mark and the white space around it, so its
    /// text can later be put into the settings and every derived key stays the same.
    ///
    /// The file is created with mode 0600, its folder with 0700. A file that others can read is accepted,
    /// with a warning in the log; one of less than 32 bytes is [`io::ErrorKind::InvalidData`].
    pub fn read_or_create(path: &Path) -> io::Result<(Self, bool)> {
        match Self::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let created = create(path)?;
                Ok((Self::read(path)?, created))
            }
            read => Ok((read?, false)),
        }
    }

    /// Reads the secret from a file. If the file does not exist, returns a random secret that is stored
    /// nowhere, for a process that makes nothing with it. The second value is always false.
    pub fn read_or_forget(path: &Path) -> io::Result<(Self, bool)> {
        match Self::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok((Self(SecretString::from(URL_SAFE_NO_PAD.encode(random::<32>()))), false))
            }
            read => Ok((read?, false)),
        }
    }

    fn read(path: &Path) -> io::Result<Self> {
        let bytes = Zeroizing::new(fs::read(path)?);
        let text = text_of(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let secret = text.trim();
        if secret.len() < Self::SHORTEST {
            let text = format!(
                "too short for a secret key: at least {} bytes are required. Restore the file that the database was \
                 used with. If the database is new, delete the file, and the next start generates a new key",
                Self::SHORTEST
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        if fs::metadata(path)?.mode() & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "secret key file is readable by other users; set its mode to 0600");
        }
        Ok(Self(SecretString::from(secret)))
    }
}

/// Writes a new secret if there is none. Returns `false` if another process was faster.
///
/// The file is written under another name, and linked to its place when it is complete and on disk: a link
/// never replaces a file, and no process ever reads half a key.
fn create(path: &Path) -> io::Result<bool> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;

    let draft = folder.join(format!(".secret-key-{}", URL_SAFE_NO_PAD.encode(random::<12>())));
    let linked = write(&draft).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft).or_else(|error| if linked.is_err() { Ok(()) } else { Err(error) })?;
    match linked {
        Ok(()) => File::open(folder)?.sync_all().map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn write(draft: &Path) -> io::Result<()> {
    let secret = Zeroizing::new(random::<32>());
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()) + "\n");
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Barrier;
    use std::thread;

    use secrecy::ExposeSecret;

    use super::super::key::tests::PURPOSES;
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_secret_is_made_in_a_new_folder_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/secret.key");
        let (made, created) = SecretKey::read_or_create(&path).unwrap();
        assert!(created);
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(URL_SAFE_NO_PAD.decode(made.0.expose_secret()).unwrap().len(), 32);

        let (found, created) = SecretKey::read_or_create(&path).unwrap();
        assert!(!created);
        assert_eq!(found.0.expose_secret(), made.0.expose_secret());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "the draft is gone");
    }

    #[test]
    fn processes_that_start_at_once_get_the_same_one() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let path = folder.path().join(format!("{round}/secret.key"));
            let start = Barrier::new(10);
            let results: Vec<_> = thread::scope(|scope| {
                let begin = || {
                    start.wait();
                    SecretKey::read_or_create(&path).unwrap()
                };
                let threads: Vec<_> = (0..10).map(|_| scope.spawn(begin)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            let secrets: HashSet<_> = results.iter().map(|(key, _)| key.0.expose_secret()).collect();
            assert_eq!(secrets.len(), 1);
            assert_eq!(results.iter().filter(|(_, created)| *created).count(), 1);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let text = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";
        fs::write(&path, format!("\u{FEFF}{text}\r\n")).unwrap();
        assert_eq!(SecretKey::read_or_create(&path).unwrap().0.0.expose_secret(), text);
    }

    #[test]
    fn a_reader_creates_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/secret.key");
        let secrets = [SecretKey::read_or_forget(&path).unwrap(), SecretKey::read_or_forget(&path).unwrap()];
        assert_ne!(secrets[0].0.0.expose_secret(), secrets[1].0.0.expose_secret());
        assert!(!path.parent().unwrap().exists());
        let (made, _) = SecretKey::read_or_create(&path).unwrap();
        assert_eq!(SecretKey::read_or_forget(&path).unwrap().0.0.expose_secret(), made.0.expose_secret());
    }

    #[test]
    fn a_short_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        for text in ["", "\n", "only-thirty-one-bytes-long-text\n"] {
            fs::write(&path, text).unwrap();
            let error = SecretKey::read_or_create(&path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(!error.to_string().contains("thirty-one"));
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_file_can_be_given_later_and_every_key_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let (made, _) = SecretKey::read_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let (read, _) = SecretKey::read_or_create(&path).unwrap();
        let given = SecretKey::given(&fs::read_to_string(&path).unwrap().trim().into());
        for purpose in PURPOSES {
            assert_eq!(made.derive(purpose), read.derive(purpose));
            assert_eq!(made.derive(purpose), given.derive(purpose));
        }
    }
}
