//! Token endpoint: codes, refresh tokens and device codes work for whom, and where, they were given alone.
