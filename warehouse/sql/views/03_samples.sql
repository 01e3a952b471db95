-- One row a cleaned sample. The number of the activity is its place in the file: a filter on who and when reads little.
CREATE OR REPLACE VIEW samples AS
SELECT
    a.athlete_id, a.activity_id, a.local_day, s.time, s.t_s, s.latitude_deg, s.longitude_deg, s.altitude_m,
    s.distance_m, s.speed_m_s, s.heart_rate_bpm, s.cadence_spm, s.power_w, s.temperature_c, s.flags
FROM base.samples s
JOIN base.activities a ON a.activity_no = s.activity_no
WHERE a.activity_id NOT IN (SELECT f.activity_id FROM base.standing f WHERE f.word = 'forgotten');
COMMENT ON VIEW samples IS 'One row a recorded sample after cleaning; nothing is invented between samples. Key: activity_id, t_s.';
COMMENT ON COLUMN samples.athlete_id IS 'who';
COMMENT ON COLUMN samples.activity_id IS 'which activity';
COMMENT ON COLUMN samples.local_day IS 'the day the activity belongs to where it was done';
COMMENT ON COLUMN samples.time IS 'when [UTC]';
COMMENT ON COLUMN samples.t_s IS 'time since the start [s]';
COMMENT ON COLUMN samples.latitude_deg IS 'latitude, WGS 84 [deg]';
COMMENT ON COLUMN samples.longitude_deg IS 'longitude, WGS 84 [deg]';
COMMENT ON COLUMN samples.altitude_m IS 'altitude as the device gives it; its differences are better than its level [m]';
COMMENT ON COLUMN samples.distance_m IS 'distance since the start [m]';
COMMENT ON COLUMN samples.speed_m_s IS 'speed [m/s]';
COMMENT ON COLUMN samples.heart_rate_bpm IS 'heart rate after cleaning [bpm]';
COMMENT ON COLUMN samples.cadence_spm IS 'steps a minute of both feet; revolutions a minute where not on foot [1/min]';
COMMENT ON COLUMN samples.power_w IS 'power [W]';
COMMENT ON COLUMN samples.temperature_c IS 'temperature at the device [°C]';
COMMENT ON COLUMN samples.flags IS 'what was done to the sample, a union of bits (models/recording.py, Flag); 0: nothing';
