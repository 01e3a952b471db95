-- One row an ISO week with anything recorded or planned: done and planned side by side.
-- Done is 0 in a week that was recorded and had nothing, NULL in a week that is not recorded yet.
CREATE OR REPLACE VIEW weeks AS
WITH done AS (
    SELECT
        a.athlete_id, CAST(date_trunc('week', a.local_day) AS DATE) AS monday,
        count(*) FILTER (WHERE a.kind = 'run') AS runs,
        count(*) FILTER (WHERE a.kind IN ('walk', 'hike')) AS walks,
        sum(a.running_s) / 60 AS running_min, sum(a.walking_s) / 60 AS walking_min,
        max(a.longest_run_s) AS longest_run_s, max(a.longest_run_m) AS longest_run_m,
        sum(a.distance_m) FILTER (WHERE a.kind IN ('run', 'walk', 'hike')) AS distance_m,
        sum(a.elevation_gain_m) FILTER (WHERE a.kind IN ('run', 'walk', 'hike')) AS elevation_gain_m,
        sum(a.load) AS load
    FROM activities a WHERE a.preferred GROUP BY ALL
), recorded AS (
    SELECT DISTINCT athlete_id, CAST(date_trunc('week', day) AS DATE) AS monday FROM base.days
), planned AS (
    SELECT t.*, CAST(strptime(t.week || '-1', '%G-W%V-%u') AS DATE) AS monday FROM targets t
), known AS (
    SELECT athlete_id, monday FROM done
    UNION SELECT athlete_id, monday FROM recorded
    UNION SELECT athlete_id, monday FROM planned
)
SELECT
    k.athlete_id, strftime(k.monday, '%G-W%V') AS week, k.monday,
    p.action, p.level, p.status,
    CASE WHEN p.run_min > 0 THEN d.runs ELSE d.runs + d.walks END AS sessions_done, p.sessions AS sessions_planned,
    d.runs AS runs_done, d.walks AS walks_done,
    d.running_min AS running_min_done, p.run_min AS running_min_planned,
    d.walking_min AS walking_min_done, p.walk_min AS walking_min_planned,
    d.longest_run_s, 60 * p.longest_bout_min AS longest_run_planned_s, d.longest_run_m,
    d.distance_m AS distance_done_m, p.distance_m AS distance_planned_m,
    d.elevation_gain_m AS elevation_gain_done_m, p.elevation_gain_m AS elevation_gain_planned_m,
    d.load AS load_done, p.load_low, p.load_high
FROM known k
LEFT JOIN planned p ON p.athlete_id = k.athlete_id AND p.monday = k.monday
LEFT JOIN (
    SELECT * FROM done
    UNION ALL
    SELECT r.athlete_id, r.monday, 0, 0, 0, 0, NULL, NULL, 0, 0, 0
    FROM recorded r ANTI JOIN done x ON x.athlete_id = r.athlete_id AND x.monday = r.monday
) d ON d.athlete_id = k.athlete_id AND d.monday = k.monday;
COMMENT ON VIEW weeks IS 'Done and planned side by side, one row an ISO week. Key: athlete_id, week.';
COMMENT ON COLUMN weeks.athlete_id IS 'who';
COMMENT ON COLUMN weeks.week IS 'ISO week, like 2026-W48';
COMMENT ON COLUMN weeks.monday IS 'its first day';
COMMENT ON COLUMN weeks.action IS 'what was decided for it: advance, hold, back_off, rebuild or stop';
COMMENT ON COLUMN weeks.level IS 'step of the ladder it was planned at';
COMMENT ON COLUMN weeks.status IS 'of the plan: provisional or frozen';
COMMENT ON COLUMN weeks.sessions_done IS 'runs done; where no running was planned, walks too; NULL where nothing is recorded yet [count]';
COMMENT ON COLUMN weeks.sessions_planned IS 'sessions planned [count]';
COMMENT ON COLUMN weeks.runs_done IS 'runs done [count]';
COMMENT ON COLUMN weeks.walks_done IS 'walks and hikes done [count]';
COMMENT ON COLUMN weeks.running_min_done IS 'running done, where it is known [min]';
COMMENT ON COLUMN weeks.running_min_planned IS 'running planned [min]';
COMMENT ON COLUMN weeks.walking_min_done IS 'walking done, where it is known [min]';
COMMENT ON COLUMN weeks.walking_min_planned IS 'walking planned [min]';
COMMENT ON COLUMN weeks.longest_run_s IS 'longest stretch of running without a walk [s]';
COMMENT ON COLUMN weeks.longest_run_planned_s IS 'longest stretch of running planned [s]';
COMMENT ON COLUMN weeks.longest_run_m IS 'distance of the longest stretch of running without a walk [m]';
COMMENT ON COLUMN weeks.distance_done_m IS 'distance on foot done [m]';
COMMENT ON COLUMN weeks.distance_planned_m IS 'distance on foot expected [m]';
COMMENT ON COLUMN weeks.elevation_gain_done_m IS 'ascent on foot done [m]';
COMMENT ON COLUMN weeks.elevation_gain_planned_m IS 'ascent to stay under [m]';
COMMENT ON COLUMN weeks.load_done IS 'training load done, all sports [au]';
COMMENT ON COLUMN weeks.load_low IS 'lower end of the load expected [au]';
COMMENT ON COLUMN weeks.load_high IS 'upper end of the load expected [au]';
