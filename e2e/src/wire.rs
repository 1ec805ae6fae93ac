//! Wire: the network between the clients and the server, slow and counted. A test sees how many bytes really travelled.

use std::sync::Arc;
use std::time::Duration;

use runtime::Runtime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Bytes passed on at a time.
const PIECE: usize = 64 * 1024;
/// Time each piece takes: some 25 MiB a second, so that a transfer can be met half-way.
const PIECE_TIME: Duration = Duration::from_micros(2500);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the server.
    Up,
    /// From the server.
    Down,
}

struct Shared {
    runtime: Runtime,
    up: watch::Sender<u64>,
    down: watch::Sender<u64>,
}

/// A running wire.
#[derive(Clone)]
pub struct Wire(Arc<Shared>);

impl Wire {
    /// Listens on a free port of this computer and leads to `server`, a port of this computer. Answers with its own port.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(runtime: Runtime, server: u16) -> anyhow::Result<(Self, u16)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let shared =
            Shared { runtime: runtime.clone(), up: watch::Sender::new(0), down: watch::Sender::new(0) };
        let wire = Self(Arc::new(shared));
        let accepting = wire.clone();
        let work = async move {
            while let Ok((client, _)) = listener.accept().await {
                // A server that is down closes the connection, as it would without us.
                let Ok(there) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = there.into_split();
                let (up, down) = (accepting.clone(), accepting.clone());
                let runtime = &accepting.0.runtime;
                runtime.spawn("up", async move { up.pass(Way::Up, from_client, to_server).await }).detach();
                runtime
                    .spawn("down", async move { down.pass(Way::Down, from_server, to_client).await })
                    .detach();
            }
        };
        runtime.spawn("wire", work).detach();
        Ok((wire, port))
    }

    /// Returns how many bytes went one way so far.
    #[must_use]
    pub fn passed(&self, way: Way) -> u64 {
        *self.counter(way).borrow()
    }

    /// Waits until so many bytes went one way.
    pub async fn until(&self, way: Way, bytes: u64) {
        let mut counter = self.counter(way).subscribe();
        // The sender lives as long as this wire, so the wait cannot fail.
        let _passed = counter.wait_for(|passed| *passed >= bytes).await;
    }

    fn counter(&self, way: Way) -> &watch::Sender<u64> {
        match way {
            Way::Up => &self.0.up,
            Way::Down => &self.0.down,
        }
    }

    async fn pass(&self, way: Way, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut piece = vec![0; PIECE];
        while let Ok(length @ 1..) = from.read(&mut piece).await {
            if to.write_all(&piece[..length]).await.is_err() {
                return;
            }
            self.counter(way).send_modify(|passed| *passed += length as u64);
            self.0.runtime.sleep(PIECE_TIME.mul_f64(length as f64 / PIECE as f64)).await;
        }
    }
}
