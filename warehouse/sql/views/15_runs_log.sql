-- One row a run of the pipeline.
CREATE OR REPLACE VIEW runs_log AS
SELECT
    run_id, command, started_at, finished_at, duration_s, outcome, files_new, files_refused, activities_new, published,
    counts, durations_s, versions, note
FROM base.runs_log;
COMMENT ON VIEW runs_log IS 'Each run: when, what came in, how long it took, with which versions. Key: run_id.';
COMMENT ON COLUMN runs_log.run_id IS 'which run';
COMMENT ON COLUMN runs_log.command IS 'the command that ran';
COMMENT ON COLUMN runs_log.started_at IS 'when it began [UTC]';
COMMENT ON COLUMN runs_log.finished_at IS 'when it ended [UTC]';
COMMENT ON COLUMN runs_log.duration_s IS 'how long it took [s]';
COMMENT ON COLUMN runs_log.outcome IS 'done, attention (something new needs you) or failed';
COMMENT ON COLUMN runs_log.files_new IS 'files that came in [count]';
COMMENT ON COLUMN runs_log.files_refused IS 'files that were refused [count]';
COMMENT ON COLUMN runs_log.activities_new IS 'activities that came in [count]';
COMMENT ON COLUMN runs_log.published IS 'whether a new warehouse was published';
COMMENT ON COLUMN runs_log.counts IS 'files by status, JSON';
COMMENT ON COLUMN runs_log.durations_s IS 'how long each step took, JSON [s]';
COMMENT ON COLUMN runs_log.versions IS 'versions of steadymile and what it stands on, JSON';
COMMENT ON COLUMN runs_log.note IS 'anything worth knowing';
