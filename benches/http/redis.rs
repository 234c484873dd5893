use std::io::ErrorKind;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use url::Url;

use crate::Failure;

/// Removes every key that begins with the first argument.
const REMOVE: &str = "local c='0' repeat local r=redis.call('SCAN',c,'MATCH',ARGV[1]..'*','COUNT',1000) c=r[1] \
    for _,k in ipairs(r[2]) do redis.call('UNLINK',k) end until c=='0' return 1";

/// Returns whether a server at this address accepts commands without a password.
pub async fn answers(url: &str) -> bool {
    let answer = timeout(Duration::from_secs(2), command(url, &["PING"])).await;
    matches!(answer, Ok(Ok(answer)) if answer.starts_with('+'))
}

/// Removes every key of a namespace.
pub async fn remove(url: &str, namespace: &str) -> Result<(), Failure> {
    let answer = timeout(Duration::from_secs(30), command(url, &["EVAL", REMOVE, "0", namespace])).await??;
    if answer.starts_with(':') { Ok(()) } else { Err(format!("Redis: {answer}").into()) }
}

/// Sends one command with a one-line answer. Nothing else is needed here, so there is no client library.
async fn command(url: &str, words: &[&str]) -> Result<String, Failure> {
    let url = Url::parse(url)?;
    let mut socket =
        TcpStream::connect((url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(6379))).await?;
    let words: Vec<_> = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len())).collect();
    let text = format!("*{}\r\n{}", words.len(), words.concat());
    socket.write_all(text.as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n") {
        if socket.read_buf(&mut answer).await? == 0 {
            return Err(std::io::Error::from(ErrorKind::UnexpectedEof).into());
        }
    }
    Ok(String::from_utf8_lossy(&answer).trim_end().to_owned())
}
