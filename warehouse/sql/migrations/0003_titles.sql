-- A session's title as its owner gave it elsewhere (an export's list, a check-in), beside the one in its file.
ALTER TABLE base.answers ADD COLUMN title VARCHAR;
COMMENT ON COLUMN base.answers.title IS 'name of the session as stated';
