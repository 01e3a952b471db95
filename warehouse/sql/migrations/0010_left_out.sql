-- Rows and points of a file that could not be taken, as a number.
ALTER TABLE base.files ADD COLUMN left_out INTEGER;
COMMENT ON COLUMN base.files.left_out IS 'rows or points of it that could not be taken [count]; NULL where there is none';
