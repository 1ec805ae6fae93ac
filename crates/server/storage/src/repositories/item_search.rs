//! Search by name. In a whole library the index of names is walked in its order, below some folders these folders are:
//! what a search costs depends on what its caller may see, and on nothing beside it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use model::{DriveId, Item, ItemId};

use super::item_rows::ItemRow;
use super::items::Items;
use super::text_search::pattern;
use crate::StorageError;
use crate::connection::{Connection, on};

/// Where names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchPlace {
    /// The whole library, its root apart.
    Drive,
    /// These items and what is below them.
    Below(Vec<ItemId>),
}

/// Which names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameSearch {
    /// What a name must hold, each folded as [`model::ItemName::key_of`] folds; further ones are not looked at.
    pub words: Vec<String>,
    /// The key of the name, and the item, after which the page starts.
    pub after: Option<(String, ItemId)>,
    /// Most items.
    pub most: i64,
}

impl NameSearch {
    /// Most words of a search.
    pub const MOST_WORDS: usize = 6;
}

impl<M> Items<'_, M> {
    /// Finds items by name, in the order of names. What was deleted is left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn search(
        &mut self,
        drive: DriveId,
        place: &SearchPlace,
        wanted: &NameSearch,
    ) -> Result<Vec<Item>, StorageError> {
        let (with, inside) = match place {
            SearchPlace::Drive => (String::new(), "items.parent_id IS NOT NULL"),
            SearchPlace::Below(starts) => (below(starts), "items.id IN (SELECT item FROM below)"),
        };
        let sqlite = matches!(&self.0.connection, Connection::Sqlite(_));
        let mut number = 0;
        let mut next = || {
            number += 1;
            if sqlite { "?".to_owned() } else { format!("${number}") }
        };
        let mut text = format!(
            "{with}SELECT items.* FROM items WHERE items.drive_id = {} AND items.tenant_id = {} \
             AND items.deleted_at IS NULL AND {inside} AND (items.name_key, items.id) > ({}, {})",
            next(),
            next(),
            next(),
            next()
        );
        for _ in 0..NameSearch::MOST_WORDS {
            text.push_str(&format!(" AND items.name_key LIKE {} ESCAPE '\\'", next()));
        }
        text.push_str(&format!(" ORDER BY items.name_key, items.id LIMIT {}", next()));
        let words = wanted.words.iter().map(String::as_str).chain(std::iter::repeat(""));
        let mut patterns = words.map(pattern);
        let mut word = || patterns.next().unwrap_or_default();
        let (key, id) = match &wanted.after {
            Some((key, id)) => (key.clone(), id.to_string()),
            None => (String::new(), String::new()),
        };
        let query = diesel::sql_query(text)
            .bind::<Text, _>(drive.to_string())
            .bind::<Text, _>(self.0.tenant.to_string())
            .bind::<Text, _>(key)
            .bind::<Text, _>(id)
            .bind::<Text, _>(word())
            .bind::<Text, _>(word())
            .bind::<Text, _>(word())
            .bind::<Text, _>(word())
            .bind::<Text, _>(word())
            .bind::<Text, _>(word())
            .bind::<BigInt, _>(wanted.most);
        let rows: Vec<ItemRow> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(ItemRow::into_item).collect()
    }
}

/// Writes the part that gathers some items with everything below them. Ids are our own text form, letters and digits
/// alone; UNION keeps each once, which also ends it whatever the rows say.
fn below(starts: &[ItemId]) -> String {
    let list: Vec<String> = starts.iter().map(|item| format!("'{item}'")).collect();
    let list = if list.is_empty() { "''".to_owned() } else { list.join(",") };
    format!(
        "WITH RECURSIVE below (item) AS (\
           SELECT id FROM items WHERE id IN ({list}) AND deleted_at IS NULL \
           UNION \
           SELECT items.id FROM below JOIN items ON items.parent_id = below.item WHERE items.deleted_at IS NULL) "
    )
}
