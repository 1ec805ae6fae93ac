//! The directory on a real database: two organizations, their people, guests and settings.

mod guests;
mod organizations;
mod settings;
mod world;
