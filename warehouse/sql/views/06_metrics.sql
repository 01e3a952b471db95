-- One row an activity and metric: a value, or the reason why there is none.
CREATE OR REPLACE VIEW metrics AS
SELECT
    a.athlete_id, a.activity_id, a.local_day, m.metric, m.value, m.unit, m.reason, m.sd, m.source, m.definition
FROM (
    SELECT f.activity_no, f.metric, f.value, f.reason, f.sd, f.source, f.definition, f.unit FROM base.metrics f
    UNION ALL
    SELECT b.activity_no, p.metric, p.value, p.reason, p.sd, p.source, p.definition, p.unit
    FROM base.person_metrics p JOIN base.activities b ON b.activity_id = p.activity_id
) m
JOIN base.activities a ON a.activity_no = m.activity_no
WHERE a.activity_id NOT IN (SELECT s.activity_id FROM base.standing s WHERE s.word = 'forgotten');
COMMENT ON VIEW metrics IS 'One row an activity and metric. What each means: metric_cards. Key: activity_id, metric.';
COMMENT ON COLUMN metrics.athlete_id IS 'who';
COMMENT ON COLUMN metrics.activity_id IS 'which activity';
COMMENT ON COLUMN metrics.local_day IS 'the day the activity belongs to where it was done';
COMMENT ON COLUMN metrics.metric IS 'which metric';
COMMENT ON COLUMN metrics.value IS 'its value in its unit; NULL where reason says why';
COMMENT ON COLUMN metrics.unit IS 'unit of the value';
COMMENT ON COLUMN metrics.reason IS 'why there is no value; NULL where there is one';
COMMENT ON COLUMN metrics.sd IS 'standard deviation of the value, in its unit, where known';
COMMENT ON COLUMN metrics.source IS 'what the value rests on, where there are several ways';
COMMENT ON COLUMN metrics.definition IS 'version of the metric''s definition it was computed by';
