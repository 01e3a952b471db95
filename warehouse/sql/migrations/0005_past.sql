-- What the person stage came to, so that the next night goes on from there; anything may be forgotten at any time.
CREATE TABLE base.past (athlete_id VARCHAR, code VARCHAR, packed BLOB);
COMMENT ON TABLE base.past IS 'What an athlete''s sessions came to in the last run, packed, from which the next run goes on. Key: athlete_id.';
COMMENT ON COLUMN base.past.code IS 'the definitions and the program that it was computed by';
COMMENT ON COLUMN base.past.packed IS 'keys, loads and what was learnt, compressed JSON';
