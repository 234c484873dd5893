//! Certificates of an authority of the test.

use std::path::Path;
use std::process::Command;

/// Runs openssl with these words in a folder.
fn openssl(folder: &Path, words: &str) {
    let ran = Command::new("openssl").args(words.split(' ')).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{words}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// Makes an authority, and certificates of it for `localhost` that are valid for 30 and for 7 days.
pub fn certificates(folder: &Path) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(folder, &format!("req -x509 {key} -keyout ca.key -out ca.pem -days 90 -subj /CN=authority"));
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(folder, &format!("req {key} -keyout site.key -out site.csr -subj /CN=localhost"));
    for days in [30, 7] {
        let signed = format!("x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days {days}");
        openssl(folder, &format!("{signed} -extfile names -out site-{days}.pem"));
    }
}
