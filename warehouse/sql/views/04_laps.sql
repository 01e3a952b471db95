-- One row a lap as the device stored it.
CREATE OR REPLACE VIEW laps AS
SELECT
    a.athlete_id, a.activity_id, a.local_day, l.index, l.started_at, l.elapsed_s, l.timer_s, l.distance_m,
    l.heart_rate_mean_bpm, l.heart_rate_max_bpm, l.elevation_gain_m, l.trigger
FROM base.laps l
JOIN base.activities a ON a.activity_no = l.activity_no
WHERE a.activity_id NOT IN (SELECT f.activity_id FROM base.standing f WHERE f.word = 'forgotten');
COMMENT ON VIEW laps IS 'One row a lap as the device stored it. Key: activity_id, index.';
COMMENT ON COLUMN laps.athlete_id IS 'who';
COMMENT ON COLUMN laps.activity_id IS 'which activity';
COMMENT ON COLUMN laps.local_day IS 'the day the activity belongs to where it was done';
COMMENT ON COLUMN laps.index IS 'number of the lap';
COMMENT ON COLUMN laps.started_at IS 'when it began [UTC]';
COMMENT ON COLUMN laps.elapsed_s IS 'from start to end of the lap [s]';
COMMENT ON COLUMN laps.timer_s IS 'while the timer ran [s]';
COMMENT ON COLUMN laps.distance_m IS 'distance of the lap [m]';
COMMENT ON COLUMN laps.heart_rate_mean_bpm IS 'mean heart rate as the device stored it [bpm]';
COMMENT ON COLUMN laps.heart_rate_max_bpm IS 'highest heart rate as the device stored it [bpm]';
COMMENT ON COLUMN laps.elevation_gain_m IS 'ascent as the device stored it [m]';
COMMENT ON COLUMN laps.trigger IS 'what ended the lap: manual, distance, time, session_end';
