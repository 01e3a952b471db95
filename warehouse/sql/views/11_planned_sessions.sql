-- One row a planned session; `planned_sessions` shows those of the latest revision of each week.
CREATE OR REPLACE VIEW planned_sessions_history AS
SELECT
    athlete_id, week, revision, number, day, kind, slot, title, steps, minutes, expected_distance_m,
    heart_rate_ceiling_bpm, instruction, day AS local_day, purpose
FROM base.planned_sessions;
CREATE OR REPLACE VIEW planned_sessions AS
SELECT p.* FROM planned_sessions_history p
WHERE p.revision = (SELECT max(b.revision) FROM base.targets b WHERE b.athlete_id = p.athlete_id AND b.week = p.week);
COMMENT ON VIEW planned_sessions_history IS 'The sessions of every revision of every week. Key: athlete_id, week, revision, number.';
COMMENT ON VIEW planned_sessions IS 'The sessions of each week, day by day. Key: athlete_id, week, number.';
COMMENT ON COLUMN planned_sessions.athlete_id IS 'who';
COMMENT ON COLUMN planned_sessions.week IS 'ISO week, like 2026-W48';
COMMENT ON COLUMN planned_sessions.revision IS 'revision of the week''s plan, from 1';
COMMENT ON COLUMN planned_sessions.number IS 'place in the week, from 1';
COMMENT ON COLUMN planned_sessions.day IS 'local day';
COMMENT ON COLUMN planned_sessions.local_day IS 'the same day, under the name that all views have';
COMMENT ON COLUMN planned_sessions.kind IS 'run, walk, hills, strength, rest or test';
COMMENT ON COLUMN planned_sessions.slot IS 'which session of its kind in the week, from 1; 0 for rest';
COMMENT ON COLUMN planned_sessions.title IS 'short title';
COMMENT ON COLUMN planned_sessions.steps IS 'in order: so many times run and then walk so many seconds';
COMMENT ON COLUMN planned_sessions.minutes IS 'whole session [min]';
COMMENT ON COLUMN planned_sessions.expected_distance_m IS 'expected distance [m]';
COMMENT ON COLUMN planned_sessions.heart_rate_ceiling_bpm IS 'slow down or walk when above [bpm]';
COMMENT ON COLUMN planned_sessions.instruction IS 'what to do, in plain words';
COMMENT ON COLUMN planned_sessions.purpose IS 'easy: all running is easy; hard: a part is not; goal_day: the goal''s own day; goal_off: that day, called off; load: weights, a pack or boots; NULL elsewhere';
