use std::fs::{DirBuilder, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use uuid::Uuid;

/// Makes the file that the first command of an installation would make.
pub(super) fn generate(folder: &Path) {
    DirBuilder::new().mode(0o700).create(folder).unwrap();
    let text = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let path = folder.join("secret.key");
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}
