//! Postgres: a private PostgreSQL cluster for one test program, gone when the program ends in whatever way.
//!
//! A shell process watches a pipe that only the test program holds. When the program ends, even killed, the pipe closes
//! and the shell stops the cluster and removes its folder. The cluster listens on a socket in that folder alone.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Starts the cluster, says `ready`, and ends it when the pipe closes. `$1` is the folder of PostgreSQL's programs.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
dir=$(mktemp -d /tmp/fbpg.XXXXXX) || exit 1
as=
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as='setpriv --reuid=postgres --regid=postgres --clear-groups'; fi
cd "$dir" || exit 1
end() { [ -n "$server" ] && kill -QUIT "$server" 2>/dev/null && wait "$server"; cd /; rm -rf "$dir"; exit "$1"; }
$as "$1/initdb" -D "$dir/data" -U app -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || end 1
$as "$1/postgres" -D "$dir/data" -c listen_addresses= -c unix_socket_directories="$dir" -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 >"$dir/log" 2>&1 </dev/null &
server=$!
tries=0
until "$1/pg_isready" -q -h "$dir" -U app -d postgres; do
    tries=$((tries + 1)); [ "$tries" -lt 600 ] || end 1
    kill -0 "$server" 2>/dev/null || end 1
    sleep 0.05
done
echo "ready $dir"
exec >/dev/null 2>&1
cat >/dev/null
end 0
"#;

/// A running cluster.
#[derive(Debug)]
pub struct PostgresCluster {
    programs: PathBuf,
    folder: String,
    databases: AtomicU32,
    // Held open until the program ends: the watchdog waits for its end.
    _pipe: ChildStdin,
    _watchdog: Child,
}

impl PostgresCluster {
    /// Returns this program's cluster, starting it at first use.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn shared() -> &'static Self {
        static CLUSTER: OnceLock<PostgresCluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::start)
    }

    /// Makes an empty database and returns its URL.
    ///
    /// # Panics
    /// When `createdb` fails.
    pub fn create_database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(self.programs.join("createdb"))
            .args(["-h", &self.folder, "-U", "app", &name])
            .status()
            .expect("createdb runs");
        assert!(made.success(), "createdb failed");
        format!("postgres://app@/{name}?host={}", self.folder.replace('/', "%2F"))
    }

    fn start() -> Self {
        let programs = programs();
        let mut watchdog = Command::new("sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(&programs)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let pipe = watchdog.stdin.take().expect("a pipe");
        let said = BufReader::new(watchdog.stdout.take().expect("a pipe")).lines().next();
        let folder = said
            .and_then(Result::ok)
            .and_then(|line| line.strip_prefix("ready ").map(str::to_owned))
            .expect("PostgreSQL starts; as root it needs the user `postgres` that Debian's package makes");
        Self { programs, folder, databases: AtomicU32::new(0), _pipe: pipe, _watchdog: watchdog }
    }
}

/// Finds PostgreSQL's server programs.
fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        debian.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    found.pop().expect("PostgreSQL is not installed: run scripts/setup.sh, or apt-get install postgresql-15")
}
