//! Listed domains: the entries of an organization's, a site's and the directory's lists (B07). Thousands may be listed, so
//! what a request asks is whether one domain is, never the whole list.

use std::collections::BTreeSet;

use diesel::prelude::*;
use model::{DomainName, SiteId};

use crate::connection::on;
use crate::schema::governance::listed_domains;
use crate::{Scope, StorageError, Writing};

/// Most rows of one insert; both databases bind far more than three values for each.
const BATCH: usize = 500;

/// Whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListPlace {
    /// The organization's, for sharing.
    Sharing,
    /// The directory's, for new guests.
    Directory,
    /// A site's own, for sharing.
    Site(SiteId),
}

impl ListPlace {
    fn stored(self) -> String {
        match self {
            Self::Sharing => "sharing".to_owned(),
            Self::Directory => "directory".to_owned(),
            Self::Site(site) => site.to_string(),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = listed_domains)]
struct Row {
    tenant_id: String,
    place: String,
    domain: String,
}

/// The listed domains of a scope's tenant.
pub struct ListedDomains<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's listed domains.
    pub fn listed_domains(&mut self) -> ListedDomains<'_, M> {
        ListedDomains(self.reborrow())
    }
}

impl<M> ListedDomains<'_, M> {
    /// Returns which of some lists a domain is on.
    ///
    /// # Errors
    /// A storage error.
    pub fn lists_with(
        &mut self,
        domain: &DomainName,
        places: &[ListPlace],
    ) -> Result<BTreeSet<ListPlace>, StorageError> {
        let stored: Vec<String> = places.iter().map(|place| place.stored()).collect();
        let query = listed_domains::table
            .filter(listed_domains::tenant_id.eq(self.0.tenant.to_string()))
            .filter(listed_domains::place.eq_any(&stored))
            .filter(listed_domains::domain.eq(domain.as_str()))
            .select(listed_domains::place);
        let found: Vec<String> = on!(self.0, connection => query.load(connection))?;
        Ok(places.iter().copied().filter(|place| found.contains(&place.stored())).collect())
    }

    /// Lists the domains of one list.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, place: ListPlace) -> Result<BTreeSet<DomainName>, StorageError> {
        let query = listed_domains::table
            .filter(listed_domains::tenant_id.eq(self.0.tenant.to_string()))
            .filter(listed_domains::place.eq(place.stored()))
            .select(listed_domains::domain);
        let found: Vec<String> = on!(self.0, connection => query.load(connection))?;
        let read = |text: String| {
            text.parse().map_err(|_| StorageError::Corrupt { table: "listed_domains", column: "domain" })
        };
        found.into_iter().map(read).collect()
    }
}

impl ListedDomains<'_, Writing> {
    /// Replaces one list.
    ///
    /// # Errors
    /// A storage error.
    pub fn replace(&mut self, place: ListPlace, domains: &BTreeSet<DomainName>) -> Result<(), StorageError> {
        let tenant = self.0.tenant.to_string();
        let old = listed_domains::table
            .filter(listed_domains::tenant_id.eq(&tenant))
            .filter(listed_domains::place.eq(place.stored()));
        on!(self.0, connection => diesel::delete(old).execute(connection))?;
        let rows: Vec<Row> = domains
            .iter()
            .map(|domain| Row {
                tenant_id: tenant.clone(),
                place: place.stored(),
                domain: domain.as_str().to_owned(),
            })
            .collect();
        for rows in rows.chunks(BATCH) {
            on!(self.0, connection => diesel::insert_into(listed_domains::table).values(rows).execute(connection))?;
        }
        Ok(())
    }
}
