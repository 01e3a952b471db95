-- The last word per athlete, day and field: a device has no place in the order of statements, so it comes last;
-- of statements the later to arrive wins, of readings the later in time. Scores of a watch are means over the files of
-- the day instead, each with the weight of what it measured. Of pain the worst of the day stands: a kinder word later
-- on the same day clears nothing. A warning sign that was cleared later on its own day is no longer one; that it was
-- none answers only what nobody could read. An answer of a file that is held stands only where there is no other: a
-- clearance and minutes of that kind do not count even then.
CREATE OR REPLACE VIEW base.last_words AS
SELECT
    athlete_id, day, quantity,
    bool_and(coalesce(held, false)) OVER of_day AS held,
    CASE
        WHEN quantity IN ('device_stress', 'respiration_brpm', 'body_battery')
        THEN sum(number * coalesce(weight, 1)) OVER of_day / sum(coalesce(weight, 1)) OVER of_day
        ELSE number
    END AS number,
    word, truth, source, stated
FROM (
    SELECT *, coalesce(held, false) AND (
        quantity NOT IN ('fatigue', 'soreness', 'stress', 'sleep_quality')
        OR bool_or(starts_with(origin, 'journal:')) OVER (PARTITION BY athlete_id, day, quantity)
    ) AS last
    FROM base.health_events
)
WINDOW of_day AS (PARTITION BY athlete_id, day, quantity), of_day_all AS (PARTITION BY athlete_id, day)
QUALIFY row_number() OVER (
    PARTITION BY athlete_id, day, quantity
    ORDER BY
        CASE WHEN quantity = 'red_flag' AND word IN ('unclear', 'none') THEN 1 ELSE 0 END,
        CASE WHEN quantity = 'pain' THEN number END DESC NULLS LAST,
        CASE WHEN quantity = 'pain_next_morning' AND word = 'worse' THEN 0 ELSE 1 END, last,
        CASE WHEN stated THEN arrival END DESC NULLS LAST, at_time DESC NULLS LAST, arrival DESC,
        origin DESC, place DESC
) = 1 AND NOT coalesce(
    quantity = 'red_flag' AND arrival < max(
        CASE WHEN quantity = 'cleared' AND truth AND held IS NOT TRUE THEN arrival END
    ) OVER of_day_all,
    false
);
COMMENT ON VIEW base.last_words IS 'The last word per athlete, day and field. Key: athlete_id, day, quantity.';
-- One row a day with any reading or statement. CASE and not FILTER: half the time.
CREATE OR REPLACE VIEW health AS
SELECT
    athlete_id, day,
    max(CASE WHEN quantity = 'resting_heart_rate_bpm' THEN number END) AS resting_heart_rate_bpm,
    max(CASE WHEN quantity = 'resting_heart_rate_bpm' THEN source END) AS resting_heart_rate_source,
    max(CASE WHEN quantity = 'hrv_ln_rmssd' THEN number END) AS hrv_ln_rmssd,
    max(CASE WHEN quantity = 'hrv_ln_rmssd' THEN source END) AS hrv_source,
    max(CASE WHEN quantity = 'sleep_h' THEN number END) AS sleep_h,
    max(CASE WHEN quantity = 'sleep_h' THEN source END) AS sleep_source,
    max(CASE WHEN quantity = 'device_stress' THEN number END) AS device_stress,
    max(CASE WHEN quantity = 'device_stress' THEN source END) AS device_stress_source,
    max(CASE WHEN quantity = 'weight_kg' THEN number END) AS weight_kg,
    max(CASE WHEN quantity = 'weight_kg' THEN source END) AS weight_source,
    max(CASE WHEN quantity = 'steps' THEN number END) AS steps,
    max(CASE WHEN quantity = 'steps' THEN source END) AS steps_source,
    max(CASE WHEN quantity = 'respiration_brpm' THEN number END) AS respiration_brpm,
    max(CASE WHEN quantity = 'respiration_brpm' THEN source END) AS respiration_source,
    max(CASE WHEN quantity = 'body_battery' THEN number END) AS body_battery,
    max(CASE WHEN quantity = 'body_battery' THEN source END) AS body_battery_source,
    max(CASE WHEN quantity = 'fatigue' THEN number END) AS fatigue,
    max(CASE WHEN quantity = 'soreness' THEN number END) AS soreness,
    max(CASE WHEN quantity = 'stress' THEN number END) AS stress,
    max(CASE WHEN quantity = 'sleep_quality' THEN number END) AS sleep_quality,
    max(CASE WHEN quantity = 'pain' THEN number END) AS pain,
    max(CASE WHEN quantity = 'pain_place' THEN word END) AS pain_place,
    max(CASE WHEN quantity = 'pain_next_morning' THEN word END) AS pain_next_morning,
    bool_or(CASE WHEN quantity = 'ill' THEN truth END) AS ill,
    max(CASE WHEN quantity = 'red_flag' THEN word END) AS red_flag,
    bool_or(CASE WHEN quantity = 'cleared' AND NOT held THEN truth END) AS cleared,
    max(CASE WHEN quantity = 'strength_min' THEN number END) AS strength_min,
    max(CASE WHEN quantity = 'walk_min' AND NOT held THEN number END) AS walk_min,
    max(CASE WHEN quantity = 'run_min' AND NOT held THEN number END) AS run_min,
    max(CASE WHEN quantity = 'note' THEN word END) AS note,
    max(CASE WHEN stated THEN source END) AS answers_source,
    day AS local_day,
    list_sort(array_agg(quantity) FILTER (held AND quantity IN ('cleared', 'ill', 'pain', 'run_min', 'walk_min')))
        AS unconfirmed
FROM base.last_words
GROUP BY athlete_id, day;
COMMENT ON VIEW health IS 'One row a day: what devices measured and what the person said, the last word of each. Key: athlete_id, day.';
COMMENT ON COLUMN health.athlete_id IS 'who';
COMMENT ON COLUMN health.day IS 'local day';
COMMENT ON COLUMN health.local_day IS 'the same day, under the name that all views have';
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
COMMENT ON COLUMN health.red_flag IS 'a warning sign as stated; unclear: a file gave words not known here, which stops the plan until answered; none: the answer that it was none';
COMMENT ON COLUMN health.cleared IS 'true: a doctor or physiotherapist cleared the warning sign';
COMMENT ON COLUMN health.strength_min IS 'strength work done [min]';
COMMENT ON COLUMN health.walk_min IS 'walking without a watch [min]';
COMMENT ON COLUMN health.run_min IS 'running without a watch [min]';
COMMENT ON COLUMN health.note IS 'anything else, in the person''s words';
COMMENT ON COLUMN health.answers_source IS 'how the person''s answers of the day came in';
COMMENT ON COLUMN health.unconfirmed IS 'answers that only a file gave: they end no stop and no illness (clearance and implausible minutes do not count at all) until you say so yourself; NULL where there is none';
