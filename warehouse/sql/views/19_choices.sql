-- One row a published week of the last half year: the step that was taken beside the one that the effort model would take.
CREATE OR REPLACE VIEW choices AS
SELECT
    athlete_id, week, as_of, level, policy_step, learned_step, learned_action, active, answered, allowed, probability,
    hard, effort
FROM base.choices;
COMMENT ON VIEW choices IS 'Published weeks of the last half year: the step taken beside the learned choice, which changes nothing (a shadow), with what every cap and veto left open. Computed from what is known now of the days before each plan. Key: athlete_id, week.';
COMMENT ON COLUMN choices.athlete_id IS 'who';
COMMENT ON COLUMN choices.week IS 'ISO week, like 2026-W48';
COMMENT ON COLUMN choices.as_of IS 'local day on which it was planned';
COMMENT ON COLUMN choices.level IS 'step of the ladder on which the runner stood';
COMMENT ON COLUMN choices.policy_step IS 'levels from there to the published week, after caps [count]';
COMMENT ON COLUMN choices.learned_step IS 'levels to the week that the learned choice would give, inside the same caps and vetoes [count]';
COMMENT ON COLUMN choices.learned_action IS 'what that week would be: advance, hold, back_off, rebuild or stop';
COMMENT ON COLUMN choices.active IS 'whether the learned choice had enough answers to differ from the policy';
COMMENT ON COLUMN choices.answered IS 'sessions with an answer before the plan [count]';
COMMENT ON COLUMN choices.allowed IS 'steps up that all caps and vetoes left open after the best of sessions';
COMMENT ON COLUMN choices.probability IS 'with which the taken step was drawn among the allowed ones; 1 where nothing is drawn';
COMMENT ON COLUMN choices.hard IS 'chance that the longest run feels 7 of 10 or harder, 0, 1 and 2 levels up';
COMMENT ON COLUMN choices.effort IS 'expected effort of that run, 0 to 10, at the same levels';
