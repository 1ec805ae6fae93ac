//! Mails kept in a folder.

use std::path::Path;

use jobs::FolderMailer;
use runtime::Runtime;
use tokio::sync::watch;

use crate::queue::{Queue, invitation};

fn mails(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.expect("an entry").path()).collect())
        .unwrap_or_default();
    names.sort();
    assert!(names.iter().all(|name| name.extension().is_some_and(|end| end == "eml")), "{names:?}");
    names.iter().map(|name| std::fs::read_to_string(name).expect("reads")).collect()
}

/// Undoes quoted-printable's broken lines and its one escape that links meet.
fn plain(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

#[tokio::test]
async fn an_invitation_becomes_a_mail_with_its_link_and_the_senders_words_quoted() {
    let queue = Queue::start().await;
    let folder = queue.folder.path().join("mail");
    queue.add(invitation()).await;
    let worker = queue.worker(FolderMailer::new(folder.clone(), Runtime::tokio()));
    assert_eq!(worker.work_off_now().await.expect("works"), 1);
    assert_eq!(worker.work_off_now().await.expect("works"), 0, "nothing is sent twice");
    assert_eq!(queue.waiting().await, 0);
    let mails = mails(&folder);
    let mail = plain(&mails[0]);
    assert_eq!(mails.len(), 1);
    for part in [
        "<maria@fabrikam.example>\r\n",
        "Reply-To: \"Olivia Owner\" <olivia@contoso.example>\r\n",
        "https://cloud.example/redeem/a-ticket-that-is-rather-long-so-that-its-line-must-be-broken-somewhere",
        "Olivia Owner writes:\r\n> Here are the files.\r\n> See you!\r\n",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(mail.contains(part), "{part} is missing in\n{mail}");
    }
    let to = mail.lines().find(|line| line.starts_with("To:")).expect("a recipient");
    assert!(to.contains("maria@fabrikam.example"), "{to}");
}

#[tokio::test]
async fn an_owner_reads_who_got_what_as_the_servers_words() {
    let queue = Queue::start().await;
    let folder = queue.folder.path().join("mail");
    let mut mail = invitation();
    mail.kind = directory::mail::MailKind::OwnerShared;
    mail.message = Some("ben@fabrikam.example can edit".to_owned());
    queue.add(mail).await;
    queue.worker(FolderMailer::new(folder.clone(), Runtime::tokio())).work_off_now().await.expect("works");
    let mail = plain(&mails(&folder)[0]);
    assert!(
        mail.contains("gave people outside Contoso access")
            && mail.contains("  ben@fabrikam.example can edit"),
        "{mail}"
    );
    assert!(!mail.contains("writes:"), "{mail}");
}

#[tokio::test]
async fn a_guest_without_a_name_is_not_greeted_by_their_address() {
    let queue = Queue::start().await;
    let folder = queue.folder.path().join("mail");
    let mut mail = invitation();
    mail.recipient_name = Some("Maria@Fabrikam.example".to_owned());
    queue.add(mail).await;
    queue.worker(FolderMailer::new(folder.clone(), Runtime::tokio())).work_off_now().await.expect("works");
    let mail = plain(&mails(&folder)[0]);
    assert!(mail.contains("Hello,\r\n") && mail.contains("To: maria@fabrikam.example\r\n"), "{mail}");
}

#[tokio::test]
async fn nothing_a_person_writes_becomes_a_header_or_markup() {
    let queue = Queue::start().await;
    let folder = queue.folder.path().join("mail");
    let mut mail = invitation();
    let attack = "x\r\nBcc: victim@evil.example\r\n\r\n<script>alert(1)</script>".to_owned();
    mail.sharer_name = attack.clone();
    mail.organization = attack.clone();
    mail.item = Some(attack.clone());
    mail.recipient_name = Some(attack.clone());
    mail.sharer_address = Some("olivia@contoso.example\r\nBcc: victim@evil.example".to_owned());
    mail.message = Some(attack);
    queue.add(mail).await;
    queue.worker(FolderMailer::new(folder.clone(), Runtime::tokio())).work_off_now().await.expect("works");
    let mail = plain(&mails(&folder)[0]);
    let (head, body) = mail.split_once("\r\n\r\n").expect("a head");
    let fields: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect();
    let expected = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"];
    assert!(fields.iter().all(|field| expected.contains(field)), "{fields:?}");
    assert!(!body.split("text/html").nth(1).expect("an HTML part").contains("<script"), "{body}");
}

#[tokio::test]
async fn a_recipient_that_is_no_address_is_given_up() {
    let queue = Queue::start().await;
    let folder = queue.folder.path().join("mail");
    for recipient in ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"] {
        let mut mail = invitation();
        mail.recipient = recipient.to_owned();
        queue.add(mail).await;
    }
    let worker = queue.worker(FolderMailer::new(folder.clone(), Runtime::tokio()));
    assert_eq!(worker.work_off_now().await.expect("works"), 4);
    assert_eq!(queue.waiting().await, 0);
    assert!(mails(&folder).is_empty());
}

#[tokio::test]
async fn a_running_worker_sends_what_comes_and_stops_when_asked() {
    let queue = Queue::start().await;
    let folder = queue.folder.path().join("mail");
    let (stop, stopped) = watch::channel(false);
    let runtime = Runtime::tokio();
    let worker = queue.worker(FolderMailer::new(folder.clone(), runtime.clone()));
    let running = runtime.spawn("worker", worker.run(stopped));
    queue.add(invitation()).await;
    let limit = std::time::Duration::from_secs(20);
    let sent = async {
        while queue.waiting().await > 0 {
            runtime.sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    runtime.timeout(limit, sent).await.expect("is sent in time");
    stop.send_replace(true);
    runtime.timeout(limit, running.join()).await.expect("stops in time");
    assert_eq!(mails(&folder).len(), 1);
}
