//! Bad requests to the admin center: each is answered by a page that says what is wrong.

use super::row::{Form, Row};
use crate::world::{Ask, DOMAIN, FORM_TOKEN, Who, World};

pub(super) fn rows(world: &World) -> Vec<Row> {
    let absent = "There is nothing here for you";
    let at = |rest: &str| format!("/{DOMAIN}/admin{rest}");
    let row = |name: &str, ask: Ask, status: u16, holds: &'static str| Row {
        name: name.to_owned(),
        who: Who::Admin,
        ask,
        form: Form::Page,
        status,
        holds,
    };
    let form = |path: &str, fields: &[(&str, &str)]| {
        let mut fields = fields.to_vec();
        fields.push(("token", FORM_TOKEN));
        Ask::form(at(path), &fields)
    };
    let site = format!("/sites/{}", world.things.falcon.site);
    let guest = format!("/guests/{}", world.things.spare_guest);
    let long = "a.example\n".repeat(9);
    vec![
        row("a site's id that is none", Ask::get(at("/sites/falcon")), 404, absent),
        row("a guest's id that is none", Ask::get(at("/guests/%00")), 404, "This request cannot be read"),
        row("another organization", Ask::get("/nowhere.example/admin"), 404, absent),
        row("a search of everything", Ask::get(at("/sites?search=%25%5F%5C")), 200, "No site has a name"),
        row("a search with a NUL", Ask::get(at("/guests?search=%00zz%00zz")), 200, "in it"),
        row("a page behind a NUL", Ask::get(at("/sites?after=%00%FF")), 200, "Active sites"),
        row("an unknown level", form("/sharing", &[("sites", "open")]), 400, "sites-mistake"),
        row("days beyond numbers", form("/sharing", &[("guest-days", "99999")]), 400, "guest-days-mistake"),
        row(
            "no domain",
            form("/sharing", &[("domain-mode", "allow"), ("domains", "<b>")]),
            400,
            "is no domain",
        ),
        row(
            "a group of nobody",
            form("/sharing", &[("groups-guests", "00000000-0000-0000-0000-000000000000")]),
            400,
            "no security group",
        ),
        row("a list without a meaning", form("/inviting", &[("domains", &long)]), 400, "domain-mode-mistake"),
        row("nobody may invite so", form("/inviting", &[("invites-from", "x")]), 400, "invites-from-mistake"),
        row("an unknown level of a site", form(&site, &[("level", "x")]), 400, "level-mistake"),
        row("an unknown deed", form(&guest, &[("deed", "delete")]), 200, "<dt>State</dt>"),
        row("a deed that does not fit", form(&guest, &[("deed", "restore")]), 200, "<dt>State</dt>"),
        row("a form of another page", Ask::form(at("/sharing"), &[("token", "x")]), 403, "out of date"),
    ]
}
