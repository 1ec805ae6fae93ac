//! Mails handed to a mail server.

use jobs::SmtpMailer;

use crate::queue::{Queue, invitation};
use crate::smtp_server::SmtpServer;

#[tokio::test]
async fn a_mail_is_handed_over_by_smtp_to_its_recipient_only() {
    let queue = Queue::start().await;
    let server = SmtpServer::start("250 ok").await;
    queue.add(invitation()).await;
    let worker = queue.worker(SmtpMailer::new(&server.url).expect("a mailer"));
    assert_eq!(worker.work_off_now().await.expect("works"), 1);
    assert_eq!(queue.waiting().await, 0);
    let received = server.received.lock().expect("unpoisoned").clone();
    assert_eq!(received.len(), 1);
    assert!(received[0].from.starts_with("MAIL FROM:<no-reply@cloud.example>"), "{}", received[0].from);
    assert_eq!(received[0].to, ["RCPT TO:<maria@fabrikam.example>"]);
    assert!(received[0].data.contains("Message-ID: <"), "{}", received[0].data);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_later_and_a_refusal_is_final() {
    for (answer, waiting) in [("451 try later", 1), ("550 no such person", 0)] {
        let queue = Queue::start().await;
        let server = SmtpServer::start(answer).await;
        queue.add(invitation()).await;
        let worker = queue.worker(SmtpMailer::new(&server.url).expect("a mailer"));
        assert_eq!(worker.work_off_now().await.expect("works"), 1, "{answer}");
        assert_eq!(queue.waiting().await, waiting, "{answer}");
        assert!(server.received.lock().expect("unpoisoned").is_empty());
        assert_eq!(worker.work_off_now().await.expect("works"), 0, "not at once again");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_keeps_the_mail_waiting() {
    let queue = Queue::start().await;
    queue.add(invitation()).await;
    let worker = queue.worker(SmtpMailer::new("smtp://127.0.0.1:1").expect("a mailer"));
    assert_eq!(worker.work_off_now().await.expect("works"), 1);
    assert_eq!(queue.waiting().await, 1);
}
