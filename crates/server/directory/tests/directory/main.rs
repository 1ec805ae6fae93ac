//! The directory on a real database: two organizations, their people, guests and settings.

mod guest_lifecycle;
mod guests;
mod organizations;
mod settings;
mod world;
