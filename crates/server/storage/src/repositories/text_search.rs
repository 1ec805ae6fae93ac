//! Search for a text inside texts: the pattern of `LIKE`, and lower case as the database makes it.

use diesel::sql_types::Text;

diesel::define_sql_function! {
    /// Returns a text in lower case. SQLite knows the letters of ASCII alone.
    fn lower(text: Text) -> Text;
}

/// Writes a text as a pattern that matches every text that holds it.
pub(super) fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
