-- One row a check-in as it was said, nothing joined: also of days and sessions without a recording.
CREATE OR REPLACE VIEW checkins AS
SELECT
    athlete_id, day AS local_day,
    row_number() OVER (
        PARTITION BY athlete_id, day ORDER BY min(arrival), origin, min(place), at_time, source, activity_id
    ) AS number,
    source, at_time, activity_id,
    max(CASE WHEN quantity = 'rpe' THEN number END) AS rpe,
    max(CASE WHEN quantity = 'talk_test' THEN word END) AS talk_test,
    max(CASE WHEN quantity = 'feel' THEN number END) AS feel,
    max(CASE WHEN quantity = 'run_min' THEN number END) AS run_min,
    max(CASE WHEN quantity = 'walk_min' THEN number END) AS walk_min,
    max(CASE WHEN quantity = 'pain' THEN number END) AS pain,
    max(CASE WHEN quantity = 'pain_place' THEN word END) AS pain_place,
    max(CASE WHEN quantity = 'pain_next_morning' THEN word END) AS pain_next_morning,
    bool_or(CASE WHEN quantity = 'ill' THEN truth END) AS ill,
    max(CASE WHEN quantity = 'red_flag' THEN word END) AS red_flag,
    bool_or(CASE WHEN quantity = 'cleared' THEN truth END) AS cleared,
    max(CASE WHEN quantity = 'note' THEN word END) AS note,
    list_sort(array_agg(quantity) FILTER (held AND quantity IN ('cleared', 'ill', 'pain', 'run_min', 'walk_min')))
        AS unconfirmed
FROM base.health_events
WHERE stated
GROUP BY athlete_id, day, origin, source, at_time, activity_id;
COMMENT ON VIEW checkins IS 'One row a check-in as it was said, also of days without a recording. Key: athlete_id, local_day, number.';
COMMENT ON COLUMN checkins.athlete_id IS 'who';
COMMENT ON COLUMN checkins.local_day IS 'the local day that it is about';
COMMENT ON COLUMN checkins.number IS 'which check-in of the day, from 1 in the order in which they came';
COMMENT ON COLUMN checkins.source IS 'how it came in: log, or the kind of file';
COMMENT ON COLUMN checkins.at_time IS 'when it is about, where known [UTC]';
COMMENT ON COLUMN checkins.activity_id IS 'the activity that it names; NULL where it names none';
COMMENT ON COLUMN checkins.rpe IS 'effort as stated, Borg CR10 [0-10]';
COMMENT ON COLUMN checkins.talk_test IS 'could you speak full sentences: yes, equivocal or no';
COMMENT ON COLUMN checkins.feel IS 'how it felt, 0 worst to 100 best [0-100]';
COMMENT ON COLUMN checkins.run_min IS 'running without a watch [min]';
COMMENT ON COLUMN checkins.walk_min IS 'walking without a watch [min]';
COMMENT ON COLUMN checkins.pain IS 'worst pain as stated [0-10]';
COMMENT ON COLUMN checkins.pain_place IS 'where it hurt';
COMMENT ON COLUMN checkins.pain_next_morning IS 'pain the morning after: better, same or worse';
COMMENT ON COLUMN checkins.ill IS 'true: ill with symptoms; false: said to be well';
COMMENT ON COLUMN checkins.red_flag IS 'a warning sign as stated; unclear: a file gave words not known here; none: the answer that it was none';
COMMENT ON COLUMN checkins.cleared IS 'true: a doctor or physiotherapist cleared the warning sign';
COMMENT ON COLUMN checkins.note IS 'anything else, in the person''s words';
COMMENT ON COLUMN checkins.unconfirmed IS 'answers of a file that end no stop and no illness (clearance and implausible minutes do not count at all) by themselves; NULL where there is none';
