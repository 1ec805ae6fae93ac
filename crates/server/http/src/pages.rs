//! Pages for people: server-rendered, without scripts, on an origin where no user's content ever runs.
//!
//! Every form carries a token bound to the browser and its session; every redirect stays on this origin, except the
//! one that answers a registered client (`oidc::authorization`).

mod access;
mod access_door;
mod account;
mod account_organization;
mod admin;
mod answer;
mod caught_mail;
mod continuation;
mod device;
mod edit_forms;
mod factor_pages;
mod federated;
mod hand;
mod home;
mod link;
mod link_code;
mod link_content;
mod link_door;
mod link_edit;
mod link_password;
mod mailbox;
mod occasion;
mod recycle_bin;
mod redeem;
mod remove_access;
mod restore_form;
mod share;
mod sign_in;
mod sign_in_continue;
mod sign_out;
mod site;
mod site_content;
mod site_door;
mod site_edit;
mod size;
mod step_up;
mod stylesheet;
mod terms;
mod upload;
mod versions;
mod visitor;

use crate::{Admits, RouteTable};

pub(crate) use answer::{absent_page, failed_page, message_page, redirect};
pub(crate) use continuation::sign_in_address;
pub(crate) use redeem::offer_path;
pub(crate) use sign_in_continue::continue_page;
pub(crate) use step_up::{lead_to_step_up, step_up_address};
pub(crate) use visitor::Visitor;

/// Adds the routes.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    let routes = admin::add(routes);
    routes
        .get("/", Admits::Anyone, home::get_home)
        .get("/pages.css", Admits::Anyone, stylesheet::get_stylesheet)
        .get("/sign-in", Admits::Anyone, sign_in::get_sign_in)
        .post("/sign-in", Admits::Anyone, sign_in::post_address)
        .post("/sign-in/password", Admits::Anyone, sign_in::post_password)
        .get("/{organization}/sign-in/federated", Admits::Anyone, federated::get_arrival)
        .post("/sign-in/continue", Admits::Session, sign_in_continue::post_continue)
        .get("/sign-out", Admits::Anyone, sign_out::get_sign_out)
        .post("/sign-out", Admits::Anyone, sign_out::post_sign_out)
        .get("/device", Admits::Anyone, device::get_device)
        .post("/device", Admits::Session, device::post_device)
        .get("/step-up/{organization}", Admits::Session, step_up::get_step_up)
        .post("/step-up/{organization}/code", Admits::Session, step_up::post_code)
        .post("/step-up/{organization}/app", Admits::Session, step_up::post_app)
        .post("/step-up/{organization}/terms/{terms}", Admits::Session, terms::post_terms)
        .get("/step-up/{organization}/terms/{terms}/file", Admits::Session, terms::get_file)
        .get("/account", Admits::Session, account::get_account)
        .post("/account/sign-outs", Admits::Session, account::post_sign_out)
        .get("/account/{organization}", Admits::Session, account_organization::get_organization)
        .get("/account/{organization}/app", Admits::Session, account_organization::get_app)
        .post("/account/{organization}/app", Admits::Session, account_organization::post_app)
        .post("/account/{organization}/code", Admits::Session, account_organization::post_code)
        .post(
            "/account/{organization}/recovery-codes",
            Admits::Session,
            account_organization::post_recovery_codes,
        )
        .post(
            "/account/{organization}/factors/{factor}/remove",
            Admits::Session,
            account_organization::post_remove,
        )
        .get("/redeem/{ticket}", Admits::Anyone, redeem::get_redeem)
        .post("/redeem/{ticket}", Admits::Session, redeem::post_redeem)
        .get("/redeem", Admits::Session, redeem::get_offer)
        .post("/redeem", Admits::Session, redeem::post_offer)
        .get("/{organization}/sites/{site}", Admits::Session, site::get_site)
        .get("/{organization}/sites/{site}/items/{drive}/{item}", Admits::Session, site::get_item)
        .get(
            "/{organization}/sites/{site}/items/{drive}/{item}/content",
            Admits::Session,
            site_content::get_content,
        )
        .post(
            "/{organization}/sites/{site}/items/{drive}/{item}/upload",
            Admits::Session,
            site_edit::post_upload,
        )
        .post(
            "/{organization}/sites/{site}/items/{drive}/{item}/folder",
            Admits::Session,
            site_edit::post_folder,
        )
        .get(
            "/{organization}/sites/{site}/items/{drive}/{item}/versions",
            Admits::Session,
            versions::get_versions,
        )
        .post(
            "/{organization}/sites/{site}/items/{drive}/{item}/versions/{version}/restore",
            Admits::Session,
            versions::post_restore,
        )
        .get("/{organization}/sites/{site}/recycle-bin", Admits::Session, recycle_bin::get_bin)
        .post("/{organization}/sites/{site}/recycle-bin/restore", Admits::Session, recycle_bin::post_restore)
        .get("/{organization}/sites/{site}/access", Admits::Session, access::get_access)
        .post("/{organization}/sites/{site}/access", Admits::Session, share::post_share)
        .post(
            "/{organization}/sites/{site}/access/{permission}/remove",
            Admits::Session,
            remove_access::post_remove,
        )
        .get("/{organization}/sites/{site}/items/{drive}/{item}/access", Admits::Session, access::get_access)
        .post("/{organization}/sites/{site}/items/{drive}/{item}/access", Admits::Session, share::post_share)
        .post(
            "/{organization}/sites/{site}/items/{drive}/{item}/access/{permission}/remove",
            Admits::Session,
            remove_access::post_remove,
        )
        .get("/{letter}/g/{secret}", Admits::Anyone, link::get_link)
        .get("/{letter}/g/{secret}/items/{item}", Admits::Anyone, link::get_link)
        .get("/{letter}/g/{secret}/items/{item}/content", Admits::Anyone, link_content::get_content)
        .post("/{letter}/g/{secret}/items/{item}/upload", Admits::Anyone, link_edit::post_upload)
        .post("/{letter}/g/{secret}/items/{item}/folder", Admits::Anyone, link_edit::post_folder)
        .post("/{letter}/g/{secret}/password", Admits::Anyone, link_password::post_password)
        .post("/{letter}/g/{secret}/code", Admits::Anyone, link_code::post_code)
        .post("/{letter}/g/{secret}/code/check", Admits::Anyone, link_code::post_check)
        .get("/_layouts/15/download.aspx", Admits::Anyone, link_content::get_download)
        .get("/mailbox", Admits::Anyone, mailbox::get_mailbox)
        .get("/mailbox/{mail}", Admits::Anyone, mailbox::get_mail)
}
