-- One row a file ever seen: a path and what lay there.
CREATE OR REPLACE VIEW files AS
SELECT athlete_id, path, sha256, bytes, first_seen_at, status, reason, reader, what, activities, code, left_out
FROM base.files;
COMMENT ON VIEW files IS 'Every file ever seen, with what became of it and why. Key: path, sha256.';
COMMENT ON COLUMN files.athlete_id IS 'whose it is; NULL where not yet known';
COMMENT ON COLUMN files.path IS 'path under the inbox; archive.zip!/name for a member of an archive';
COMMENT ON COLUMN files.sha256 IS 'SHA-256 of the decompressed content; NULL where it could not be read';
COMMENT ON COLUMN files.bytes IS 'size of the decompressed content [B]';
COMMENT ON COLUMN files.first_seen_at IS 'when it was first seen [UTC]';
COMMENT ON COLUMN files.status IS 'ingested, duplicate (equal bytes), salvaged (read up to a break), quarantined, ignored or waiting (for its owner, or for a date)';
COMMENT ON COLUMN files.reason IS 'why, and what to do, in one line; NULL where all is well';
COMMENT ON COLUMN files.reader IS 'which reader took it';
COMMENT ON COLUMN files.what IS 'what the file is, in plain words';
COMMENT ON COLUMN files.activities IS 'how many activities came out of it [count]';
COMMENT ON COLUMN files.code IS 'why it stands as it does, as a stable code like no_owner; NULL where it was read whole, or has no code yet';
COMMENT ON COLUMN files.left_out IS 'rows or points of it that could not be taken, NULL where there is none [count]';
