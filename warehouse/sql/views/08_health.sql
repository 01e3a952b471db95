-- The last word per athlete, day and field: the person's word wins over a device; later wins over earlier.
CREATE OR REPLACE VIEW base.last_words AS
SELECT athlete_id, day, quantity, number, word, truth, source, stated
FROM base.health_events
QUALIFY row_number() OVER (
    PARTITION BY athlete_id, day, quantity
    ORDER BY
        stated DESC, CASE WHEN stated THEN arrival END DESC NULLS LAST, at_time DESC NULLS LAST, arrival DESC,
        origin DESC, place DESC
) = 1;
COMMENT ON VIEW base.last_words IS 'The last word per athlete, day and field. Key: athlete_id, day, quantity.';
-- One row a day with any reading or statement.
CREATE OR REPLACE VIEW health AS
SELECT
    athlete_id, day,
    max(number) FILTER (WHERE quantity = 'resting_heart_rate_bpm') AS resting_heart_rate_bpm,
    max(source) FILTER (WHERE quantity = 'resting_heart_rate_bpm') AS resting_heart_rate_source,
    max(number) FILTER (WHERE quantity = 'hrv_ln_rmssd') AS hrv_ln_rmssd,
    max(source) FILTER (WHERE quantity = 'hrv_ln_rmssd') AS hrv_source,
    max(number) FILTER (WHERE quantity = 'sleep_h') AS sleep_h,
    max(source) FILTER (WHERE quantity = 'sleep_h') AS sleep_source,
    max(number) FILTER (WHERE quantity = 'device_stress') AS device_stress,
    max(source) FILTER (WHERE quantity = 'device_stress') AS device_stress_source,
    max(number) FILTER (WHERE quantity = 'weight_kg') AS weight_kg,
    max(source) FILTER (WHERE quantity = 'weight_kg') AS weight_source,
    max(number) FILTER (WHERE quantity = 'steps') AS steps,
    max(source) FILTER (WHERE quantity = 'steps') AS steps_source,
    max(number) FILTER (WHERE quantity = 'respiration_brpm') AS respiration_brpm,
    max(source) FILTER (WHERE quantity = 'respiration_brpm') AS respiration_source,
    max(number) FILTER (WHERE quantity = 'body_battery') AS body_battery,
    max(source) FILTER (WHERE quantity = 'body_battery') AS body_battery_source,
    max(number) FILTER (WHERE quantity = 'fatigue') AS fatigue,
    max(number) FILTER (WHERE quantity = 'soreness') AS soreness,
    max(number) FILTER (WHERE quantity = 'stress') AS stress,
    max(number) FILTER (WHERE quantity = 'sleep_quality') AS sleep_quality,
    max(number) FILTER (WHERE quantity = 'pain') AS pain,
    max(word) FILTER (WHERE quantity = 'pain_place') AS pain_place,
    max(word) FILTER (WHERE quantity = 'pain_next_morning') AS pain_next_morning,
    bool_or(truth) FILTER (WHERE quantity = 'ill') AS ill,
    max(word) FILTER (WHERE quantity = 'red_flag') AS red_flag,
    bool_or(truth) FILTER (WHERE quantity = 'cleared') AS cleared,
    max(number) FILTER (WHERE quantity = 'strength_min') AS strength_min,
    max(number) FILTER (WHERE quantity = 'walk_min') AS walk_min,
    max(number) FILTER (WHERE quantity = 'run_min') AS run_min,
    max(word) FILTER (WHERE quantity = 'note') AS note,
    max(source) FILTER (WHERE stated) AS answers_source
FROM base.last_words
GROUP BY athlete_id, day;
COMMENT ON VIEW health IS 'One row a day: what devices measured and what the person said, the last word of each. Key: athlete_id, day.';
COMMENT ON COLUMN health.athlete_id IS 'who';
COMMENT ON COLUMN health.day IS 'local day';
COMMENT ON COLUMN health.resting_heart_rate_bpm IS 'resting heart rate of the day [bpm]';
COMMENT ON COLUMN health.resting_heart_rate_source IS 'who measured or stated it';
COMMENT ON COLUMN health.hrv_ln_rmssd IS 'natural logarithm of the RMSSD in milliseconds [ln ms]';
COMMENT ON COLUMN health.hrv_source IS 'who measured or stated it';
COMMENT ON COLUMN health.sleep_h IS 'sleep of the night that ended this day [h]';
COMMENT ON COLUMN health.sleep_source IS 'who measured or stated it';
COMMENT ON COLUMN health.device_stress IS 'mean stress score of the watch [0-100]';
COMMENT ON COLUMN health.device_stress_source IS 'who measured it';
COMMENT ON COLUMN health.weight_kg IS 'body mass [kg]';
COMMENT ON COLUMN health.weight_source IS 'who measured or stated it';
COMMENT ON COLUMN health.steps IS 'steps of the day [count]';
COMMENT ON COLUMN health.steps_source IS 'who measured it';
COMMENT ON COLUMN health.respiration_brpm IS 'breathing rate [1/min]';
COMMENT ON COLUMN health.respiration_source IS 'who measured it';
COMMENT ON COLUMN health.body_battery IS 'energy score of the watch [0-100]';
COMMENT ON COLUMN health.body_battery_source IS 'who measured it';
COMMENT ON COLUMN health.fatigue IS 'fatigue as stated, high is bad [1-7]';
COMMENT ON COLUMN health.soreness IS 'muscle soreness as stated, high is bad [1-7]';
COMMENT ON COLUMN health.stress IS 'stress as stated, high is bad [1-7]';
COMMENT ON COLUMN health.sleep_quality IS 'sleep quality as stated, high is bad [1-7]';
COMMENT ON COLUMN health.pain IS 'worst pain of the day as stated [0-10]';
COMMENT ON COLUMN health.pain_place IS 'where it hurt';
COMMENT ON COLUMN health.pain_next_morning IS 'pain the morning after: better, same or worse';
COMMENT ON COLUMN health.ill IS 'true: ill with symptoms; false: said to be well';
COMMENT ON COLUMN health.red_flag IS 'a warning sign as stated';
COMMENT ON COLUMN health.cleared IS 'true: a doctor or physiotherapist cleared the warning sign';
COMMENT ON COLUMN health.strength_min IS 'strength work done [min]';
COMMENT ON COLUMN health.walk_min IS 'walking without a watch [min]';
COMMENT ON COLUMN health.run_min IS 'running without a watch [min]';
COMMENT ON COLUMN health.note IS 'anything else, in the person''s words';
COMMENT ON COLUMN health.answers_source IS 'how the person''s answers of the day came in';
