//! Identity: sign-in at home, sessions, codes, tokens and redemption, in the shape of Entra's OAuth 2.0 and OIDC.
//!
//! Entry point: [`Identity`], one per process. Its methods are grouped by file: `sign_in` (home realm, password,
//! session), `authorize` (codes), `tokens` (the token endpoint's grants), `refresh` (rotation), `device` (codes for
//! devices without a browser), `application` (programs without a person), `authenticate` (bearer tokens),
//! `second_factor` (second factors and recovery codes), `sign_ins` (where somebody is signed in), `federated_sign_in` (an
//! organization's own issuer), `provisioning` (tokens for SCIM), `address_grant` (addresses that speak for a person),
//! `enter` (pages), `redeem` (invitations), `statement` (signed
//! answers).
//!
//! Invariants:
//! - who somebody is, is proven at the home tenant only, by its password or its own issuer; no second password exists (A03);
//! - a token for an organization is issued only after the account at home *and* the object there were read in the
//!   same transaction (`account`), and every use of it reads both again;
//! - secrets are stored as hashes; codes and device codes work once; refresh tokens form one line that
//!   never forks and dies as a whole when a copy shows (`refresh`, design/0003);
//! - signatures, ids and secrets take time and randomness from the runtime alone.
//!
//! Deliberately unknown here: serving HTTP, HTML, SQL, sites and items.

mod account;
mod address_grant;
mod application;
mod audit_seal;
mod audit_verify;
mod authenticate;
mod authorize;
mod claims;
mod clients;
mod device;
mod door;
mod enter;
mod error;
mod federated_sign_in;
mod form_token;
mod keyed_hash;
mod keys;
mod password;
mod provisioning;
mod recovery;
mod redeem;
mod refresh;
mod refusal;
mod second_factor;
mod secret;
mod service;
mod sign_in;
mod sign_ins;
mod statement;
mod terms;
mod tokens;
mod totp;

pub use address_grant::AddressUse;
pub use application::{ApplicationTokenAnswer, ApplicationTokenRequest};
pub use audit_seal::AuditHead;
pub use audit_verify::{AuditVerdict, Tampering};
pub use authenticate::{Authentication, AuthenticationFault, Bearer};
pub use authorize::{AuthorizeParameters, AuthorizeRequest};
pub use clients::{Client, FOOTBRIDGE_CLIENT_ID};
pub use device::{DeviceAnswer, DeviceGrant, DeviceRequest};
pub use error::IdentityError;
pub use federated_sign_in::{Arrived, Departure, ProviderAnswer};
pub use password::{PasswordCost, Passwords};
pub use policy::Demand;
pub use redeem::{InvitationView, RedeemError};
pub use refusal::Refusal;
pub use second_factor::{AppOffer, FactorView, Factors};
pub use secret::Secret;
pub use service::{Authority, Identity, IdentitySettings};
pub use sign_in::{HomeRealm, SignedIn};
pub use sign_ins::{OrganizationView, SignInView};
pub use terms::TermsReply;
pub use tokens::{Grant, TokenAnswer, TokenRequest};
