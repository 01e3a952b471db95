-- One row an activity whose device stored totals of its own: ours, the device's, the difference. Where ours can only be
-- the device's own (a treadmill's distance, a heart rate without samples) there is no difference to tell.
CREATE OR REPLACE VIEW agreement AS
SELECT
    a.athlete_id, a.activity_id, a.local_day, a.sport,
    nullif(concat_ws(' ', a.manufacturer, a.product), '') AS device,
    a.distance_m, a.device_distance_m,
    CASE WHEN o.distance THEN NULL ELSE a.distance_m - a.device_distance_m END AS distance_difference_m,
    a.timer_s, a.device_timer_s,
    CASE WHEN o.timer THEN NULL ELSE a.timer_s - a.device_timer_s END AS timer_difference_s,
    a.elevation_gain_m, a.device_elevation_gain_m,
    a.elevation_gain_m - a.device_elevation_gain_m AS elevation_gain_difference_m, a.elevation_source,
    a.heart_rate_mean_bpm, a.device_heart_rate_mean_bpm,
    CASE WHEN o.mean_rate THEN NULL ELSE a.heart_rate_mean_bpm - a.device_heart_rate_mean_bpm END
    AS heart_rate_mean_difference_bpm,
    a.heart_rate_max_bpm, a.device_heart_rate_max_bpm,
    CASE WHEN o.highest_rate THEN NULL ELSE a.heart_rate_max_bpm - a.device_heart_rate_max_bpm END
    AS heart_rate_max_difference_bpm
FROM base.activities a
LEFT JOIN (
    SELECT
        activity_no, bool_or(metric = 'distance_m') AS distance, bool_or(metric = 'timer_s') AS timer,
        bool_or(metric = 'heart_rate_mean_bpm') AS mean_rate, bool_or(metric = 'heart_rate_max_bpm') AS highest_rate
    FROM base.metrics WHERE source = 'device total' GROUP BY activity_no
) o ON o.activity_no = a.activity_no
WHERE coalesce(
    a.device_distance_m, a.device_timer_s, a.device_elevation_gain_m, a.device_heart_rate_mean_bpm,
    a.device_heart_rate_max_bpm
) IS NOT NULL
AND coalesce(a.source, 'recorded') = 'recorded'
AND a.activity_id NOT IN (SELECT f.activity_id FROM base.standing f WHERE f.word = 'forgotten');
COMMENT ON VIEW agreement IS 'Our totals beside the device''s own: agreement with another estimate, not with the truth. Key: activity_id.';
COMMENT ON COLUMN agreement.athlete_id IS 'who';
COMMENT ON COLUMN agreement.activity_id IS 'which activity';
COMMENT ON COLUMN agreement.local_day IS 'the day it belongs to where it was done';
COMMENT ON COLUMN agreement.sport IS 'sport as the file names it, lower case';
COMMENT ON COLUMN agreement.device IS 'maker and model of the device';
COMMENT ON COLUMN agreement.distance_m IS 'our distance [m]';
COMMENT ON COLUMN agreement.device_distance_m IS 'distance as the device stored it [m]';
COMMENT ON COLUMN agreement.distance_difference_m IS 'ours minus the device''s; NULL where ours is the device''s own [m]';
COMMENT ON COLUMN agreement.timer_s IS 'our timer time [s]';
COMMENT ON COLUMN agreement.device_timer_s IS 'timer time as the device stored it [s]';
COMMENT ON COLUMN agreement.timer_difference_s IS 'ours minus the device''s; NULL where ours is the device''s own [s]';
COMMENT ON COLUMN agreement.elevation_gain_m IS 'our ascent [m]';
COMMENT ON COLUMN agreement.device_elevation_gain_m IS 'ascent as the device stored it [m]';
COMMENT ON COLUMN agreement.elevation_gain_difference_m IS 'ours minus the device''s [m]';
COMMENT ON COLUMN agreement.elevation_source IS 'what our ascent rests on';
COMMENT ON COLUMN agreement.heart_rate_mean_bpm IS 'our mean heart rate [bpm]';
COMMENT ON COLUMN agreement.device_heart_rate_mean_bpm IS 'mean heart rate as the device stored it [bpm]';
COMMENT ON COLUMN agreement.heart_rate_mean_difference_bpm IS 'ours minus the device''s; NULL where ours is the device''s own [bpm]';
COMMENT ON COLUMN agreement.heart_rate_max_bpm IS 'our highest heart rate [bpm]';
COMMENT ON COLUMN agreement.device_heart_rate_max_bpm IS 'highest heart rate as the device stored it [bpm]';
COMMENT ON COLUMN agreement.heart_rate_max_difference_bpm IS 'ours minus the device''s; NULL where ours is the device''s own [bpm]';
