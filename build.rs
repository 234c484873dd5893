//! Builds again when a migration is added: `sqlx::migrate!` sees only the files that were there before.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
