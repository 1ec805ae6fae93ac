//! Content references: every column that names a content. Whoever adds one adds it here, and a foreign key with it;
//! a test compares this list with the real schema.

/// Tables and columns that name contents, beside `tenant_id`.
pub(crate) const REFERENCES: &[(&str, &str)] = &[("items", "content_id"), ("item_versions", "content_id")];

/// Returns SQL that is 1 when something refers to the row of `contents` it is asked for, else 0.
pub(super) fn used() -> String {
    let exists: Vec<String> = REFERENCES
        .iter()
        .map(|(table, column)| {
            format!(
                "EXISTS (SELECT 1 FROM {table} WHERE {table}.tenant_id = contents.tenant_id \
                 AND {table}.{column} = contents.id)"
            )
        })
        .collect();
    format!("CAST(CASE WHEN {} THEN 1 ELSE 0 END AS BIGINT)", exists.join(" OR "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diesel::Connection as _;
    use diesel::prelude::*;
    use diesel::sql_types::Text;

    use super::REFERENCES;
    use crate::connection::Connection;

    /// Columns of bytes that are called like a name of content and are none.
    const OTHERS: &[&str] = &[
        "agreement_files.content",
        "chunks.id",
        "content_chunks.chunk_id",
        "content_chunks.content_id",
        "contents.id",
        "damaged_chunks.chunk_id",
        "tenants.chunk_key",
        "upload_chunks.chunk_id",
    ];

    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = Text)]
        name: String,
    }

    #[test]
    fn every_column_that_could_name_a_content_is_known_to_the_collector_of_garbage() {
        let mut connection = Connection::Sqlite(SqliteConnection::establish(":memory:").expect("opens"));
        crate::migrate::migrate(&mut connection).expect("migrates");
        let Connection::Sqlite(connection) = &mut connection else { unreachable!("it is SQLite") };
        let columns = "SELECT tables.name || '.' || columns.name AS name \
                         FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
                        WHERE tables.type = 'table' AND columns.type = 'BLOB' \
                          AND (columns.name LIKE '%id' OR columns.name LIKE '%content%' \
                               OR columns.name LIKE '%chunk%') ORDER BY 1";
        let found: Vec<Column> = diesel::sql_query(columns).load(connection).expect("lists");
        let found: BTreeSet<String> = found.into_iter().map(|column| column.name).collect();
        let references = REFERENCES.iter().map(|(table, column)| format!("{table}.{column}"));
        let expected: BTreeSet<String> =
            OTHERS.iter().map(|name| (*name).to_owned()).chain(references).collect();
        assert_eq!(
            found, expected,
            "a column of bytes came or went: if it names a content, add it to REFERENCES (else its bytes are \
             collected as garbage), if not, to the list of others"
        );
    }
}
