use super::SecretKey;

/// The secret keys in use: the present one, and during a change of the key one more that is still accepted.
pub type SecretKeys = PerKey<SecretKey>;

/// One value for each secret key in use. New tokens and ciphertexts are made with the present one; the previous one
/// only verifies and decrypts.
#[derive(Clone, Debug)]
pub struct PerKey<T> {
    present: T,
    previous: Option<T>,
}

impl<T> PerKey<T> {
    /// Holds the value of the present key, and that of the previous one while there is one.
    pub const fn new(present: T, previous: Option<T>) -> Self {
        Self { present, previous }
    }

    /// The value of the present key.
    pub const fn present(&self) -> &T {
        &self.present
    }

    /// Every value, that of the present key first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.present).chain(&self.previous)
    }

    /// Makes a value of each value.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> PerKey<U> {
        PerKey { present: make(&self.present), previous: self.previous.as_ref().map(make) }
    }
}

impl From<SecretKey> for SecretKeys {
    fn from(present: SecretKey) -> Self {
        Self::new(present, None)
    }
}
