-- One root: three trees, what was attempted, and the journal.
--
-- Each node names the kind of its parent, so that the foreign key refuses a child below a file. Foreign keys are
-- checked at the end of the transaction, because rows of one change may refer to one another in any order.
-- `anchor` marks the row of a root that the engine did not store itself; it is never given back.

CREATE TABLE control (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    record TEXT NOT NULL
) STRICT;

CREATE TABLE remote (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    parent TEXT CHECK (parent <> id),
    parent_kind INTEGER NOT NULL DEFAULT 1 CHECK (parent_kind = 1),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    size INTEGER NOT NULL,
    content BLOB CHECK (length(content) = 32),
    e_tag TEXT NOT NULL,
    c_tag TEXT NOT NULL,
    modified_s INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    role INTEGER NOT NULL CHECK (role IN (0, 1)),
    anchor INTEGER NOT NULL DEFAULT 0,
    CHECK (parent IS NOT NULL OR kind = 1),
    UNIQUE (id, kind),
    UNIQUE (parent, name_key),
    FOREIGN KEY (parent, parent_kind) REFERENCES remote (id, kind) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX remote_root ON remote (kind) WHERE parent IS NULL;

CREATE TABLE gone (
    id TEXT NOT NULL PRIMARY KEY,
    reason INTEGER NOT NULL CHECK (reason IN (0, 1, 2))
) STRICT, WITHOUT ROWID;

CREATE TABLE local (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 24),
    parent BLOB CHECK (parent <> id),
    parent_kind INTEGER NOT NULL DEFAULT 1 CHECK (parent_kind = 1),
    name TEXT NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    content BLOB CHECK (length(content) = 32),
    fingerprint_id BLOB NOT NULL CHECK (length(fingerprint_id) = 24),
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    motion INTEGER NOT NULL CHECK (motion IN (0, 1)),
    problem TEXT,
    anchor INTEGER NOT NULL DEFAULT 0,
    CHECK (parent IS NOT NULL OR kind = 1),
    UNIQUE (id, kind),
    UNIQUE (parent, name),
    FOREIGN KEY (parent, parent_kind) REFERENCES local (id, kind) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX local_root ON local (kind) WHERE parent IS NULL;

-- Names are not unique here: half-done swaps live in this tree. The binding is, both ways.
CREATE TABLE synced (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    local BLOB NOT NULL UNIQUE CHECK (length(local) = 24),
    parent TEXT CHECK (parent <> id),
    parent_kind INTEGER NOT NULL DEFAULT 1 CHECK (parent_kind = 1),
    remote_name TEXT NOT NULL,
    local_name TEXT NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    content BLOB CHECK (length(content) = 32),
    size INTEGER NOT NULL,
    e_tag TEXT NOT NULL,
    c_tag TEXT NOT NULL,
    modified_s INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    fingerprint_id BLOB CHECK (length(fingerprint_id) = 24),
    fingerprint_size INTEGER,
    mtime_ns INTEGER,
    ctime_ns INTEGER,
    role INTEGER NOT NULL CHECK (role IN (0, 1)),
    anchor INTEGER NOT NULL DEFAULT 0,
    CHECK (parent IS NOT NULL OR kind = 1),
    CHECK ((fingerprint_id IS NULL) = (fingerprint_size IS NULL)),
    CHECK ((fingerprint_id IS NULL) = (mtime_ns IS NULL)),
    CHECK ((fingerprint_id IS NULL) = (ctime_ns IS NULL)),
    UNIQUE (id, kind),
    FOREIGN KEY (parent, parent_kind) REFERENCES synced (id, kind) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX synced_parent ON synced (parent, parent_kind);
CREATE UNIQUE INDEX synced_root ON synced (kind) WHERE parent IS NULL;

CREATE TABLE intents (
    id INTEGER PRIMARY KEY,
    record TEXT NOT NULL
) STRICT;

CREATE TABLE in_flight (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL UNIQUE,
    record TEXT NOT NULL
) STRICT;

CREATE TABLE uploads (
    local BLOB NOT NULL PRIMARY KEY CHECK (length(local) = 24),
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_s INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX journal_at ON journal (at_s);
CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
