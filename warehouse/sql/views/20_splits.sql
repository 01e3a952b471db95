-- One row a kilometre or mile of an activity.
CREATE OR REPLACE VIEW splits AS
SELECT
    a.athlete_id, a.activity_id, a.local_day, s.unit, s.index, s.start_s, s.timer_s, s.moving_s, s.distance_m,
    s.pace_s_per_km, s.heart_rate_mean_bpm, s.cadence_mean_spm, s.elevation_change_m
FROM base.splits s
JOIN base.activities a ON a.activity_no = s.activity_no
WHERE a.activity_id NOT IN (SELECT f.activity_id FROM base.standing f WHERE f.word = 'forgotten');
COMMENT ON VIEW splits IS 'One row a kilometre or mile of an activity; the last one of each unit is what was left. Key: activity_id, unit, index.';
COMMENT ON COLUMN splits.athlete_id IS 'who';
COMMENT ON COLUMN splits.activity_id IS 'which activity';
COMMENT ON COLUMN splits.local_day IS 'the day the activity belongs to where it was done';
COMMENT ON COLUMN splits.unit IS 'km or mile';
COMMENT ON COLUMN splits.index IS 'number of the split, from 1';
COMMENT ON COLUMN splits.start_s IS 'when it began, since the start of the activity [s]';
COMMENT ON COLUMN splits.timer_s IS 'how long the timer ran in it [s]';
COMMENT ON COLUMN splits.moving_s IS 'how long you moved in it [s]';
COMMENT ON COLUMN splits.distance_m IS 'its length: 1000 or @mile_m@, less in the last one [m]';
COMMENT ON COLUMN splits.pace_s_per_km IS 'pace over moving time [s/km]';
COMMENT ON COLUMN splits.heart_rate_mean_bpm IS 'mean heart rate [bpm]';
COMMENT ON COLUMN splits.cadence_mean_spm IS 'mean cadence while moving, both feet [1/min]';
COMMENT ON COLUMN splits.elevation_change_m IS 'height at its end above that at its start [m]';
