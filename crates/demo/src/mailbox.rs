//! Mailbox: reads the mails the server caught in its folder, as the recipient's mail program would.

use std::path::Path;
use std::time::Duration;

use runtime::Runtime;

/// How long a mail may take.
const DELIVERY: Duration = Duration::from_secs(20);

/// Waits for a mail to this address and returns the first link in it that contains `part`.
///
/// # Errors
/// When no such mail arrives in time.
pub async fn link_for(runtime: &Runtime, folder: &Path, address: &str, part: &str) -> anyhow::Result<String> {
    let deadline = runtime.elapsed() + DELIVERY;
    loop {
        if let Some(link) = find(folder, address, part) {
            return Ok(link);
        }
        anyhow::ensure!(runtime.elapsed() < deadline, "no mail with a link arrived for the guest");
        runtime.sleep(Duration::from_millis(50)).await;
    }
}

fn find(folder: &Path, address: &str, part: &str) -> Option<String> {
    let mut mails: Vec<_> =
        std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    mails.sort();
    mails.iter().rev().filter(|path| path.extension().is_some_and(|end| end == "eml")).find_map(|path| {
        let mail = std::fs::read_to_string(path).ok()?;
        let to_them =
            mail.lines().any(|line| line.to_ascii_lowercase().starts_with("to:") && line.contains(address));
        if !to_them {
            return None;
        }
        // Quoted-printable: a line may be broken by `=` at its end, and `=3D` is `=`.
        let text = mail.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
        let end = |c: char| c.is_whitespace() || "\"<>".contains(c);
        text.split(end).find(|word| word.starts_with("http") && word.contains(part)).map(str::to_owned)
    })
}
