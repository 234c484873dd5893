use std::hash::{BuildHasher as _, RandomState};
use std::io::{Write as _, stdout};
use std::time::Duration;

use serde_json::{Value, json};

use crate::Failure;
use crate::auc::{auc, median};
use crate::lab::{Lab, Service, known};

/// The memory of a hash in KiB, in rows that are not about hashes: little enough for a thousand of them.
const CHEAP: u32 = 1024;
const PASSWORD: &str = "correct horse battery";
const TODAY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ";
const BEFORE: &str =
    "$argon2id$v=19$m=9728,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ";
const BCRYPT: &str = "$2b$10$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
const SCHEMES: [(&str, &str); 6] = [
    ("bcrypt 10", BCRYPT),
    ("bcrypt 8", "$2b$08$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
    (
        "PBKDF2-SHA-256 100,000",
        "$pbkdf2-sha256$i=100000$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
    ),
    (
        "PBKDF2-SHA-512 50,000",
        "$pbkdf2-sha512$i=50000$c2FsdHNhbHRzYWx0c2FsdA$EHLBej+uEvxlmr0QnHnceg1vM6h1wbwSP5XErh3Smiw",
    ),
    (
        "scrypt 14, 8, 1",
        "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ",
    ),
    (
        "argon2i 4096, 3",
        "$argon2i$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ",
    ),
];

/// Measures the rows on one database and prints each when it is done.
struct Rows<'a> {
    lab: &'a Lab,
    n: usize,
    only: &'a str,
}

/// The times of two kinds of requests.
#[derive(Default)]
struct Times([Vec<Duration>; 2]);

pub async fn all(lab: &Lab, n: usize, only: &str) -> Result<(), Failure> {
    let rows = Rows { lab, n, only };
    rows.log_in("wrong password", &[TODAY], 19_456).await?;
    for (name, hash) in SCHEMES {
        rows.log_in(&format!("wrong password, {name}"), &[hash], 19_456).await?;
    }
    rows.log_in("wrong password, half bcrypt 10", &[TODAY, BCRYPT], 19_456).await?;
    rows.log_in("wrong password, memory_kib raised", &[BEFORE], 19_456).await?;
    rows.log_in("wrong password, no usable hash", &["!"], 19_456).await?;
    rows.locked().await?;
    rows.mail("forgot", "/auth/password/forgot").await?;
    rows.mail("resend", "/auth/email/verify/resend").await?;
    rows.hidden_registration().await?;
    rows.change_of_address().await
}

impl Rows<'_> {
    fn has(&self, name: &str) -> bool {
        name.contains(self.only)
    }

    fn print(&self, name: &str, Times([first, second]): &Times) -> Result<(), Failure> {
        let milliseconds = |times: &[Duration]| median(times).as_secs_f64() * 1000.0;
        writeln!(
            stdout(),
            "{:10} {name:42} {:>6} {:>7.2} ms {:>7.2} ms {:>6.3}",
            self.lab.name(),
            first.len(),
            milliseconds(first),
            milliseconds(second),
            auc(first, second)
        )?;
        Ok(())
    }

    /// Compares unknown addresses with wrong passwords for accounts with these hashes in turn.
    async fn log_in(&self, name: &str, hashes: &[&str], memory_kib: u32) -> Result<(), Failure> {
        if !self.has(name) {
            return Ok(());
        }
        let service = self.lab.serve(hashes, "active", memory_kib).await?;
        self.print(name, &self.interleaved(&service, "/auth/login", 401).await?)
    }

    /// Compares unknown addresses with wrong passwords for locked accounts.
    async fn locked(&self) -> Result<(), Failure> {
        let name = "wrong password, locked";
        if !self.has(name) {
            return Ok(());
        }
        let service = self.lab.serve(&[TODAY], "locked", 19_456).await?;
        self.print(name, &self.interleaved(&service, "/auth/login", 401).await?)
    }

    /// Compares requests for mails to unknown addresses and to accounts, and the request right after each.
    async fn mail(&self, name: &str, path: &str) -> Result<(), Failure> {
        let shadow = format!("{name}, the request after");
        if !self.has(name) && !self.has(&shadow) {
            return Ok(());
        }
        let service = self.lab.serve(&[TODAY], "active", CHEAP).await?;
        let (mut own, mut after) = (Times::default(), Times::default());
        for (number, is_known) in order(self.n) {
            let email = if is_known { known(number) } else { unknown() };
            own.add(is_known, send(&service, path, &json!({ "email": email }), 202).await?);
            after.add(is_known, send(&service, path, &json!({ "email": unknown() }), 202).await?);
        }
        self.print(name, &own)?;
        self.print(&shadow, &after)
    }

    /// Compares registrations of free and of taken addresses with `registration.reveal_existing = false`, and
    /// the request right after each.
    async fn hidden_registration(&self) -> Result<(), Failure> {
        let (name, shadow) = ("hidden registration", "hidden registration, the request after");
        if !self.has(shadow) {
            return Ok(());
        }
        let hidden = [("SVC_REGISTRATION__REVEAL_EXISTING", "false")];
        let service = self.lab.serve_with(&[TODAY], "active", CHEAP, &hidden).await?;
        let (mut own, mut after) = (Times::default(), Times::default());
        for (number, is_known) in order(self.n) {
            let email = if is_known { known(number) } else { unknown() };
            let body = json!({ "email": email, "password": PASSWORD });
            own.add(is_known, send(&service, "/auth/register", &body, 202).await?);
            let forgot = json!({ "email": unknown() });
            after.add(is_known, send(&service, "/auth/password/forgot", &forgot, 202).await?);
        }
        self.print(name, &own)?;
        self.print(shadow, &after)
    }

    /// Compares changes of address to free and to taken addresses, and the request right after each.
    async fn change_of_address(&self) -> Result<(), Failure> {
        let (name, shadow) = ("change of address", "change of address, the request after");
        if !self.has(shadow) {
            return Ok(());
        }
        let service = self.lab.serve(&[TODAY], "active", CHEAP).await?;
        let account = json!({ "email": unknown(), "password": PASSWORD });
        service.send("/auth/register", None, &account).await?;
        let mut token = String::new();
        let (mut own, mut after) = (Times::default(), Times::default());
        for (index, (number, is_known)) in order(self.n).enumerate() {
            if index % 500 == 0 {
                let (_, pair, _) = service.send("/auth/login", None, &account).await?;
                pair["access_token"].as_str().ok_or("no access token")?.clone_into(&mut token);
            }
            let email = if is_known { known(number) } else { unknown() };
            let body = json!({ "new_email": email, "password": PASSWORD });
            let (status, problem, took) = service.send("/users/me/email", Some(&token), &body).await?;
            if status != 202 {
                return Err(format!("{name}: {status} {problem}").into());
            }
            own.add(is_known, took);
            let forgot = json!({ "email": unknown() });
            after.add(is_known, send(&service, "/auth/password/forgot", &forgot, 202).await?);
        }
        self.print(name, &own)?;
        self.print(shadow, &after)
    }

    /// Compares wrong passwords for unknown addresses and for accounts.
    async fn interleaved(&self, service: &Service, path: &str, status: u16) -> Result<Times, Failure> {
        let mut times = Times::default();
        for (number, is_known) in order(self.n) {
            let email = if is_known { known(number) } else { unknown() };
            let body = json!({ "email": email, "password": "incorrect horse" });
            times.add(is_known, send(service, path, &body, status).await?);
        }
        Ok(times)
    }
}

impl Times {
    fn add(&mut self, is_known: bool, took: Duration) {
        self.0[usize::from(is_known)].push(took);
    }
}

async fn send(service: &Service, path: &str, body: &Value, wanted: u16) -> Result<Duration, Failure> {
    let (status, problem, took) = service.send(path, None, body).await?;
    if status == wanted { Ok(took) } else { Err(format!("{path}: {status} {problem}").into()) }
}

/// Returns each number with both kinds, in random order.
fn order(n: usize) -> impl Iterator<Item = (usize, bool)> {
    let coin = RandomState::new();
    (0..n).flat_map(move |number| {
        let known_first = coin.hash_one(number) % 2 == 0;
        [(number, known_first), (number, !known_first)]
    })
}

/// Returns an address that no account has, and that was not used before.
fn unknown() -> String {
    format!("unknown{}@example.com", RandomState::new().hash_one(0))
}
