-- One row an estimate of what an athlete can do, as of the last day measured: a value, or the reason why there is none.
CREATE OR REPLACE VIEW estimates AS
SELECT
    athlete_id, as_of, name, value, low, high, unit, reason, source, evidence, n, activity_id, day, number
FROM base.estimates;
COMMENT ON VIEW estimates IS 'What an athlete can do as of the last day measured: mile time now, best efforts ever and of the last 90 days, usual speeds, heart-rate ceiling. A value, or the reason why there is none. Key: athlete_id, name.';
COMMENT ON COLUMN estimates.athlete_id IS 'who';
COMMENT ON COLUMN estimates.as_of IS 'local day up to which everything known was used';
COMMENT ON COLUMN estimates.name IS 'what is estimated; best_mile_s is the best ever, best_mile_90d_s that of the last 90 days';
COMMENT ON COLUMN estimates.value IS 'the estimate in its unit; NULL where reason says why';
COMMENT ON COLUMN estimates.low IS 'lower end of the range it lies in with 90 %, in its unit; NULL where it was measured, not estimated';
COMMENT ON COLUMN estimates.high IS 'upper end of that range, in its unit';
COMMENT ON COLUMN estimates.unit IS 'unit of value, low and high';
COMMENT ON COLUMN estimates.reason IS 'why there is no value; NULL where there is one';
COMMENT ON COLUMN estimates.source IS 'what the value rests on';
COMMENT ON COLUMN estimates.evidence IS 'how well the way to the value is supported: strong, moderate, weak or practice';
COMMENT ON COLUMN estimates.n IS 'sessions it rests on [count]';
COMMENT ON COLUMN estimates.activity_id IS 'the run of a best effort';
COMMENT ON COLUMN estimates.day IS 'local day of that run';
COMMENT ON COLUMN estimates.number IS 'place in the natural order of the names, from 0 [count]';
