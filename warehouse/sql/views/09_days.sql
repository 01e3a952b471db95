-- One row a day of an athlete, rest days included.
CREATE OR REPLACE VIEW days AS
SELECT
    athlete_id, day, load, load_sd, load_source, fitness, fatigue, form, monotony, strain, fatigue_index,
    fatigue_index_upper, coverage, running_min, distance_m, sessions, day AS local_day
FROM base.days;
COMMENT ON VIEW days IS 'One row a day from the first activity on, rest days included. Key: athlete_id, day.';
COMMENT ON COLUMN days.athlete_id IS 'who';
COMMENT ON COLUMN days.day IS 'local day';
COMMENT ON COLUMN days.local_day IS 'the same day, under the name that all views have';
COMMENT ON COLUMN days.load IS 'training load of the day; 0 on a day without a session [au]';
COMMENT ON COLUMN days.load_sd IS 'standard deviation of the load [au]';
COMMENT ON COLUMN days.load_source IS 'what the load rests on';
COMMENT ON COLUMN days.fitness IS 'mean daily load over about 42 days, corrected for the short start [au/day]';
COMMENT ON COLUMN days.fatigue IS 'mean daily load over about 7 days, corrected for the short start [au/day]';
COMMENT ON COLUMN days.form IS 'fitness minus fatigue [au/day]';
COMMENT ON COLUMN days.monotony IS 'mean over standard deviation of 7 daily loads (Foster 1998), at most 10 [1]';
COMMENT ON COLUMN days.strain IS 'load of 7 days times monotony (Foster 1998) [au]';
COMMENT ON COLUMN days.fatigue_index IS 'how tired, from all that is known [0-1]';
COMMENT ON COLUMN days.fatigue_index_upper IS 'the same, raised for what is not known; the plan uses this one [0-1]';
COMMENT ON COLUMN days.coverage IS 'share of the inputs of the fatigue index that were there [0-1]';
COMMENT ON COLUMN days.running_min IS 'running of the day [min]';
COMMENT ON COLUMN days.distance_m IS 'distance on foot of the day [m]';
COMMENT ON COLUMN days.sessions IS 'sessions of the day [count]';
