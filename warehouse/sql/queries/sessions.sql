-- One row a preferred activity of athlete $1 from local day $3 to $2 as the planner sees it, ascending in time.
SELECT
    a.activity_id, timezone('UTC', a.started_at) AS started_at, a.local_day, coalesce(a.kind, 'unknown') AS kind,
    a.sport, a.elapsed_s, a.moving_s, a.running_s, a.walking_s, a.distance_m, a.longest_run_s, a.longest_run_m,
    a.elevation_gain_m, a.elevation_loss_m,
    a.load, a.load_sd, a.load_source, a.heart_rate_mean_bpm, a.decoupling_pct, a.rpe, a.talk_test, a.feel, a.surface,
    a.pack_kg, a.title, a.workout, x.names, x.numbers, x.running_source
FROM activities a
LEFT JOIN (
    SELECT activity_id, list(metric) AS names, list(value) AS numbers,
        max(source) FILTER (metric = 'running_s') AS running_source
    FROM metrics
    WHERE athlete_id = $1 AND value IS NOT NULL AND metric IN (
        'run_speed_m_s', 'walk_speed_m_s', 'share_above_ceiling', 'efficiency', 'mile_done', 'best_mile_s',
        'impact_ratio', 'running_s', 'timer_s'
    )
    GROUP BY activity_id
) x ON x.activity_id = a.activity_id
WHERE a.athlete_id = $1 AND a.preferred AND a.local_day BETWEEN $3 AND $2
ORDER BY a.started_at, a.activity_id
