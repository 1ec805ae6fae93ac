//! A mail server that speaks just enough SMTP: it takes mails, or refuses them as told.

use std::sync::{Arc, Mutex};

use runtime::{Runtime, Task};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
}

pub(crate) struct SmtpServer {
    pub(crate) url: String,
    pub(crate) received: Arc<Mutex<Vec<Received>>>,
    _listening: Task,
}

impl SmtpServer {
    /// Starts a server that answers every recipient with `answer`.
    pub(crate) async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (runtime, kept) = (Runtime::tokio(), Arc::clone(&received));
        let listening = runtime.clone().spawn("smtp", async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                runtime
                    .spawn("smtp session", async move { session(stream, answer, kept).await.unwrap_or(()) })
                    .detach();
            }
        });
        Self { url, received, _listening: listening }
    }
}

async fn session(
    stream: TcpStream,
    answer: &str,
    received: Arc<Mutex<Vec<Received>>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example\r\n").await?;
    let (mut from, mut to, mut line) = (String::new(), Vec::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let reply = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mail.example\r\n250 8BITMIME".to_owned(),
            "MAIL" => {
                from = command;
                "250 ok".to_owned()
            }
            "RCPT" => {
                to.push(command);
                answer.to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut data = String::new();
                while !data.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut data).await? == 0 {
                        return Ok(());
                    }
                }
                let mail = Received { from: from.clone(), to: to.clone(), data };
                received.lock().expect("unpoisoned").push(mail);
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}
