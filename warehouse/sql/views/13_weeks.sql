-- One row an ISO week with anything recorded or planned: done and planned side by side.
-- Done is 0 in a week that was recorded and had nothing, NULL in a week that is not recorded yet.
CREATE OR REPLACE VIEW weeks AS
WITH facts AS (
    SELECT
        athlete_id, CAST(date_trunc('week', local_day) AS DATE) AS monday, true AS recorded, kind,
        kind IN ('run', 'walk', 'hike') AS on_foot, running_s, walking_s, longest_run_s, longest_run_m,
        CASE WHEN on_foot THEN distance_m END AS distance_m,
        CASE WHEN on_foot THEN elevation_gain_m END AS elevation_gain_m, load
    FROM activities WHERE preferred
    UNION ALL BY NAME
    SELECT DISTINCT athlete_id, CAST(date_trunc('week', day) AS DATE) AS monday, true AS recorded FROM base.days
    UNION ALL BY NAME
    SELECT
        athlete_id, CAST(strptime(week || '-1', '%G-W%V-%u') AS DATE) AS monday, action, level, status,
        sessions AS sessions_planned, run_min, walk_min AS walking_min_planned, 60 * longest_bout_min AS longest_planned_s,
        distance_m AS distance_planned_m, elevation_gain_m AS elevation_gain_planned_m, load_low, load_high
    FROM targets
), summed AS (
    SELECT
        athlete_id, monday, any_value(action) AS action, any_value(level) AS level, any_value(status) AS status,
        any_value(sessions_planned) AS sessions_planned, any_value(run_min) AS run_min,
        any_value(walking_min_planned) AS walking_min_planned, any_value(longest_planned_s) AS longest_planned_s,
        any_value(distance_planned_m) AS distance_planned_m,
        any_value(elevation_gain_planned_m) AS elevation_gain_planned_m,
        any_value(load_low) AS load_low, any_value(load_high) AS load_high,
        count(recorded) > 0 AS known, count(kind) = 0 AS nothing_done,
        count(CASE WHEN kind = 'run' THEN 1 END) AS runs, count(CASE WHEN kind IN ('walk', 'hike') THEN 1 END) AS walks,
        -- sums of floats depend on their order; ordered, the same rows always give the same sum
        sum(running_s ORDER BY running_s) / 60 AS running_min, sum(walking_s ORDER BY walking_s) / 60 AS walking_min,
        max(longest_run_s) AS longest_run_s, max(longest_run_m) AS longest_run_m,
        sum(distance_m ORDER BY distance_m) AS distance_m,
        sum(elevation_gain_m ORDER BY elevation_gain_m) AS elevation_gain_m, sum(load ORDER BY load) AS load,
        -- a sum holds what is known only: how many sessions it lacks stands beside it
        count(CASE WHEN on_foot AND running_s IS NULL THEN 1 END) AS running_unknown,
        count(CASE WHEN on_foot AND distance_m IS NULL THEN 1 END) AS distance_unknown,
        count(CASE WHEN on_foot AND elevation_gain_m IS NULL THEN 1 END) AS elevation_gain_unknown,
        count(CASE WHEN kind IS NOT NULL AND load IS NULL THEN 1 END) AS load_unknown
    FROM facts GROUP BY athlete_id, monday
)
SELECT
    athlete_id, strftime(monday, '%G-W%V') AS week, monday, action, level, status,
    CASE WHEN known THEN CASE WHEN run_min > 0 THEN runs ELSE runs + walks END END AS sessions_done, sessions_planned,
    CASE WHEN known THEN runs END AS runs_done, CASE WHEN known THEN walks END AS walks_done,
    CASE WHEN known AND nothing_done THEN 0 ELSE running_min END AS running_min_done, run_min AS running_min_planned,
    CASE WHEN known AND nothing_done THEN 0 ELSE walking_min END AS walking_min_done, walking_min_planned,
    longest_run_s, longest_planned_s AS longest_run_planned_s, longest_run_m,
    CASE WHEN known AND nothing_done THEN 0 ELSE distance_m END AS distance_done_m, distance_planned_m,
    CASE WHEN known AND nothing_done THEN 0 ELSE elevation_gain_m END AS elevation_gain_done_m,
    elevation_gain_planned_m,
    CASE WHEN known AND nothing_done THEN 0 ELSE load END AS load_done, load_low, load_high,
    CASE WHEN known THEN running_unknown END AS running_unknown,
    CASE WHEN known THEN distance_unknown END AS distance_unknown,
    CASE WHEN known THEN elevation_gain_unknown END AS elevation_gain_unknown,
    CASE WHEN known THEN load_unknown END AS load_unknown
FROM summed;
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
COMMENT ON COLUMN weeks.running_min_done IS 'running done, of the sessions where it is known; running_unknown counts the others [min]';
COMMENT ON COLUMN weeks.running_min_planned IS 'running planned [min]';
COMMENT ON COLUMN weeks.walking_min_done IS 'walking done, of the sessions where it is known; running_unknown counts the others [min]';
COMMENT ON COLUMN weeks.walking_min_planned IS 'walking planned [min]';
COMMENT ON COLUMN weeks.longest_run_s IS 'longest continuous run without a walk [s]';
COMMENT ON COLUMN weeks.longest_run_planned_s IS 'longest continuous run planned [s]';
COMMENT ON COLUMN weeks.longest_run_m IS 'distance of the longest continuous run without a walk [m]';
COMMENT ON COLUMN weeks.distance_done_m IS 'distance on foot done, of the sessions where it is known; distance_unknown counts the others [m]';
COMMENT ON COLUMN weeks.distance_planned_m IS 'distance on foot expected [m]';
COMMENT ON COLUMN weeks.elevation_gain_done_m IS 'ascent on foot done, of the sessions where it is known; elevation_gain_unknown counts the others [m]';
COMMENT ON COLUMN weeks.elevation_gain_planned_m IS 'ascent to stay under [m]';
COMMENT ON COLUMN weeks.load_done IS 'training load done, all sports, of the sessions where it is known; load_unknown counts the others [au]';
COMMENT ON COLUMN weeks.load_low IS 'lower end of the load expected [au]';
COMMENT ON COLUMN weeks.load_high IS 'upper end of the load expected [au]';
COMMENT ON COLUMN weeks.running_unknown IS 'sessions on foot that nobody can split into running and walking: their minutes are in neither sum [count]';
COMMENT ON COLUMN weeks.distance_unknown IS 'sessions on foot without a known distance [count]';
COMMENT ON COLUMN weeks.elevation_gain_unknown IS 'sessions on foot without a known ascent [count]';
COMMENT ON COLUMN weeks.load_unknown IS 'sessions of any sport without a known load [count]';
