use super::key::SecretKey;

/// The secret keys in use: the present one, and during a rotation the previous one, which is still accepted.
pub type SecretKeys = PerKey<SecretKey>;

/// One value for each secret key in use. New tokens and ciphertexts are made with the present one; the
/// previous one only verifies and decrypts.
#[derive(Clone, Debug)]
pub struct PerKey<T> {
    present: T,
    previous: Option<T>,
}

impl<T> PerKey<T> {
    /// Holds the value of the present key, and that of the previous one if there is one.
    pub const fn new(present: T, previous: Option<T>) -> Self {
        Self { present, previous }
    }

    /// Returns the value of the present key.
    pub const fn present(&self) -> &T {
        &self.present
    }

    /// Iterates over every value, that of the present key first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.present).chain(&self.previous)
    }

    /// Maps every value.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> PerKey<U> {
        PerKey { present: make(&self.present), previous: self.previous.as_ref().map(make) }
    }
}

impl From<SecretKey> for SecretKeys {
    fn from(present: SecretKey) -> Self {
        Self::new(present, None)
    }
}
