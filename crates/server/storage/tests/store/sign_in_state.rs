//! Sessions, codes, refresh tokens, device codes, consents and signing keys; and jobs claimed by several workers.

use model::{
    AuthorizationCode, DeviceCode, DeviceCodeState, Factor, FactorId, FamilyId, HomeAccount, JobId, JobKind,
    Predecessor, Proofs, RefreshFamily, RefreshToken, SecretHash, Session, SignInLine, SigningKey, Tenant,
    Timestamp, UserId, WrongCodes,
};
use storage::{Commit, Operator, StorageError, Store, Unaudited};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

fn at(minute: u32) -> Timestamp {
    format!("2026-01-01T00:{minute:02}:00Z").parse().expect("a time")
}

async fn as_operator<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&mut storage::OperatorScope<'_, storage::Writing>) -> Result<T, StorageError>
    + Send
    + 'static,
) -> T {
    Operator::new(store.clone())
        .write(move |cloud| -> Result<_, StorageError> {
            Ok(Commit::unaudited(work(cloud)?, Unaudited::SignInPlumbing))
        })
        .await
        .expect("writes")
}

/// A sign-in of somebody of the organization.
fn family_of(home: &Tenant) -> RefreshFamily {
    RefreshFamily {
        id: FamilyId::from_random([4; 16]),
        home: HomeAccount { tenant: home.id, user: UserId::from_random([3; 16]) },
        client: "client".to_owned(),
        scope: "offline_access".to_owned(),
        created: at(0),
        revoked: None,
    }
}

/// A token of that sign-in, and which one it was issued for.
fn token(seed: u8, predecessor: Option<u8>) -> RefreshToken {
    RefreshToken {
        token: SecretHash([seed; 32]),
        family: FamilyId::from_random([4; 16]),
        issued: at(0),
        expires: at(30),
        replaced: None,
        predecessor: predecessor.map(|of| Predecessor { token: SecretHash([of; 32]), seed: [seed; 16] }),
        superseded: None,
    }
}

on_both_databases! {
    async fn a_session_is_found_in_its_tenant_alone_and_swept_when_it_ended(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let session = Session {
            token: SecretHash([1; 32]),
            tenant: contoso.id,
            user: UserId::from_random([3; 16]),
            created: at(0),
            expires: at(10),
        };
        let kept = session.clone();
        write(&call, move |scope| scope.sessions().create(&kept)).await.expect("creates");
        let token = session.token;
        let find = async |call: &storage::Call| {
            call.read(move |scope| scope.sessions().find(token)).await.expect("reads")
        };
        assert_eq!(find(&call).await, Some(session));
        assert_eq!(find(&other).await, None);
        as_operator(&store, |cloud| cloud.delete_expired_sessions(at(10))).await;
        assert!(find(&call).await.is_some());
        as_operator(&store, |cloud| cloud.delete_expired_sessions(at(11))).await;
        assert_eq!(find(&call).await, None);
    }

    async fn what_was_proven_is_handed_on_grows_and_goes_with_its_line(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let (family, id) = (family_of(&contoso), FamilyId::from_random([4; 16]));
        let (session, line) = (SignInLine::Session(SecretHash([1; 32])), SignInLine::Client(id));
        let (here, there) = (contoso.id, fabrikam.id);
        write(&call, move |scope| {
            scope.refresh_tokens().create_family(&family)?;
            scope.refresh_tokens().create(&token(1, None))?;
            scope.evidence().note_password(line, at(5), None)?;
            scope.evidence().note_second_factor(line, here, at(6), None)?;
            scope.evidence().note_password(session, at(2), Some(at(10)))?;
            scope.evidence().note_second_factor(session, there, at(3), Some(at(10)))?;
            scope.evidence().note_second_factor(session, here, at(8), Some(at(10)))?;
            scope.evidence().hand_on(session, line, None)
        })
        .await
        .expect("writes");
        let proofs = async |call: &storage::Call, line| {
            call.read(move |scope| scope.evidence().proofs(line, at(0))).await.expect("reads")
        };
        let both = [(here, at(8)), (there, at(3))].into();
        assert_eq!(proofs(&call, line).await, Proofs { signed_in: at(5), second_factor: both });
        assert_eq!(proofs(&other, line).await, Proofs::password_alone(at(0)), "another tenant's");
        as_operator(&store, |cloud| cloud.delete_expired_evidence(at(11))).await;
        assert_eq!(proofs(&call, session).await, Proofs::password_alone(at(0)));
        assert_eq!(proofs(&call, line).await.signed_in, at(5));
        as_operator(&store, |cloud| cloud.delete_expired_refresh_tokens(at(31))).await;
        assert_eq!(proofs(&call, line).await, Proofs::password_alone(at(0)));
    }

    async fn factors_steps_and_recovery_codes_are_used_once_and_are_nobody_elses(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let (user, colleague) = (UserId::from_random([3; 16]), UserId::from_random([5; 16]));
        let factor = Factor {
            id: FactorId::from_random([6; 16]),
            user,
            display_name: "Phone".to_owned(),
            sealed: vec![1, 2, 3],
            last_step: 10,
            created: at(0),
        };
        let (new, id) = (factor.clone(), factor.id);
        let used = write(&call, move |scope| {
            let mut factors = scope.factors();
            factors.create(&new)?;
            factors.replace_recovery_codes(user, &[SecretHash([1; 32]), SecretHash([2; 32])])?;
            factors.replace_recovery_codes(user, &[SecretHash([3; 32]), SecretHash([4; 32])])?;
            let steps = [10, 12, 12, 11].map(|step| factors.use_step(id, step));
            let codes = [1, 3, 3].map(|seed| factors.spend_recovery_code(user, SecretHash([seed; 32])));
            let theirs = (factors.spend_recovery_code(colleague, SecretHash([4; 32]))?, factors.delete(colleague, id)?);
            Ok((steps.into_iter().collect::<Result<Vec<_>, _>>()?, codes.into_iter().collect::<Result<Vec<_>, _>>()?, theirs))
        });
        let (steps, codes, theirs) = used.await.expect("writes");
        assert_eq!(steps, [false, true, false, false]);
        assert_eq!(codes, [false, true, false]);
        assert_eq!(theirs, (false, false));
        let wrong = write(&call, move |scope| {
            let mut factors = scope.factors();
            let none = factors.lock_wrong_codes(user, at(1))?;
            factors.set_wrong_codes(user, WrongCodes { count: 4, last: at(2) })?;
            Ok((none.count, factors.lock_wrong_codes(user, at(3))?))
        });
        assert_eq!(wrong.await.expect("writes"), (0, WrongCodes { count: 4, last: at(2) }));
        let seen = async |call: &storage::Call| {
            call.read(move |scope| -> Result<_, StorageError> {
                let mut factors = scope.factors();
                Ok((factors.list_of(user)?, factors.has_any(user)?, factors.count_recovery_codes(user)?))
            })
            .await
            .expect("reads")
        };
        assert_eq!(seen(&call).await, (vec![Factor { last_step: 12, ..factor }], true, 1));
        assert_eq!(seen(&other).await, (Vec::new(), false, 0));
        let elsewhere = write(&other, move |scope| scope.factors().delete(user, id)).await.expect("writes");
        assert!(!elsewhere, "another tenant's");
        assert!(write(&call, move |scope| scope.factors().delete(user, id)).await.expect("writes"));
    }

    async fn a_code_is_spent_once(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let home = HomeAccount { tenant: contoso.id, user: UserId::from_random([3; 16]) };
        let mut code = AuthorizationCode {
            code: SecretHash([2; 32]),
            home,
            resource: contoso.id,
            client: "client".to_owned(),
            redirect_uri: "http://localhost/".to_owned(),
            scope: "openid".to_owned(),
            nonce: Some("n".to_owned()),
            challenge: None,
            expires: at(5),
            spent: None,
            family: None,
        };
        let (new, hash, family) = (code.clone(), code.code, FamilyId::from_random([4; 16]));
        let spent = write(&call, move |scope| {
            scope.authorization_codes().create(&new)?;
            let first = scope.authorization_codes().spend(hash, at(1), Some(family))?;
            Ok((first, scope.authorization_codes().spend(hash, at(2), None)?))
        });
        assert_eq!(spent.await.expect("writes"), (true, false));
        (code.spent, code.family) = (Some(at(1)), Some(family));
        let found = call.read(move |scope| scope.authorization_codes().find(hash)).await.expect("reads");
        assert_eq!(found, Some(code));
        as_operator(&store, |cloud| cloud.delete_expired_authorization_codes(at(6))).await;
        let found = call.read(move |scope| scope.authorization_codes().find(hash)).await.expect("reads");
        assert_eq!(found, None);
    }

    async fn a_family_is_found_with_each_of_its_tokens_and_revoked_as_a_whole(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let family = family_of(&contoso);
        let (new, first, second) = (family.clone(), token(1, None), token(2, None));
        write(&call, move |scope| {
            scope.refresh_tokens().create_family(&new)?;
            scope.refresh_tokens().create(&first)?;
            scope.refresh_tokens().create(&second)?;
            scope.refresh_tokens().replace(first.token, at(1))
        })
        .await
        .expect("writes");
        let find = async |seed: u8| {
            let found = call.read(move |scope| scope.refresh_tokens().find(SecretHash([seed; 32]))).await;
            found.expect("reads")
        };
        let (first, of) = find(1).await.expect("the first token");
        assert_eq!((first.replaced, of), (Some(at(1)), family.clone()));
        let id = family.id;
        write(&call, move |scope| scope.refresh_tokens().revoke_family(id, at(3))).await.expect("revokes");
        for seed in [1, 2] {
            assert_eq!(find(seed).await.expect("a token").1.revoked, Some(at(3)));
        }
        as_operator(&store, |cloud| cloud.delete_expired_refresh_tokens(at(31))).await;
        assert!(find(1).await.is_none() && find(2).await.is_none());
        // The family went with its last token, so its id is free.
        write(&call, move |scope| scope.refresh_tokens().create_family(&family)).await.expect("creates");
    }

    async fn a_refresh_token_has_one_successor_that_another_may_supersede(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let family = family_of(&contoso);
        let (first, second, third) = (token(1, None), token(2, Some(1)), token(3, Some(1)));
        let (new, kept) = (third.clone(), second.clone());
        write(&call, move |scope| {
            scope.refresh_tokens().create_family(&family)?;
            scope.refresh_tokens().lock_family(family.id)?;
            scope.refresh_tokens().create(&first)?;
            scope.refresh_tokens().create(&second)
        })
        .await
        .expect("writes");
        let find = async || {
            let found = call.read(move |scope| scope.refresh_tokens().find_successor(SecretHash([1; 32])));
            found.await.expect("reads")
        };
        assert_eq!(find().await, Some(kept.clone()));
        let fork = new.clone();
        let forked = write(&call, move |scope| scope.refresh_tokens().create(&fork)).await;
        assert!(forked.is_err_and(|error| error.is_duplicate()), "a line cannot fork");
        write(&call, move |scope| {
            scope.refresh_tokens().supersede(kept.token, at(2))?;
            scope.refresh_tokens().create(&new)
        })
        .await
        .expect("writes");
        assert_eq!(find().await, Some(third));
    }

    async fn a_device_code_is_answered_and_spent_once(store: Store) {
        let home = HomeAccount { tenant: tenant("Contoso", 1).id, user: UserId::from_random([3; 16]) };
        let request = DeviceCode {
            device: SecretHash([1; 32]),
            user_code: SecretHash([2; 32]),
            client: "client".to_owned(),
            resource: None,
            scope: String::new(),
            state: DeviceCodeState::Pending,
            home: None,
            signed_in: None,
            polled: None,
            expires: at(15),
        };
        let new = request.clone();
        let done = as_operator(&store, move |cloud| {
            cloud.create_device_code(&new)?;
            cloud.poll_device_code(new.device, at(1))?;
            let early = cloud.spend_device_code(new.device)?;
            let first = cloud.answer_device_code(new.device, DeviceCodeState::Approved, home, at(2))?;
            let second = cloud.answer_device_code(new.device, DeviceCodeState::Declined, home, at(3))?;
            let found = cloud.find_device_code_by_user_code(new.user_code)?;
            let spent = (cloud.spend_device_code(new.device)?, cloud.spend_device_code(new.device)?);
            Ok((early, first, second, found, spent))
        })
        .await;
        let (polled, signed_in) = (Some(at(1)), Some(at(2)));
        let state = DeviceCodeState::Approved;
        let approved = DeviceCode { state, home: Some(home), signed_in, polled, ..request };
        assert_eq!(done, (false, true, false, Some(approved), (true, false)));
        as_operator(&store, |cloud| cloud.delete_expired_device_codes(at(16))).await;
        let gone = as_operator(&store, |cloud| cloud.find_device_code(SecretHash([1; 32]))).await;
        assert_eq!(gone, None);
    }

    async fn consents_keep_their_first_time_and_the_first_signing_key_wins(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let user = UserId::from_random([3; 16]);
        let given = write(&call, move |scope| {
            scope.consents().create(user, "invitation", at(1))?;
            scope.consents().create(user, "invitation", at(2))?;
            Ok((scope.consents().find(user, "invitation")?, scope.consents().find(user, "other")?))
        });
        assert_eq!(given.await.expect("writes"), (Some(at(1)), None));
        let key = |seed: u8| SigningKey { id: format!("key {seed}"), private: [seed; 32], created: at(0) };
        for seed in [1, 2] {
            let keys = as_operator(&store, move |cloud| cloud.load_or_create_signing_keys(&key(seed))).await;
            assert_eq!(keys, vec![key(1)]);
        }
    }

    async fn a_claimed_job_is_nobody_elses_until_the_claim_ends(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        write(&call, move |scope| {
            scope.jobs().create(JobId::from_random([5; 16]), JobKind::Mail, "{}".to_owned(), at(0))
        })
        .await
        .expect("queues");
        let claim = async |now: Timestamp, until: Timestamp| {
            as_operator(&store, move |cloud| cloud.claim_due_jobs(now, until, 10)).await.len()
        };
        assert_eq!(claim(at(1), at(5)).await, 1);
        assert_eq!(claim(at(2), at(6)).await, 0);
        assert_eq!(claim(at(5), at(9)).await, 1);
    }
}
