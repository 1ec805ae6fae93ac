//! Search by name: every word of what is asked must be in the name, whatever its case. Only what the caller may see is
//! looked at, so neither the answer nor the time it takes tells of anything else.

use std::collections::{BTreeMap, BTreeSet};

use model::{Item, ItemId, ItemName};
use storage::{Call, NameSearch, Scope, SearchPlace};

use crate::access::Roots;
use crate::reading::{ItemAddress, ItemView, Reader, describe_in};
use crate::{ItemError, SeenItem, Sight};

/// Longest text that is looked for, in characters; no name is longer.
const LONGEST: usize = 255;
/// Fewest names read at once after the first look, so that many hidden ones do not cost a query each.
const LOOKED_AT: usize = 500;

/// What is looked for where.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    /// Who looks in which library.
    pub reader: Reader,
    /// The folder; all that is open to the reader when not told.
    pub folder: Option<ItemAddress>,
    /// Words, each a part of a name; everything when there are none.
    pub text: String,
    /// Where the page starts.
    pub after: Option<(String, ItemId)>,
    /// Most items of a page.
    pub most: i64,
}

/// A page of what was found.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// The items, by name.
    pub items: Vec<ItemView>,
    /// Where the next page starts.
    pub next: Option<(String, ItemId)>,
}

/// Searches by name.
///
/// # Errors
/// [`ItemError::NotFound`] when the library or folder is hidden, [`ItemError::NotAFolder`], [`ItemError::SearchText`].
pub async fn search(call: &Call, request: SearchRequest) -> Result<SearchPage, ItemError> {
    let words = words(&request.text)?;
    call.read(move |scope| {
        let reader = &request.reader;
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        let (place, folder) = place(scope, &sight, request.folder.as_ref())?;
        let most = usize::try_from(request.most).unwrap_or(usize::MAX);
        let (mut found, mut after, mut more): (Vec<SeenItem>, _, _) = (Vec::new(), request.after, true);
        let mut step = most;
        while more && found.len() < most {
            let asked = i64::try_from(step).unwrap_or(i64::MAX);
            step = step.max(LOOKED_AT);
            let wanted = NameSearch { words: words.clone(), after: after.clone(), most: asked };
            let items = scope.items().search(reader.drive, &place, &wanted)?;
            more = i64::try_from(items.len()).unwrap_or(i64::MAX) == asked;
            after = items.last().map(|last| (ItemName::key_of(&last.name), last.id)).or(after);
            // The folder itself is not in itself.
            let items = items.into_iter().filter(|item| Some(item.id) != folder).collect();
            found.extend(see(scope, &sight, items)?);
        }
        // The next page begins behind what was told, never behind what is hidden.
        more |= found.len() > most;
        found.truncate(most);
        let next =
            found.last().filter(|_| more).map(|last| (ItemName::key_of(&last.item.name), last.item.id));
        Ok(SearchPage { items: describe_in(scope, &sight, found)?, next })
    })
    .await
}

/// Cuts a text into words. A star at a word's end asks for what every word is given.
fn words(text: &str) -> Result<Vec<String>, ItemError> {
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(ItemError::SearchText);
    }
    let folded = ItemName::key_of(text);
    let words = folded.split_whitespace().map(|word| word.replace(['"', '*'], ""));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    if words.len() > NameSearch::MOST_WORDS { Err(ItemError::SearchText) } else { Ok(words) }
}

/// Finds where to look, and the folder that is no result itself.
fn place<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    folder: Option<&ItemAddress>,
) -> Result<(SearchPlace, Option<ItemId>), ItemError> {
    let Some(folder) = folder else {
        return Ok(match sight.access().roots() {
            Roots::Drive => (SearchPlace::Drive, None),
            Roots::Items(items) => (SearchPlace::Below(items.into_iter().collect()), None),
        });
    };
    let seen = sight.find(scope, folder)?;
    seen.require_folder()?;
    let id = seen.item.id;
    let place = if id == sight.drive().root { SearchPlace::Drive } else { SearchPlace::Below(vec![id]) };
    Ok((place, Some(id)))
}

/// Judges what was found, each item by the folders above it.
fn see<M>(scope: &mut Scope<'_, M>, sight: &Sight, items: Vec<Item>) -> Result<Vec<SeenItem>, ItemError> {
    let drive = sight.drive().id;
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let chains = scope.permissions().list_chains(drive, &ids)?;
    let above: BTreeSet<ItemId> = chains.values().flatten().copied().collect();
    let above: Vec<ItemId> = above.into_iter().collect();
    let known: BTreeMap<ItemId, Item> = scope.items().list_ever(drive, &above)?;
    let chain = |item: &Item| -> Vec<Item> {
        let ids = chains.get(&item.id).into_iter().flatten();
        ids.filter_map(|id| known.get(id).cloned()).collect()
    };
    Ok(items.iter().filter_map(|item| sight.seen(chain(item))).collect())
}
