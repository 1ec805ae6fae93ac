//! Relay: passes every byte between clients and a server on this computer on, and counts them in both directions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use runtime::{Runtime, Task};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// How much is passed on at once.
const PIECE: usize = 256 * 1024;

/// Bytes of TCP payload in both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes {
    /// From clients to the server.
    pub to_server: u64,
    /// From the server to clients.
    pub from_server: u64,
}

impl Bytes {
    /// Returns what came since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            to_server: self.to_server - before.to_server,
            from_server: self.from_server - before.from_server,
        }
    }

    /// Returns both directions together.
    #[must_use]
    pub fn total(self) -> u64 {
        self.to_server + self.from_server
    }
}

#[derive(Debug, Default)]
struct Counters {
    to_server: AtomicU64,
    from_server: AtomicU64,
}

/// A port that stands before another one. It closes when this is dropped.
pub struct Relay {
    /// Its port on this computer.
    pub port: u16,
    counters: Arc<Counters>,
    _accepting: Task,
}

impl Relay {
    /// Opens a relay before a port of this computer, on which something listens by the time the first client comes.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn open(target: u16, runtime: &Runtime) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("the relay cannot listen")?;
        let port = listener.local_addr()?.port();
        let counters = Arc::new(Counters::default());
        let (counting, inner) = (Arc::clone(&counters), runtime.clone());
        let accepting = runtime.spawn("relay", async move {
            while let Ok((client, _)) = listener.accept().await {
                let counters = Arc::clone(&counting);
                inner.spawn("relayed connection", pass_on(client, target, counters)).detach();
            }
        });
        Ok(Self { port, counters, _accepting: accepting })
    }

    /// Returns what passed so far.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        Bytes {
            to_server: self.counters.to_server.load(Ordering::Relaxed),
            from_server: self.counters.from_server.load(Ordering::Relaxed),
        }
    }
}

async fn pass_on(client: TcpStream, target: u16, counters: Arc<Counters>) {
    // Nobody listens there: the client sees its connection close, as it would without the relay.
    let Ok(server) = TcpStream::connect(("127.0.0.1", target)).await else { return };
    let prompt = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    if prompt.is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(
        copy(from_client, to_server, &counters.to_server),
        copy(from_server, to_client, &counters.from_server)
    );
}

/// Copies until one side ends; the end is passed on by closing the other.
async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, counter: &AtomicU64) {
    let mut piece = vec![0; PIECE];
    while let Ok(length) = from.read(&mut piece).await {
        if length == 0 || to.write_all(&piece[..length]).await.is_err() {
            break;
        }
        counter.fetch_add(length as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use runtime::Runtime;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::{Bytes, Relay};

    #[tokio::test]
    async fn every_byte_is_counted_in_its_direction() {
        let runtime = Runtime::tokio();
        let server = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let relay = Relay::open(server.local_addr().expect("a port").port(), &runtime).await.expect("opens");
        let answering = async {
            let (mut connection, _) = server.accept().await.expect("a client");
            let mut asked = [0; 5];
            connection.read_exact(&mut asked).await.expect("reads");
            connection.write_all(b"an answer").await.expect("answers");
        };
        let asking = async {
            let mut connection = TcpStream::connect(("127.0.0.1", relay.port)).await.expect("connects");
            connection.write_all(b"asked").await.expect("asks");
            let mut answer = String::new();
            connection.read_to_string(&mut answer).await.expect("reads");
            answer
        };
        let ((), answer) = tokio::join!(answering, asking);
        assert_eq!(answer, "an answer");
        assert_eq!(relay.bytes(), Bytes { to_server: 5, from_server: 9 });
    }
}
