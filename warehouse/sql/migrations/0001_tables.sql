-- The tables behind the views. Columns that a view shows under the same name take their comment from there.
CREATE SCHEMA base;

CREATE TABLE base.state (name VARCHAR, value VARCHAR);
COMMENT ON TABLE base.state IS 'What the file knows of itself: schema version, view definitions, change counter. Key: name.';
COMMENT ON COLUMN base.state.name IS 'schema_version, definitions, changes or birth';
COMMENT ON COLUMN base.state.value IS 'its value';

CREATE TABLE base.athletes (athlete_id VARCHAR, name VARCHAR, units VARCHAR, facts VARCHAR);
COMMENT ON TABLE base.athletes IS 'One row an athlete of this home. Key: athlete_id.';
COMMENT ON COLUMN base.athletes.name IS 'name to greet';
COMMENT ON COLUMN base.athletes.units IS 'km or miles, for showing';
COMMENT ON COLUMN base.athletes.facts IS 'dated facts as stated, JSON';

CREATE TABLE base.inbox (path VARCHAR, bytes BIGINT, mtime_ns BIGINT);
COMMENT ON TABLE base.inbox IS 'Top-level inbox files that were wholly dealt with, so that they are not opened again. Key: path.';
COMMENT ON COLUMN base.inbox.mtime_ns IS 'time of last change as the file system gives it [ns since 1970]';

CREATE TABLE base.files (
    path VARCHAR, sha256 VARCHAR, athlete_id VARCHAR, bytes BIGINT, first_seen_at TIMESTAMPTZ, status VARCHAR,
    reason VARCHAR, reader VARCHAR, what VARCHAR, activities INTEGER
);
COMMENT ON TABLE base.files IS 'One row a file ever seen: path and content. Key: path, sha256.';

CREATE TABLE base.activities (
    activity_no INTEGER, activity_id VARCHAR, athlete_id VARCHAR, sha256 VARCHAR, path VARCHAR, index INTEGER,
    started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, local_day DATE, timezone VARCHAR, timezone_source VARCHAR,
    sport VARCHAR, sub_sport VARCHAR, kind VARCHAR, reader VARCHAR, title VARCHAR, workout VARCHAR,
    manufacturer VARCHAR, product VARCHAR, serial VARCHAR, software VARCHAR, barometer BOOLEAN,
    elapsed_s DOUBLE, timer_s DOUBLE, moving_s DOUBLE, running_s DOUBLE, walking_s DOUBLE, distance_m DOUBLE,
    pace_s_per_km DOUBLE, grade_adjusted_pace_s_per_km DOUBLE, longest_run_s DOUBLE, longest_run_m DOUBLE,
    elevation_gain_m DOUBLE, elevation_gain_sd_m DOUBLE, elevation_loss_m DOUBLE, elevation_source VARCHAR,
    heart_rate_mean_bpm DOUBLE, heart_rate_max_bpm DOUBLE, heart_rate_coverage DOUBLE, decoupling_pct DOUBLE,
    device_distance_m DOUBLE, device_elapsed_s DOUBLE, device_timer_s DOUBLE, device_moving_s DOUBLE,
    device_elevation_gain_m DOUBLE, device_elevation_loss_m DOUBLE,
    device_heart_rate_mean_bpm DOUBLE, device_heart_rate_max_bpm DOUBLE, device_rpe DOUBLE, device_feel DOUBLE,
    identity VARCHAR, external_id VARCHAR, n_samples INTEGER,
    has_heart_rate BOOLEAN, has_position BOOLEAN, has_altitude BOOLEAN, has_cadence BOOLEAN,
    counts VARCHAR, notes VARCHAR, digest BLOB, signature BLOB
);
COMMENT ON TABLE base.activities IS 'One row an activity as its file tells it. Key: activity_id; activity_no stands for it inside.';
COMMENT ON COLUMN base.activities.activity_no IS 'number of the activity inside this file, given in order of arrival; not stable over a rebuild';
COMMENT ON COLUMN base.activities.index IS 'which activity of its file, from 0';
COMMENT ON COLUMN base.activities.manufacturer IS 'maker of the device';
COMMENT ON COLUMN base.activities.product IS 'model of the device';
COMMENT ON COLUMN base.activities.serial IS 'serial number of the device';
COMMENT ON COLUMN base.activities.software IS 'software version of the device';
COMMENT ON COLUMN base.activities.barometer IS 'whether the device is known to have (true) or lack (false) a barometer';
COMMENT ON COLUMN base.activities.device_elapsed_s IS 'elapsed time as the device stored it [s]';
COMMENT ON COLUMN base.activities.device_moving_s IS 'moving time as the device stored it [s]';
COMMENT ON COLUMN base.activities.device_elevation_loss_m IS 'descent as the device stored it [m]';
COMMENT ON COLUMN base.activities.device_rpe IS 'effort as entered on the watch, Borg CR10';
COMMENT ON COLUMN base.activities.device_feel IS 'feeling as entered on the watch, 0 worst to 100 best';
COMMENT ON COLUMN base.activities.identity IS 'the maker''s own identity of the recording: serial and creation time';
COMMENT ON COLUMN base.activities.external_id IS 'id of the activity where it was exported from';
COMMENT ON COLUMN base.activities.n_samples IS 'how many samples it has';
COMMENT ON COLUMN base.activities.has_heart_rate IS 'whether any sample has a heart rate';
COMMENT ON COLUMN base.activities.has_position IS 'whether any sample has a position';
COMMENT ON COLUMN base.activities.has_altitude IS 'whether any sample has an altitude';
COMMENT ON COLUMN base.activities.has_cadence IS 'whether any sample has a cadence';
COMMENT ON COLUMN base.activities.counts IS 'samples touched by each flag, JSON';
COMMENT ON COLUMN base.activities.notes IS 'what the reader had to say about the recording, JSON list';
COMMENT ON COLUMN base.activities.digest IS 'histograms for the person stage, packed';
COMMENT ON COLUMN base.activities.signature IS 'what identity matching compares, packed';

CREATE TABLE base.samples (
    activity_no INTEGER, time TIMESTAMPTZ, t_s DOUBLE, latitude_deg DOUBLE, longitude_deg DOUBLE, altitude_m DOUBLE,
    distance_m DOUBLE, speed_m_s DOUBLE, heart_rate_bpm DOUBLE, cadence_spm DOUBLE, power_w DOUBLE,
    temperature_c DOUBLE, flags INTEGER
);
COMMENT ON TABLE base.samples IS 'One row a cleaned sample, in order of activity and time. Key: activity_no, t_s.';
COMMENT ON COLUMN base.samples.activity_no IS 'number of the activity, see base.activities';

CREATE TABLE base.laps (
    activity_no INTEGER, index INTEGER, started_at TIMESTAMPTZ, elapsed_s DOUBLE, timer_s DOUBLE, distance_m DOUBLE,
    heart_rate_mean_bpm DOUBLE, heart_rate_max_bpm DOUBLE, elevation_gain_m DOUBLE, trigger VARCHAR
);
COMMENT ON TABLE base.laps IS 'One row a lap. Key: activity_no, index.';
COMMENT ON COLUMN base.laps.activity_no IS 'number of the activity, see base.activities';

CREATE TABLE base.bouts (
    activity_no INTEGER, index INTEGER, kind VARCHAR, start_s DOUBLE, duration_s DOUBLE, distance_m DOUBLE,
    speed_m_s DOUBLE, heart_rate_mean_bpm DOUBLE
);
COMMENT ON TABLE base.bouts IS 'One row a stretch of one gait. Key: activity_no, index.';
COMMENT ON COLUMN base.bouts.activity_no IS 'number of the activity, see base.activities';

CREATE TABLE base.metrics (
    activity_no INTEGER, metric VARCHAR, value DOUBLE, reason VARCHAR, sd DOUBLE, source VARCHAR,
    definition INTEGER, unit VARCHAR
);
COMMENT ON TABLE base.metrics IS 'Metrics that the recording alone decides. Key: activity_no, metric.';
COMMENT ON COLUMN base.metrics.activity_no IS 'number of the activity, see base.activities';

CREATE TABLE base.person_metrics (
    athlete_id VARCHAR, activity_id VARCHAR, metric VARCHAR, value DOUBLE, reason VARCHAR, sd DOUBLE, source VARCHAR,
    definition INTEGER, unit VARCHAR
);
COMMENT ON TABLE base.person_metrics IS 'Metrics that need facts of the athlete. Key: activity_id, metric.';

CREATE TABLE base.session_loads (
    athlete_id VARCHAR, activity_id VARCHAR, load DOUBLE, load_sd DOUBLE, load_source VARCHAR, comfort DOUBLE
);
COMMENT ON TABLE base.session_loads IS 'Load and comfort of each activity, once more, wide. Key: activity_id.';

CREATE TABLE base.matches (
    athlete_id VARCHAR, activity_id VARCHAR, duplicate_of VARCHAR, rule VARCHAR, detail VARCHAR
);
COMMENT ON TABLE base.matches IS 'One row an activity that is another copy of a preferred one. Key: activity_id.';
COMMENT ON COLUMN base.matches.rule IS 'the rule by which the two are the same run';
COMMENT ON COLUMN base.matches.detail IS 'what was compared, in plain words';

CREATE TABLE base.standing (athlete_id VARCHAR, activity_id VARCHAR, word VARCHAR);
COMMENT ON TABLE base.standing IS 'What the athlete said of an activity''s place. Key: activity_id, word.';
COMMENT ON COLUMN base.standing.word IS 'kept (never matched away) or forgotten (hidden everywhere)';

CREATE TABLE base.answers (
    athlete_id VARCHAR, activity_id VARCHAR, rpe DOUBLE, talk_test VARCHAR, feel DOUBLE, surface VARCHAR,
    pack_kg DOUBLE, boots_g DOUBLE
);
COMMENT ON TABLE base.answers IS 'What was said of each session. Key: activity_id.';

CREATE TABLE base.days (
    athlete_id VARCHAR, day DATE, load DOUBLE, load_sd DOUBLE, load_source VARCHAR, fitness DOUBLE, fatigue DOUBLE,
    form DOUBLE, monotony DOUBLE, strain DOUBLE, fatigue_index DOUBLE, fatigue_index_upper DOUBLE, coverage DOUBLE,
    running_min DOUBLE, distance_m DOUBLE, sessions INTEGER
);
COMMENT ON TABLE base.days IS 'One row a day of an athlete, rest days included. Key: athlete_id, day.';

CREATE TABLE base.health_events (
    athlete_id VARCHAR, day DATE, quantity VARCHAR, number DOUBLE, word VARCHAR, truth BOOLEAN, source VARCHAR,
    stated BOOLEAN, arrival BIGINT, place INTEGER, at_time TIMESTAMPTZ, activity_id VARCHAR, origin VARCHAR
);
COMMENT ON TABLE base.health_events IS 'Every reading and statement about a body, none overwritten. Key: origin, place.';
COMMENT ON COLUMN base.health_events.quantity IS 'what was read or stated';
COMMENT ON COLUMN base.health_events.number IS 'its value where it is a number, in the unit of the health view';
COMMENT ON COLUMN base.health_events.word IS 'its value where it is a word';
COMMENT ON COLUMN base.health_events.truth IS 'its value where it is yes or no';
COMMENT ON COLUMN base.health_events.source IS 'who measured or stated it, and how it came';
COMMENT ON COLUMN base.health_events.stated IS 'true: the person said so; false: a device measured it';
COMMENT ON COLUMN base.health_events.arrival IS 'order of arrival (number in the journal): later wins';
COMMENT ON COLUMN base.health_events.place IS 'order inside its origin';
COMMENT ON COLUMN base.health_events.at_time IS 'UTC time it speaks of, where known';
COMMENT ON COLUMN base.health_events.origin IS 'sha-256 of the file, or journal:<number>';

CREATE TABLE base.targets (
    athlete_id VARCHAR, week VARCHAR, revision INTEGER, as_of DATE, action VARCHAR, level VARCHAR,
    earned_level VARCHAR, run_min DOUBLE, longest_bout_min DOUBLE, walk_min DOUBLE, distance_m DOUBLE,
    elevation_gain_m DOUBLE, load_low DOUBLE, load_high DOUBLE, heart_rate_ceiling_bpm DOUBLE, sessions INTEGER,
    headline VARCHAR, status VARCHAR, revision_reason VARCHAR, override VARCHAR, state VARCHAR, inputs_hash VARCHAR,
    policy_version VARCHAR
);
COMMENT ON TABLE base.targets IS 'One row a revision of a week''s plan. Key: athlete_id, week, revision.';
COMMENT ON COLUMN base.targets.state IS 'all that the policy saw, JSON: the decision can be replayed from it';

CREATE TABLE base.planned_sessions (
    athlete_id VARCHAR, week VARCHAR, revision INTEGER, number INTEGER, day DATE, kind VARCHAR, slot INTEGER,
    title VARCHAR, steps STRUCT(reps INTEGER, run_s INTEGER, walk_s INTEGER)[], minutes DOUBLE,
    expected_distance_m DOUBLE, heart_rate_ceiling_bpm DOUBLE, instruction VARCHAR
);
COMMENT ON TABLE base.planned_sessions IS 'One row a session of a revision. Key: athlete_id, week, revision, number.';

CREATE TABLE base.reasons (
    athlete_id VARCHAR, week VARCHAR, revision INTEGER, number INTEGER, rule VARCHAR, sentence VARCHAR,
    observed DOUBLE, threshold DOUBLE, "window" VARCHAR, before DOUBLE, after DOUBLE, binding BOOLEAN, fired BOOLEAN,
    evidence_strength VARCHAR, activity_ids VARCHAR[], what_would_change_it VARCHAR
);
COMMENT ON TABLE base.reasons IS 'One row a rule or cap of a revision. Key: athlete_id, week, revision, number.';

CREATE TABLE base.metric_cards (
    metric VARCHAR, unit VARCHAR, meaning VARCHAR, cannot_tell VARCHAR, needs VARCHAR[], source VARCHAR,
    evidence VARCHAR, adds_up VARCHAR, definition INTEGER, stage VARCHAR
);
COMMENT ON TABLE base.metric_cards IS 'One row a metric of the catalogue. Key: metric.';

CREATE TABLE base.runs_log (
    run_id VARCHAR, command VARCHAR, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, duration_s DOUBLE,
    outcome VARCHAR, files_new INTEGER, files_refused INTEGER, activities_new INTEGER, published BOOLEAN,
    counts VARCHAR, durations_s VARCHAR, versions VARCHAR, note VARCHAR
);
COMMENT ON TABLE base.runs_log IS 'One row a run of the line. Key: run_id.';
COMMENT ON COLUMN base.activities.ended_at IS 'when it ended [UTC]';
COMMENT ON COLUMN base.answers.boots_g IS 'extra mass of the footwear, a pair [g]';
