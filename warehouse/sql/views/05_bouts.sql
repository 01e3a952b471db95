-- One row a bout of running, walking or standing.
CREATE OR REPLACE VIEW bouts AS
SELECT
    a.athlete_id, a.activity_id, a.local_day, b.index, b.kind, b.start_s, b.duration_s, b.distance_m, b.speed_m_s,
    b.heart_rate_mean_bpm
FROM base.bouts b
JOIN base.activities a ON a.activity_no = b.activity_no
WHERE a.activity_id NOT IN (SELECT f.activity_id FROM base.standing f WHERE f.word = 'forgotten');
COMMENT ON VIEW bouts IS 'One row per bout of one gait, in order, without overlap. Key: activity_id, index.';
COMMENT ON COLUMN bouts.athlete_id IS 'who';
COMMENT ON COLUMN bouts.activity_id IS 'which activity';
COMMENT ON COLUMN bouts.local_day IS 'the day the activity belongs to where it was done';
COMMENT ON COLUMN bouts.index IS 'number of the bout';
COMMENT ON COLUMN bouts.kind IS 'run, walk or stand';
COMMENT ON COLUMN bouts.start_s IS 'when it began, since the start of the activity [s]';
COMMENT ON COLUMN bouts.duration_s IS 'how long it was [s]';
COMMENT ON COLUMN bouts.distance_m IS 'distance of the bout [m]';
COMMENT ON COLUMN bouts.speed_m_s IS 'mean speed of the bout [m/s]';
COMMENT ON COLUMN bouts.heart_rate_mean_bpm IS 'mean heart rate of the bout [bpm]';
