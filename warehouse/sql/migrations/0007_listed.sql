-- Sessions that only an export's list names, and who says what sport a recording was.
ALTER TABLE base.activities ADD COLUMN source VARCHAR;
COMMENT ON COLUMN base.activities.source IS 'recorded by a device, or listed with its totals by an export; NULL is recorded';
ALTER TABLE base.activities ADD COLUMN sport_source VARCHAR;
COMMENT ON COLUMN base.activities.sport_source IS 'who names the sport: the file, or an export''s list; NULL is the file';
