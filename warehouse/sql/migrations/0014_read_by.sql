-- A yes is not for ever either: which readers read a content, so that others read it again.
CREATE TABLE base.readings (
    athlete_id VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    read_by VARCHAR NOT NULL
);
COMMENT ON TABLE base.readings IS 'what was read of whom, and by which readers; a content that is missing here is read again';
COMMENT ON COLUMN base.readings.read_by IS 'the readers that read it last, as a hash of their source';
