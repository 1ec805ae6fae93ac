//! The forms with which a page changes what it shows: a file into a folder, another content for a file, a new folder.

use axum::response::Response;
use drive::ConflictBehavior;
use model::{ItemId, ItemKind, Role};
use serde::Deserialize;

use super::Visitor;
use super::answer::stale_form_page;
use super::hand::Hand;

/// What the template of the forms needs.
pub(super) struct EditForms {
    /// The address of what is shown; each form goes beneath it.
    pub(super) at: String,
    /// Whether a file is shown.
    pub(super) file: bool,
    pub(super) token: String,
}

impl EditForms {
    /// Returns the forms for whoever may edit what is shown.
    pub(super) fn of(visitor: &Visitor, role: Role, kind: ItemKind, at: String) -> Option<Self> {
        let file = kind == ItemKind::File;
        (role >= Role::Write).then(|| Self { at, file, token: visitor.form_token() })
    }
}

/// A form that names a new folder.
#[derive(Deserialize)]
pub(super) struct FolderForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    token: String,
}

/// Makes the folder a form names. The error is the page to answer.
pub(super) async fn take_folder(
    visitor: &Visitor,
    hand: &Hand,
    parent: ItemId,
    form: FolderForm,
) -> Result<(), Response> {
    hand.room(parent).await?;
    if !visitor.sent(&form.token) {
        return Err(stale_form_page());
    }
    let made = hand.edit(move |editor| {
        let name = form.name.trim();
        editor.create_folder(parent, name, ConflictBehavior::Fail, None)
    });
    made.await.map(|_| ())
}
