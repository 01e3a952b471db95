-- A file's word may begin a stop and never end one: such answers are marked as they come in. Those of files that came in
-- before stay as they were counted.
ALTER TABLE base.health_events ADD COLUMN held BOOLEAN;
COMMENT ON COLUMN base.health_events.held IS 'true: a file says it, and it ends no stop until the person says it too';
ALTER TABLE base.files ADD COLUMN held BOOLEAN;
COMMENT ON COLUMN base.files.held IS 'true: its check-ins may begin a stop and never end one; NULL for files without any';
