//! The organization a command is about, named by one of its domains.

use anyhow::Context;
use model::TenantId;
use storage::{Operator, Store};

/// Finds an organization.
pub(crate) async fn find(store: &Store, domain: &str) -> anyhow::Result<TenantId> {
    let wanted = domain.to_lowercase();
    let found = Operator::new(store.clone()).read(move |cloud| cloud.find_tenant_by_domain(&wanted)).await?;
    found.with_context(|| {
        format!("no organization here has the domain {domain}; make it first with `bootstrap`")
    })
}
