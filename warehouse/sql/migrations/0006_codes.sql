-- Why a file stands as it does, as a code that programs read; and by which readers and limits that was decided.
ALTER TABLE base.files ADD COLUMN code VARCHAR;
COMMENT ON COLUMN base.files.code IS 'why the file stands as it does, as a stable code; NULL where it was read whole';
ALTER TABLE base.files ADD COLUMN judged_by VARCHAR;
COMMENT ON COLUMN base.files.judged_by IS 'the readers and limits by which its status was decided: others decide anew';
