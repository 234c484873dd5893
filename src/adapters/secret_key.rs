//! The one secret of the service, and the file it lives in when nobody gave one.
//!
//! **Here**: [`SecretKey`], and the list of everything that is derived from it.
//!
//! **May use**: std and aws-lc-rs.
//!
//! **To derive another key**: a variant of [`Purpose`] with a label of its own. A label never changes: what
//! was made under it would be lost.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use aws_lc_rs::hkdf;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::system::random;

/// The secret that every other key is derived from. Wiped from memory when it is dropped.
#[derive(Clone)]
pub struct SecretKey(SecretString);

/// What a derived key is for. Keys of different purposes tell nothing of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The MAC of refresh tokens.
    RefreshTokens,
    /// The MAC that is a token sent by mail.
    MailTokens,
    /// The MAC of addresses that mails were sent to.
    MailAddresses,
    /// The encryption of signing keys in the store.
    SigningKeys,
    /// The MAC of what is kept in a cache outside the process.
    CachedValues,
    /// The MAC of the subjects of rate limits outside the process.
    RateLimitSubjects,
    /// The MAC of email addresses in the log.
    LoggedEmails,
    /// The HS256 signature of access tokens.
    Hs256,
    /// The name of the HS256 key, which is public.
    Hs256Id,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::RefreshTokens => "svc refresh-token mac v1",
            Self::MailTokens => "svc mail-token v1",
            Self::MailAddresses => "svc mail-address mac v1",
            Self::SigningKeys => "svc signing-key encryption v1",
            Self::CachedValues => "svc cached-value mac v1",
            Self::RateLimitSubjects => "svc rate-limit-subject mac v1",
            Self::LoggedEmails => "svc logged-email mac v1",
            Self::Hs256 => "svc access-token hs256 v1",
            Self::Hs256Id => "svc access-token hs256 kid v1",
        }
    }
}

impl SecretKey {
    /// The fewest bytes a secret key may have.
    pub const SHORTEST: usize = 32;

    /// Takes a secret that was given, as it is. That it is long enough is for the settings to see to.
    #[must_use]
    pub fn given(secret: &SecretString) -> Self {
        Self(secret.clone())
    }

    /// Reads the secret from a file, or makes 32 random bytes and writes them there as base64url. Also says
    /// whether it was made now. When several processes start at once they all end up with the same one.
    ///
    /// The secret is the text of the file without the white space around it, so the file can later be given as
    /// it is and every key stays the same.
    ///
    /// The file is made with mode 0600, its folder with 0700. A file that others can read is taken, with a
    /// warning in the log; one of less than 32 bytes is [`io::ErrorKind::InvalidData`].
    pub fn read_or_create(path: &Path) -> io::Result<(Self, bool)> {
        match Self::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let created = create(path)?;
                Ok((Self::read(path)?, created))
            }
            read => Ok((read?, false)),
        }
    }

    fn read(path: &Path) -> io::Result<Self> {
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let secret = text.trim();
        if secret.len() < Self::SHORTEST {
            let text = format!(
                "holds no secret key: {} bytes or more are needed. If nothing was made with it yet, remove the \
                 file and a new one is written",
                Self::SHORTEST
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        if fs::metadata(path)?.mode() & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "others can read the secret key: give its file mode 0600");
        }
        Ok(Self(SecretString::from(secret)))
    }

    /// A key of 32 bytes for one purpose (HKDF with SHA-256, RFC 5869, no salt, the purpose's label as info).
    #[must_use]
    pub fn derive(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.0.expose_secret().as_bytes());
        let filled = secret
            .expand(&[purpose.label().as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|derived| derived.fill(key.as_mut_slice()));
        let Ok(()) = filled else { unreachable!("SHA-256 has 32 bytes, and as many were asked for") };
        key
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

/// Writes a new secret where there is none; `false` when another process was faster.
///
/// It is written beside its place and linked there when it is whole and on disk: a link never replaces
/// anything, and nobody ever reads half a key.
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

    use super::*;

    const PURPOSES: [Purpose; 9] = [
        Purpose::RefreshTokens,
        Purpose::MailTokens,
        Purpose::MailAddresses,
        Purpose::SigningKeys,
        Purpose::CachedValues,
        Purpose::RateLimitSubjects,
        Purpose::LoggedEmails,
        Purpose::Hs256,
        Purpose::Hs256Id,
    ];

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn one_is_made_in_a_folder_of_its_own_and_found_again() {
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
    fn whoever_starts_at_once_gets_the_same_one() {
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

    #[test]
    fn no_two_purposes_share_a_key() {
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into());
        let keys: HashSet<_> = PURPOSES.iter().map(|&purpose| *secret.derive(purpose)).collect();
        assert_eq!(keys.len(), PURPOSES.len());
    }

    /// Frozen: with another value every session, signing key and HS256 token of an installation is lost.
    #[test]
    fn a_purpose_gives_the_key_it_always_gave() {
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into());
        let frozen = PURPOSES.map(|purpose| URL_SAFE_NO_PAD.encode(*secret.derive(purpose)));
        let expected = [
            "8XWarG4LQudQlIf3yYoBu8ZJ4MDAmIHXsprK7DZvp60",
            "uo1x6ChylnBsButSemoVXq_l1jAKc3uXlR-Nw3U0KVY",
            "p1ws1b6X2IX2cZWvhnmJsup40cUi9QOmFpiy_QhNTdI",
            "fYZUhdjq617TwCxclrVyF6ej4X2XiEcP6JBd28pGE1U",
            "AZxtNcRlcrpZePt0vtvhHNFl8p-aHiCZSWMe9M-ozp8",
            "YnYbM3s1WVvqhoEJzXyHa1Bf4Jl_GuPYSoLZVZLSYek",
            "sra9ebF8Iv7JGjaYkuWv_qMRpTB_03JYpQKGgCi3rP4",
            "y0NKou2pYLnvMy4lSjCkaGw8kvfD-r3uwHtH9OgSf0s",
            "viNgXWjDydWaRNaY6GGc1f6ok6lakG5pzpptMpVv3Hw",
        ];
        assert_eq!(frozen, expected);
    }

    #[test]
    fn nothing_prints_it() {
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into());
        assert_eq!(format!("{secret:?}"), "SecretKey([redacted])");
    }
}
