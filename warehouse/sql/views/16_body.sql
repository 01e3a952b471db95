-- One row a day on which a belief about an athlete's body changed.
CREATE OR REPLACE VIEW body AS
SELECT
    athlete_id, valid_from, heart_rate_max_bpm, heart_rate_max_sd_bpm, heart_rate_max_source, heart_rate_rest_bpm,
    heart_rate_rest_sd_bpm, heart_rate_rest_source, vt1_mean, vt1_sd, note
FROM base.body;
COMMENT ON VIEW body IS 'What is believed of a body, one row a day on which that changed; it holds until the next row. Key: athlete_id, valid_from.';
COMMENT ON COLUMN body.athlete_id IS 'who';
COMMENT ON COLUMN body.valid_from IS 'local day from which it holds';
COMMENT ON COLUMN body.heart_rate_max_bpm IS 'maximal heart rate [bpm]';
COMMENT ON COLUMN body.heart_rate_max_sd_bpm IS 'standard deviation of the maximal heart rate [bpm]';
COMMENT ON COLUMN body.heart_rate_max_source IS 'what the maximal heart rate rests on: stated, age or age unknown, and peaks where recordings moved it';
COMMENT ON COLUMN body.heart_rate_rest_bpm IS 'slow resting heart rate, that of weeks and not of a day [bpm]';
COMMENT ON COLUMN body.heart_rate_rest_sd_bpm IS 'standard deviation of the resting heart rate [bpm]';
COMMENT ON COLUMN body.heart_rate_rest_source IS 'what the resting heart rate rests on: measured, stated or assumed';
COMMENT ON COLUMN body.vt1_mean IS 'first ventilatory threshold, where talking stops being easy, as a share of heart-rate reserve [0-1]';
COMMENT ON COLUMN body.vt1_sd IS 'standard deviation of the threshold, as a share of heart-rate reserve [0-1]';
COMMENT ON COLUMN body.note IS 'what was adopted that day (a change of more than 3 bpm) and whether earlier loads were computed again with it; NULL for nothing';
