//! A mail server that behaves as a test requires (RFC 5321, the part that a client needs).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use svc::tasks::Tasks;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

use super::mailbox::Arrived;

/// How it treats its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It does not accept connections. Only at the start: once it has listened, it continues to listen.
    IsAway,
    /// Accepts every mail.
    Takes,
    /// Accepts every mail, and never answers that it did.
    TakesInSilence,
    /// Refuses at this point.
    Refuses(Stage, u16),
    /// Refuses at this point with this text.
    Says(Stage, u16, &'static str),
    /// Is silent from this point on.
    FallsSilent(Stage),
    /// Closes the connection at this point.
    HangsUp(Stage),
    /// Sends one byte per second.
    Slow,
}

/// The stages of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    Sender,
    Recipient,
    Data,
    Message,
}

/// Ends when the value is dropped.
pub struct SmtpServer {
    /// The value for `mail.url`.
    pub url: String,
    shared: Arc<Shared>,
    /// The tasks that listen or talk end when this is dropped.
    _alive: watch::Sender<()>,
}

struct Shared {
    manner: watch::Sender<Manner>,
    taken: Mutex<Vec<Vec<u8>>>,
    greetings: Mutex<Vec<String>>,
    recipients: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    extensions: &'static [&'static str],
}

impl SmtpServer {
    /// Starts on its own port.
    pub async fn start(manner: Manner) -> Self {
        Self::with(manner, &["8BITMIME"]).await
    }

    /// Starts with these extensions.
    pub async fn with(manner: Manner, extensions: &'static [&'static str]) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self::on(socket, manner, extensions)
    }

    /// Starts on the loopback address of IPv6.
    pub async fn on_ipv6(manner: Manner) -> Self {
        let socket = TcpSocket::new_v6().unwrap();
        socket.bind("[::1]:0".parse().unwrap()).unwrap();
        Self::on(socket, manner, &["8BITMIME"])
    }

    fn on(socket: TcpSocket, manner: Manner, extensions: &'static [&'static str]) -> Self {
        let url = format!("smtp://{}", socket.local_addr().unwrap());
        let door = if manner == Manner::IsAway { Door::Shut(socket) } else { Door::open(socket) };
        let shared = Arc::new(Shared {
            manner: watch::channel(manner).0,
            taken: Mutex::default(),
            greetings: Mutex::default(),
            recipients: Mutex::default(),
            connections: Mutex::default(),
            extensions,
        });
        let (alive, mut gone) = watch::channel(());
        let (tasks, inner) = (Tasks::default(), shared.clone());
        let conversations = tasks.clone();
        tasks.spawn(async move {
            let mut manner = inner.manner.subscribe();
            tokio::select! {
                _ = manner.wait_for(|manner| *manner != Manner::IsAway) => {}
                _ = gone.changed() => return,
            }
            let listener = door.listener();
            loop {
                let stream = tokio::select! {
                    accepted = listener.accept() => accepted.unwrap().0,
                    _ = gone.changed() => return,
                };
                let (shared, mut gone) = (inner.clone(), gone.clone());
                *shared.connections.lock().unwrap() += 1;
                conversations.spawn(async move {
                    // A change of the behaviour closes the connection.
                    let mut changed = shared.manner.subscribe();
                    tokio::select! {
                        _ = Conversation::new(stream, &shared).run() => {}
                        _ = changed.changed() => {}
                        _ = gone.changed() => {}
                    }
                });
            }
        });
        Self { url, shared, _alive: alive }
    }

    /// Changes the behaviour from now on.
    pub fn now(&self, manner: Manner) {
        self.shared.manner.send_replace(manner);
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap()
    }

    /// Returns the accepted mails.
    pub fn taken(&self) -> Vec<Arrived> {
        self.shared.taken.lock().unwrap().iter().map(|mail| Arrived::parse(mail)).collect()
    }

    /// Returns the names after `EHLO`.
    pub fn greetings(&self) -> Vec<String> {
        self.shared.greetings.lock().unwrap().clone()
    }

    /// Returns the texts after `RCPT TO:`.
    pub fn recipients(&self) -> Vec<String> {
        self.shared.recipients.lock().unwrap().clone()
    }
}

/// A port that stays reserved, whether or not connections are accepted.
enum Door {
    Shut(TcpSocket),
    Open(TcpListener),
}

impl Door {
    fn open(socket: TcpSocket) -> Self {
        Self::Open(socket.listen(1024).unwrap())
    }

    fn listener(self) -> TcpListener {
        match self {
            Self::Shut(socket) => socket.listen(1024).unwrap(),
            Self::Open(listener) => listener,
        }
    }
}

struct Conversation<'a> {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    shared: &'a Shared,
    manner: Manner,
}

impl<'a> Conversation<'a> {
    fn new(stream: TcpStream, shared: &'a Shared) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: BufReader::new(reader), writer, shared, manner: *shared.manner.borrow() }
    }

    /// Returns `None` when the conversation is over.
    async fn run(mut self) -> Option<()> {
        self.answer(Stage::Greeting, "220 here").await?;
        loop {
            let line = self.line().await?;
            match line.to_uppercase() {
                upper if upper.starts_with("EHLO") => {
                    self.shared.greetings.lock().unwrap().push(line["EHLO ".len()..].to_owned());
                    let mut answer = String::new();
                    for name in self.shared.extensions {
                        answer.push_str("250-");
                        answer.push_str(name);
                        answer.push_str("\r\n");
                    }
                    answer.push_str("250 OK");
                    self.answer(Stage::Hello, &answer).await?;
                }
                upper if upper.starts_with("MAIL FROM:") => self.answer(Stage::Sender, "250 OK").await?,
                upper if upper.starts_with("RCPT TO:") => {
                    self.shared.recipients.lock().unwrap().push(line["RCPT TO:".len()..].to_owned());
                    self.answer(Stage::Recipient, "250 OK").await?;
                }
                upper if upper == "DATA" => {
                    self.answer(Stage::Data, "354 go on").await?;
                    let mut mail = Vec::new();
                    loop {
                        let line = self.line().await?;
                        match line.strip_prefix('.') {
                            Some("") => break,
                            Some(rest) => mail.extend_from_slice(rest.as_bytes()),
                            None => mail.extend_from_slice(line.as_bytes()),
                        }
                        mail.extend_from_slice(b"\r\n");
                    }
                    if matches!(self.manner, Manner::Takes | Manner::TakesInSilence) {
                        self.shared.taken.lock().unwrap().push(mail);
                    }
                    self.answer(Stage::Message, "250 taken").await?;
                }
                upper if upper == "QUIT" => {
                    self.say("221 bye").await?;
                    return None;
                }
                _ => self.say("502 what?").await?,
            }
        }
    }

    async fn answer(&mut self, stage: Stage, text: &str) -> Option<()> {
        match self.manner {
            Manner::FallsSilent(at) if at == stage => std::future::pending().await,
            Manner::TakesInSilence if stage == Stage::Message => std::future::pending().await,
            Manner::HangsUp(at) if at == stage => None,
            Manner::Refuses(at, code) if at == stage => self.say(&format!("{code} not so")).await,
            Manner::Says(at, code, words) if at == stage => self.say(&format!("{code} {words}")).await,
            Manner::Slow => {
                for byte in format!("{text}\r\n").bytes() {
                    self.writer.write_all(&[byte]).await.ok()?;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Some(())
            }
            _ => self.say(text).await,
        }
    }

    async fn say(&mut self, text: &str) -> Option<()> {
        self.writer.write_all(format!("{text}\r\n").as_bytes()).await.ok()
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).await.ok()?;
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}
