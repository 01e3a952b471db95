-- One row a revision of a week's plan; `targets` shows the latest of each week.
CREATE OR REPLACE VIEW targets_history AS
SELECT
    athlete_id, week, as_of, action, level, earned_level, run_min, longest_bout_min, walk_min, distance_m,
    elevation_gain_m, load_low, load_high, heart_rate_ceiling_bpm, sessions, headline, status, revision,
    revision_reason, override, inputs_hash, policy_version, lead
FROM base.targets;
CREATE OR REPLACE VIEW targets AS
SELECT t.* FROM targets_history t
WHERE t.revision = (SELECT max(b.revision) FROM base.targets b WHERE b.athlete_id = t.athlete_id AND b.week = t.week);
COMMENT ON VIEW targets_history IS 'Every revision of every week''s plan. Key: athlete_id, week, revision.';
COMMENT ON VIEW targets IS 'The plan of each week, latest revision. Key: athlete_id, week.';
COMMENT ON COLUMN targets.athlete_id IS 'who';
COMMENT ON COLUMN targets.week IS 'ISO week, like 2026-W48';
COMMENT ON COLUMN targets.as_of IS 'the day as of which it was decided';
COMMENT ON COLUMN targets.action IS 'advance, hold, back_off, rebuild or stop';
COMMENT ON COLUMN targets.level IS 'step of the ladder the week is planned at';
COMMENT ON COLUMN targets.earned_level IS 'step of the ladder earned so far';
COMMENT ON COLUMN targets.run_min IS 'running of the week [min]';
COMMENT ON COLUMN targets.longest_bout_min IS 'longest continuous run without a walk [min]';
COMMENT ON COLUMN targets.walk_min IS 'walking of the week [min]';
COMMENT ON COLUMN targets.distance_m IS 'expected distance on foot [m]';
COMMENT ON COLUMN targets.elevation_gain_m IS 'ascent to stay under [m]';
COMMENT ON COLUMN targets.load_low IS 'lower end of the load expected [au]';
COMMENT ON COLUMN targets.load_high IS 'upper end of the load expected [au]';
COMMENT ON COLUMN targets.heart_rate_ceiling_bpm IS 'slow down or walk when above [bpm]';
COMMENT ON COLUMN targets.sessions IS 'sessions of the week [count]';
COMMENT ON COLUMN targets.headline IS 'the decision in one sentence';
COMMENT ON COLUMN targets.status IS 'provisional or frozen';
COMMENT ON COLUMN targets.revision IS 'revision of the week''s plan, from 1';
COMMENT ON COLUMN targets.revision_reason IS 'why it was revised; NULL for the first';
COMMENT ON COLUMN targets.override IS 'what a person changed, JSON; NULL where nothing';
COMMENT ON COLUMN targets.inputs_hash IS 'hash of all the decision saw';
COMMENT ON COLUMN targets.policy_version IS 'version of the policy that decided';
COMMENT ON COLUMN targets.lead IS 'code of how the headline begins, like hold or welcome; NULL for a week of an earlier version';
