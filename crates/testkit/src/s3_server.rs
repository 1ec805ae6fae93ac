//! S3 server: one real S3-compatible server (s3s-fs) for a test program, on loopback, over a temporary folder. It checks
//! signatures, and it is gone when the program ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use hyper_util::rt::{TokioExecutor, TokioIo};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;

/// A running server.
#[derive(Debug)]
pub struct S3Server {
    address: SocketAddr,
    folder: tempfile::TempDir,
    buckets: AtomicU32,
}

impl S3Server {
    /// The access key the server knows.
    pub const ACCESS_KEY: &str = "footbridge-tests";
    /// Its secret.
    pub const SECRET_KEY: &str = "a secret for tests alone";
    /// The region requests are signed for.
    pub const REGION: &str = "us-east-1";

    /// Returns this program's server, starting it at first use.
    ///
    /// # Panics
    /// When it cannot listen on loopback.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<S3Server> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// Returns the server's address, such as `http://127.0.0.1:4321`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes an empty bucket and returns its name.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn create_bucket(&self) -> String {
        let name = format!("bucket-{}", self.buckets.fetch_add(1, Ordering::Relaxed));
        std::fs::create_dir(self.folder(&name)).expect("makes a bucket");
        name
    }

    /// Returns where the objects of a bucket lie as files, to damage them.
    #[must_use]
    pub fn folder(&self, bucket: &str) -> PathBuf {
        self.folder.path().join(bucket)
    }

    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let files = s3s_fs::FileSystem::new(folder.path()).expect("opens the folder");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("listens");
        listener.set_nonblocking(true).expect("sets the socket up");
        let address = listener.local_addr().expect("an address");
        std::thread::Builder::new()
            .name("s3-server".to_owned())
            .spawn(move || serve(files, listener))
            .expect("a thread starts");
        Self { address, folder, buckets: AtomicU32::new(0) }
    }
}

/// Serves until the program ends, on a runtime of its own: tests come and go, each with theirs.
#[expect(
    clippy::disallowed_methods,
    reason = "the server is outside of what is tested, as a real one would be"
)]
fn serve(files: s3s_fs::FileSystem, listener: std::net::TcpListener) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async move {
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(S3Server::ACCESS_KEY, S3Server::SECRET_KEY));
        let service = service.build();
        let listener = TcpListener::from_std(listener).expect("listens");
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                // A client that hangs up is its own affair.
                let _ended = server.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
}
