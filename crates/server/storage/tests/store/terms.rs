//! Terms of use: versions, texts and answers are read as they were written, and no other organization's.

use model::{Agreement, TermsAnswer, TermsExpiry, TermsId, TermsText, TermsVersion, Timestamp, UserId};
use storage::{StorageError, Store};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

fn at(minute: u32) -> Timestamp {
    format!("2026-01-01T00:{minute:02}:00Z").parse().expect("a time")
}

fn text(language: &str, content: &str) -> TermsText {
    TermsText {
        language: language.to_owned(),
        is_default: language == "en",
        file_name: "terms.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        content: content.as_bytes().to_vec(),
    }
}

on_both_databases! {
    async fn terms_versions_texts_and_answers_stay_within_their_organization(store: Store) {
        let call = with_tenant(&store, &tenant("Contoso", 1)).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        let (id, user) = (TermsId::from_random([1; 16]), UserId::from_random([3; 16]));
        let first = Agreement {
            id,
            display_name: "House rules".to_owned(),
            viewing_required: true,
            expiry: Some(TermsExpiry { from: at(5), every_s: 60 }),
            reaccept_every_s: Some(30),
            created: at(0),
        };
        let changed = Agreement { display_name: "Rules".to_owned(), expiry: None, ..first.clone() };
        let versions = [1, 2].map(|version| {
            TermsVersion { version, reaccept: version == 1, published: at(u32::try_from(version).expect("small")) }
        });
        let answers = [true, false].map(|accepted| {
            TermsAnswer { user, version: 2, accepted, at: at(if accepted { 7 } else { 6 }) }
        });
        let kept = changed.clone();
        write(&call, move |scope| {
            let mut terms = scope.terms();
            terms.put(&first)?;
            terms.put(&changed)?;
            terms.publish(id, versions[0], &[text("en", "one")])?;
            terms.publish(id, versions[1], &[text("en", "two"), text("de", "zwei")])?;
            answers.iter().try_for_each(|answer| terms.answer(id, *answer))
        })
        .await
        .expect("writes");
        let seen = async |call: &storage::Call| {
            call.read(move |scope| -> Result<_, StorageError> {
                let mut terms = scope.terms();
                let (versions, texts) = (terms.list_versions(id)?, terms.list_texts(id, 2)?);
                let (found, last) = (terms.find(id)?, terms.last_answer(id, user)?);
                Ok((terms.list()?, found, versions, texts, last, terms.list_answers(id)?))
            })
            .await
            .expect("reads")
        };
        let texts = vec![text("de", "zwei"), text("en", "two")];
        let all = (vec![kept.clone()], Some(kept), versions.to_vec(), texts, Some(answers[0]), answers.to_vec());
        assert_eq!(seen(&call).await, all);
        let nothing = (Vec::new(), None, Vec::new(), Vec::new(), None, Vec::new());
        assert_eq!(seen(&other).await, nothing);
        write(&other, move |scope| scope.terms().delete(id)).await.expect("writes");
        assert_eq!(seen(&call).await, all, "another tenant deletes nothing");
        write(&call, move |scope| scope.terms().delete(id)).await.expect("writes");
        assert_eq!(seen(&call).await, nothing);
    }
}
