//! Seals of the audit trail against somebody who edits the database behind the server's back (B09).

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use identity::{AuditHead, AuditVerdict, Tampering};
use model::{Actor, AuditEvent, AuditRecordId, UserId};
use storage::{Call, Commit, StorageError};

use crate::cloud::Cloud;

struct Trail {
    cloud: Cloud,
    head: AuditHead,
}

fn record(seed: u8) -> AuditRecordId {
    AuditRecordId::from_random([seed; 16])
}

impl Trail {
    /// A trail of three seals of three records each, behind what founding the organization recorded.
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let mut trail = Self { cloud, head: AuditHead { number: 0, hash: [0; 32] } };
        trail.seal().await;
        for seal in 0..3 {
            trail.write(&[seal * 3, seal * 3 + 1, seal * 3 + 2]).await;
            trail.seal().await;
        }
        assert_eq!(trail.verify().await.tampering, []);
        trail
    }

    async fn write(&self, seeds: &[u8]) {
        let (now, seeds) = (self.cloud.runtime().now(), seeds.to_vec());
        let call = Call::new(self.cloud.store.clone(), self.cloud.contoso, Actor::Operator);
        call.write(move |scope| -> Result<_, StorageError> {
            let person = Actor::Person(UserId::from_random([9; 16]));
            let event = AuditEvent::new(now, person, "SharingSet").detail("Role", "read");
            let proof = scope.audit().record_all(seeds.iter().map(|seed| ([*seed; 16], &event)).collect())?;
            Ok(Commit::new((), proof))
        })
        .await
        .expect("records");
    }

    async fn seal(&mut self) {
        self.head =
            self.cloud.identity.seal_audit(self.cloud.contoso).await.expect("seals").expect("something");
    }

    async fn verify(&self) -> AuditVerdict {
        self.cloud.identity.verify_audit(self.cloud.contoso, Some(self.head)).await.expect("verifies")
    }

    /// Edits the file past the server.
    fn edit(&self, sql: &str) {
        let path = self.cloud.folder.path().join("cloud.db");
        let mut file = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("opens");
        file.batch_execute(&format!("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; {sql}"))
            .expect("edits");
    }
}

#[tokio::test]
async fn r_b09_an_untouched_trail_is_intact_and_tells_what_waits() {
    let mut trail = Trail::new().await;
    let verdict = trail.verify().await;
    assert_eq!((verdict.seals, verdict.unsealed, verdict.head), (4, 0, trail.head));
    trail.write(&[20]).await;
    assert_eq!(trail.verify().await.unsealed, 1);
    trail.seal().await;
    assert_eq!(trail.verify().await.tampering, []);
    assert_eq!(trail.cloud.identity.seal_audit(trail.cloud.contoso).await.expect("seals"), None);
}

#[tokio::test]
async fn r_b09_a_record_changed_past_the_server_shows() {
    for column in [
        "operation = 'FileAccessed'",
        "actor = NULL",
        "at = at + 1",
        "details = '{}'",
        "client_address = '10.0.0.1'",
        "target_id = 'x'",
    ] {
        let trail = Trail::new().await;
        trail.edit(&format!("UPDATE audit_events SET {column} WHERE id = '{}'", record(4)));
        assert_eq!(trail.verify().await.tampering, [Tampering::RecordChanged(record(4))], "{column}");
    }
}

#[tokio::test]
async fn r_b09_a_record_removed_past_the_server_shows() {
    let trail = Trail::new().await;
    trail.edit(&format!("DELETE FROM audit_events WHERE id IN ('{}', '{}')", record(0), record(8)));
    let expected = [Tampering::RecordRemoved(record(0)), Tampering::RecordRemoved(record(8))];
    assert_eq!(trail.verify().await.tampering, expected);
}

#[tokio::test]
async fn r_b09_a_record_inserted_past_the_server_shows() {
    let copy = |seal: &str, at: &str| {
        let (from, id) = (record(4), record(77));
        format!(
            "INSERT INTO audit_events (id, tenant_id, at, actor_kind, actor, operation, details, seal) \
             SELECT '{id}', tenant_id, {at}, actor_kind, actor, operation, details, {seal} \
             FROM audit_events WHERE id = '{from}'"
        )
    };
    for seal in ["seal", "99", "0"] {
        let trail = Trail::new().await;
        trail.edit(&copy(seal, "at"));
        assert_eq!(trail.verify().await.tampering, [Tampering::RecordInserted(record(77))], "{seal}");
    }
    // Without a seal's number it would be sealed as one of now; its time gives it away.
    let mut trail = Trail::new().await;
    trail.edit(&copy("NULL", "at - 86400000000"));
    trail.seal().await;
    assert_eq!(trail.verify().await.tampering, [Tampering::RecordBackdated(record(77))]);
}

#[tokio::test]
async fn r_b09_records_put_into_another_order_show() {
    let trail = Trail::new().await;
    trail.edit(&format!(
        "UPDATE audit_events SET seal = CASE id WHEN '{0}' THEN 4 ELSE 2 END WHERE id IN ('{0}', '{1}')",
        record(0),
        record(8)
    ));
    let expected = [Tampering::RecordMoved(record(0)), Tampering::RecordMoved(record(8))];
    assert_eq!(trail.verify().await.tampering, expected);
}

#[tokio::test]
async fn r_b09_seals_changed_removed_or_forged_show() {
    let trail = Trail::new().await;
    trail.edit("UPDATE audit_seals SET leaves = x'00' WHERE number = 2");
    assert!(trail.verify().await.tampering.contains(&Tampering::SealBroken(2)));

    // A whole seal with its records, out of the middle.
    let trail = Trail::new().await;
    trail.edit("DELETE FROM audit_events WHERE seal = 3; DELETE FROM audit_seals WHERE number = 3");
    let found = trail.verify().await.tampering;
    assert!(found.contains(&Tampering::SealMissing(3)), "{found:?}");

    // The statement of one seal in the place of another.
    let trail = Trail::new().await;
    trail.edit(
        "UPDATE audit_seals SET statement = (SELECT statement FROM audit_seals AS a WHERE a.number = 2 \
         AND a.tenant_id = audit_seals.tenant_id) WHERE number = 3",
    );
    assert!(trail.verify().await.tampering.contains(&Tampering::SealBroken(3)));

    // The newest seal with its records: only a head that was kept elsewhere tells.
    let trail = Trail::new().await;
    trail.edit("DELETE FROM audit_events WHERE seal = 4; DELETE FROM audit_seals WHERE number = 4");
    assert_eq!(trail.verify().await.tampering, [Tampering::HeadLost(4)]);
}

#[tokio::test]
async fn old_records_are_forgotten_with_the_servers_word_and_not_without() {
    let mut trail = Trail::new().await;
    trail.cloud.clock.move_on(181 * 24 * 3_600);
    trail.write(&[30]).await;
    trail.seal().await;
    let forgotten = trail.cloud.identity.forget_audit(trail.cloud.contoso).await.expect("forgets");
    assert!(forgotten >= 9, "{forgotten}");
    trail.seal().await;
    let verdict = trail.verify().await;
    assert_eq!((verdict.tampering.as_slice(), verdict.seals), ([].as_slice(), 2));

    let mut trail = Trail::new().await;
    trail.edit("DELETE FROM audit_events WHERE seal = 1; DELETE FROM audit_seals WHERE number = 1");
    assert!(trail.verify().await.tampering.contains(&Tampering::SealMissing(1)));
    trail.edit(
        "UPDATE tenants SET audit_forgotten = (SELECT statement FROM audit_seals WHERE number = 2 LIMIT 1)",
    );
    assert!(trail.verify().await.tampering.contains(&Tampering::ForgottenUnproven));
    // Sealing goes on, and does not mend what is broken.
    trail.write(&[40]).await;
    trail.seal().await;
    assert!(trail.verify().await.tampering.contains(&Tampering::ForgottenUnproven));
}
