//! Testkit: two organizations in one process, under virtual time and with faults, from one seed.
