-- One row an activity that is not forgotten; of several copies of a run, all, one of them preferred.
CREATE OR REPLACE VIEW activities AS
SELECT
    a.athlete_id, a.activity_id, a.started_at, a.local_day, a.timezone, a.timezone_source, a.sport, a.sub_sport, a.kind,
    nullif(concat_ws(' ', a.manufacturer, a.product), '') AS device,
    coalesce(w.title, a.title) AS title, a.workout,
    a.elapsed_s, a.timer_s, a.moving_s,
    CASE
        WHEN a.running_s IS NULL AND said.running_s IS NOT NULL
            THEN least(said.running_s, coalesce(a.moving_s, a.timer_s, a.elapsed_s))
        ELSE a.running_s
    END AS running_s,
    coalesce(a.walking_s, said.walking_s) AS walking_s,
    a.distance_m, a.pace_s_per_km,
    a.grade_adjusted_pace_s_per_km, CASE
        WHEN a.longest_run_s IS NULL AND said.longest_run_s IS NOT NULL
            THEN least(said.longest_run_s, coalesce(a.running_s, a.moving_s, a.timer_s, a.elapsed_s))
        ELSE a.longest_run_s
    END AS longest_run_s,
    a.longest_run_m,
    a.elevation_gain_m, a.elevation_gain_sd_m, a.elevation_loss_m, a.elevation_source,
    coalesce(a.heart_rate_mean_bpm, felt.heart_rate_mean_bpm) AS heart_rate_mean_bpm,
    coalesce(a.heart_rate_max_bpm, felt.heart_rate_max_bpm) AS heart_rate_max_bpm, a.heart_rate_coverage,
    l.load, l.load_sd, l.load_source, a.decoupling_pct,
    w.rpe, w.talk_test, w.feel, l.comfort, w.surface, w.pack_kg,
    a.device_distance_m, a.device_elevation_gain_m,
    m.duplicate_of IS NULL AS preferred, m.duplicate_of, m.rule AS duplicate_rule,
    a.cadence_mean_spm, a.cadence_max_spm, a.stride_length_m, a.calories_kcal, a.power_mean_w, a.power_normalized_w,
    a.temperature_mean_c, a.gap_share, a.jump_share, a.position_coverage,
    CASE
        WHEN a.gap_share > @poor_gaps@ OR a.jump_share > @poor_jumps@ THEN 'poor'
        WHEN a.gap_share > @fair_gaps@ OR a.jump_share > @fair_jumps@ THEN 'fair'
        WHEN a.gap_share IS NOT NULL THEN 'good'
    END AS quality,
    nullif(a.sha256, '') AS sha256, nullif(a.path, '') AS path, coalesce(a.source, 'recorded') AS source,
    CASE
        WHEN a.heart_rate_coverage IS NULL OR t.activity_id IS NULL THEN NULL
        WHEN t.value IS NULL THEN 'poor'
        WHEN a.heart_rate_coverage < @good_coverage@ THEN 'fair'
        ELSE 'good'
    END AS heart_rate_quality
FROM base.activities a
LEFT JOIN base.session_loads l ON l.activity_id = a.activity_id
LEFT JOIN base.answers w ON w.activity_id = a.activity_id
LEFT JOIN base.matches m ON m.activity_id = a.activity_id
LEFT JOIN base.person_metrics t ON t.activity_id = a.activity_id AND t.metric = 'trimp_banister'
LEFT JOIN (
    SELECT c.duplicate_of AS activity_id, max(b.longest_run_s) AS longest_run_s, max(b.running_s) AS running_s,
        max(b.walking_s) AS walking_s
    FROM base.matches c JOIN base.activities b ON b.activity_id = c.activity_id
    WHERE b.source = 'logged' GROUP BY c.duplicate_of
) said ON said.activity_id = a.activity_id
LEFT JOIN (
    SELECT c.duplicate_of AS activity_id, max(b.device_heart_rate_mean_bpm) AS heart_rate_mean_bpm,
        max(b.device_heart_rate_max_bpm) AS heart_rate_max_bpm
    FROM base.matches c JOIN base.activities b ON b.activity_id = c.activity_id
    WHERE b.source = 'listed' GROUP BY c.duplicate_of
) felt ON felt.activity_id = a.activity_id
WHERE a.activity_id NOT IN (SELECT s.activity_id FROM base.standing s WHERE s.word = 'forgotten');
COMMENT ON VIEW activities IS 'One row an activity. Count the preferred ones: the others are copies of the same run. Key: activity_id.';
COMMENT ON COLUMN activities.athlete_id IS 'who';
COMMENT ON COLUMN activities.activity_id IS 'which activity';
COMMENT ON COLUMN activities.started_at IS 'when it began [UTC]';
COMMENT ON COLUMN activities.local_day IS 'the day it belongs to where it was done';
COMMENT ON COLUMN activities.timezone IS 'time zone there';
COMMENT ON COLUMN activities.timezone_source IS 'how the zone was decided: place, file, athlete or utc';
COMMENT ON COLUMN activities.sport IS 'sport as the file names it, lower case';
COMMENT ON COLUMN activities.sub_sport IS 'kind of that sport as the file names it (treadmill, trail)';
COMMENT ON COLUMN activities.kind IS 'what it counts as: run, walk, hike, other or unknown';
COMMENT ON COLUMN activities.device IS 'maker and model of the device';
COMMENT ON COLUMN activities.title IS 'title given by the athlete or the maker';
COMMENT ON COLUMN activities.workout IS 'name of the planned workout it was recorded with';
COMMENT ON COLUMN activities.elapsed_s IS 'from start to end [s]';
COMMENT ON COLUMN activities.timer_s IS 'while the timer ran [s]';
COMMENT ON COLUMN activities.moving_s IS 'while moving [s]';
COMMENT ON COLUMN activities.running_s IS 'while running; where nothing recorded shows it, what its owner logged [s]';
COMMENT ON COLUMN activities.walking_s IS 'while walking; where nothing recorded shows it, what its owner logged [s]';
COMMENT ON COLUMN activities.distance_m IS 'distance covered [m]';
COMMENT ON COLUMN activities.pace_s_per_km IS 'pace over moving time and the distance covered in it, which may be less than distance_m [s/km]';
COMMENT ON COLUMN activities.grade_adjusted_pace_s_per_km IS 'pace on the flat that would cost as much heart rate [s/km]';
COMMENT ON COLUMN activities.longest_run_s IS 'running within the longest continuous run without a walk or stop of 10 s; where no sensor shows it, the whole run of which its owner logged walk_min=0 [s]';
COMMENT ON COLUMN activities.longest_run_m IS 'distance of the longest continuous run without a walk [m]';
COMMENT ON COLUMN activities.elevation_gain_m IS 'ascent [m]';
COMMENT ON COLUMN activities.elevation_gain_sd_m IS 'standard deviation of the ascent [m]';
COMMENT ON COLUMN activities.elevation_loss_m IS 'descent [m]';
COMMENT ON COLUMN activities.elevation_source IS 'what the ascent rests on: barometric, barometric_noisy, gps or none';
COMMENT ON COLUMN activities.heart_rate_mean_bpm IS 'mean heart rate over moving time with a valid reading; where none was recorded, what a list states [bpm]';
COMMENT ON COLUMN activities.heart_rate_max_bpm IS 'highest heart rate after cleaning; where none was recorded, what a list states [bpm]';
COMMENT ON COLUMN activities.heart_rate_coverage IS 'share of moving time with a valid heart rate [0-1]';
COMMENT ON COLUMN activities.load IS 'training load, heart-rate units whatever its source [au]';
COMMENT ON COLUMN activities.load_sd IS 'standard deviation of the load [au]';
COMMENT ON COLUMN activities.load_source IS 'what the load rests on: hr, pace, rpe or duration';
COMMENT ON COLUMN activities.decoupling_pct IS 'loss of speed per heartbeat from first to second half [%]';
COMMENT ON COLUMN activities.rpe IS 'effort as stated, Borg CR10 [0-10]';
COMMENT ON COLUMN activities.talk_test IS 'could you speak full sentences: yes, equivocal or no';
COMMENT ON COLUMN activities.feel IS 'how it felt, 0 worst to 100 best [0-100]';
COMMENT ON COLUMN activities.comfort IS 'comfort score, 1 easy to 0 too hard [0-1]';
COMMENT ON COLUMN activities.surface IS 'ground as stated';
COMMENT ON COLUMN activities.pack_kg IS 'extra mass carried as stated [kg]';
COMMENT ON COLUMN activities.device_distance_m IS 'distance as the device stored it [m]';
COMMENT ON COLUMN activities.device_elevation_gain_m IS 'ascent as the device stored it [m]';
COMMENT ON COLUMN activities.preferred IS 'true for the copy of a run that counts';
COMMENT ON COLUMN activities.duplicate_of IS 'the preferred copy of the same run; NULL for the preferred itself';
COMMENT ON COLUMN activities.duplicate_rule IS 'the rule by which it is a copy';
COMMENT ON COLUMN activities.sha256 IS 'SHA-256 of the file it came from; NULL where it was logged by command';
COMMENT ON COLUMN activities.path IS 'path of the file it came from; NULL where it was logged';
COMMENT ON COLUMN activities.source IS 'recorded by a device, listed with its totals by an export, or logged: reported in minutes without a watch';
COMMENT ON COLUMN activities.cadence_mean_spm IS 'mean cadence while running, both feet [1/min]';
COMMENT ON COLUMN activities.cadence_max_spm IS 'highest cadence held for ten seconds, both feet [1/min]';
COMMENT ON COLUMN activities.stride_length_m IS 'distance a step while running, as watches show stride length [m]';
COMMENT ON COLUMN activities.calories_kcal IS 'energy as the device states it [kcal]';
COMMENT ON COLUMN activities.power_mean_w IS 'mean power while moving [W]';
COMMENT ON COLUMN activities.power_normalized_w IS 'normalised power [W]';
COMMENT ON COLUMN activities.temperature_mean_c IS 'mean temperature at the device [°C]';
COMMENT ON COLUMN activities.gap_share IS 'share of the timer time in which nothing was recorded [0-1]';
COMMENT ON COLUMN activities.jump_share IS 'share of samples that jump in place, height or distance [0-1]';
COMMENT ON COLUMN activities.position_coverage IS 'share of moving time with a place [0-1]';
COMMENT ON COLUMN activities.quality IS 'how far the recording can be trusted: good; fair above @fair_gaps%@ gaps or @fair_jumps%@ jumps; poor above @poor_gaps%@ or @poor_jumps%@';
COMMENT ON COLUMN activities.heart_rate_quality IS 'how far the heart rate can be trusted: good; fair where it covers less than @good_coverage%@ of the moving time; poor where no load can be summed from it: less than @usable_coverage%@ of the time, above your maximum, steps counted as beats, or more than anyone holds for so long; NULL without one';
