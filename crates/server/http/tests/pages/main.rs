//! Sign-in, protocol routes and pages, through the real router on a real SQLite file, with a browser made of cookies.

mod access;
mod admin;
mod authorize;
mod browser;
mod cloud;
mod devices;
mod federation;
mod links;
mod protocol;
mod redeem;
mod second_factors;
mod shared_site;
mod sharing;
mod sign_in;
mod site;
mod terms;
