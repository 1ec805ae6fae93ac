//! Policies of the organization: who brings guests into the directory (sharing-and-guests.md 4.9).

use axum::Json;
use directory::{Collaboration, CollaborationChange, change_collaboration, collaboration};
use graph_types::AuthorizationPolicy;
use model::InvitesFrom;

use crate::graph::admin::{domain_fields, domain_list};
use crate::json_body::JsonBody;
use crate::{Admits, ApiError, Authenticated, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.get("/v1.0/policies/authorizationPolicy", Admits::Token, get_authorization_policy).patch(
        "/v1.0/policies/authorizationPolicy",
        Admits::Token,
        update_authorization_policy,
    )
}

async fn get_authorization_policy(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<AuthorizationPolicy>, ApiError> {
    Ok(Json(shape(&collaboration(&call).await?)))
}

async fn update_authorization_policy(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<AuthorizationPolicy>,
) -> Result<Json<AuthorizationPolicy>, ApiError> {
    let change = CollaborationChange {
        invites_from: asked.allow_invites_from.as_deref().map(invites_from).transpose()?,
        domains: domain_list(
            asked.guest_domain_restriction_mode.as_deref(),
            asked.guest_allowed_domain_list.as_deref(),
            asked.guest_blocked_domain_list.as_deref(),
        )?,
    };
    if change == CollaborationChange::default() {
        return Err(ApiError::invalid("name allowInvitesFrom or the list of guests' domains"));
    }
    Ok(Json(shape(&change_collaboration(&call, change).await?)))
}

fn invites_from(name: &str) -> Result<InvitesFrom, ApiError> {
    InvitesFrom::from_graph_name(name).ok_or_else(|| {
        let names: Vec<&str> = InvitesFrom::ALL.iter().map(|from| from.graph_name()).collect();
        ApiError::invalid(format!("allowInvitesFrom is one of {}", names.join(", ")))
    })
}

fn shape(now: &Collaboration) -> AuthorizationPolicy {
    let (mode, allowed, blocked) = domain_fields(now.policy.domains, &now.domains);
    AuthorizationPolicy {
        allow_invites_from: Some(now.policy.invites_from.graph_name().to_owned()),
        guest_domain_restriction_mode: mode,
        guest_allowed_domain_list: allowed,
        guest_blocked_domain_list: blocked,
    }
}
