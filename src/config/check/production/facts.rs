use std::path::Path;

use crate::config::check::draft::Draft;

/// The input of a rule.
pub(super) struct Facts<'a> {
    pub(super) draft: &'a Draft,
    pub(super) public_url_is_default: bool,
    /// The folder to which relative paths are relative.
    pub(super) folder: &'a Path,
    /// The file of the secret key, if its setting names one.
    pub(super) key_file: Option<&'a Path>,
}
