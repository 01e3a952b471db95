-- One row a rule or cap and what it did; `reasons` shows those of the latest revision of each week.
CREATE OR REPLACE VIEW reasons_history AS
SELECT
    athlete_id, week, revision, number, rule, observed, threshold, "window", before, after, binding, fired,
    evidence_strength, activity_ids, sentence, what_would_change_it
FROM base.reasons;
CREATE OR REPLACE VIEW reasons AS
SELECT r.* FROM reasons_history r
WHERE r.revision = (SELECT max(b.revision) FROM base.targets b WHERE b.athlete_id = r.athlete_id AND b.week = r.week);
COMMENT ON VIEW reasons_history IS 'The reasons of every revision of every week. Key: athlete_id, week, revision, number.';
COMMENT ON VIEW reasons IS 'Why each week is as it is: every rule that spoke. Key: athlete_id, week, number.';
COMMENT ON COLUMN reasons.athlete_id IS 'who';
COMMENT ON COLUMN reasons.week IS 'ISO week, like 2026-W48';
COMMENT ON COLUMN reasons.revision IS 'revision of the week''s plan, from 1';
COMMENT ON COLUMN reasons.number IS 'place in the explanation, from 1';
COMMENT ON COLUMN reasons.rule IS 'rule or cap';
COMMENT ON COLUMN reasons.observed IS 'what was observed, in the rule''s unit';
COMMENT ON COLUMN reasons.threshold IS 'what it was compared with, in the rule''s unit';
COMMENT ON COLUMN reasons."window" IS 'the time it looked at';
COMMENT ON COLUMN reasons.before IS 'running of the week without the rule [min]';
COMMENT ON COLUMN reasons.after IS 'running of the week with the rule [min]';
COMMENT ON COLUMN reasons.binding IS 'whether the week would be different without it';
COMMENT ON COLUMN reasons.fired IS 'whether its condition held';
COMMENT ON COLUMN reasons.evidence_strength IS 'how well supported: strong, moderate, weak or practice';
COMMENT ON COLUMN reasons.activity_ids IS 'the activities it rests on';
COMMENT ON COLUMN reasons.sentence IS 'the reason, in plain words';
COMMENT ON COLUMN reasons.what_would_change_it IS 'what would have changed it, in plain words';
