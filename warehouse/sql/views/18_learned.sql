-- One row a thing that is believed about this runner, and what would be believed of an average beginner.
CREATE OR REPLACE VIEW learned AS
SELECT athlete_id, as_of, name, value, low, high, unit, average, level, n, basis, reason, number
FROM base.learned;
COMMENT ON VIEW learned IS 'What is believed about this runner as of the last day planned, and why: how hard the next sessions will feel, on which days a run is likely, how much of a plan is done, how long it takes to settle after a load. Key: athlete_id, name.';
COMMENT ON COLUMN learned.athlete_id IS 'who';
COMMENT ON COLUMN learned.as_of IS 'local day up to which everything known was used';
COMMENT ON COLUMN learned.name IS 'what is believed: ease, recent_effort, effort_ and chance_hard_ of the longest run at the planned level (here) and one_up and two_up, step (the learned choice, a shadow), plan_share, run_day_1 (Monday) to run_day_7, settle_answers, settle_resting_heart_rate, settle_effort';
COMMENT ON COLUMN learned.value IS 'the belief in its unit; NULL where reason says why';
COMMENT ON COLUMN learned.low IS 'lower end of the range that holds it with 80 %; for recent_effort the least';
COMMENT ON COLUMN learned.high IS 'upper end of that range; for recent_effort the most';
COMMENT ON COLUMN learned.unit IS 'unit of value, low, high and average';
COMMENT ON COLUMN learned.average IS 'the same for an average beginner of whom nothing is known; for step, the step that the policy took';
COMMENT ON COLUMN learned.level IS 'step of the ladder that it is about; NULL where it is about none';
COMMENT ON COLUMN learned.n IS 'answered sessions, weeks or days it rests on [count]';
COMMENT ON COLUMN learned.basis IS 'what it rests on: answers, weeks, days, population (nothing of your own yet) or shadow';
COMMENT ON COLUMN learned.reason IS 'why there is no value: no_answers, no_plan, no_run_planned, not_calibrated, not_answered_lately_or_not_running; NULL where there is one';
COMMENT ON COLUMN learned.number IS 'place in the natural order of the names, from 0 [count]';
