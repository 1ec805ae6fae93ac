-- Who made a change: what they were answered they know, also when it is gone before they read the log.
ALTER TABLE item_changes ADD COLUMN user_id TEXT;
