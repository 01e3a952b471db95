-- What is believed of a body and of what it can do. The views of the same names say what each column is.
CREATE TABLE base.body (
    athlete_id VARCHAR, valid_from DATE, heart_rate_max_bpm DOUBLE, heart_rate_max_sd_bpm DOUBLE,
    heart_rate_max_source VARCHAR, heart_rate_rest_bpm DOUBLE, heart_rate_rest_sd_bpm DOUBLE,
    heart_rate_rest_source VARCHAR, vt1_mean DOUBLE, vt1_sd DOUBLE, note VARCHAR
);
COMMENT ON TABLE base.body IS 'One row a day on which a belief about a body changed. Key: athlete_id, valid_from.';

CREATE TABLE base.estimates (
    athlete_id VARCHAR, as_of DATE, number INTEGER, name VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, unit VARCHAR,
    reason VARCHAR, source VARCHAR, evidence VARCHAR, n INTEGER, activity_id VARCHAR, day DATE
);
COMMENT ON TABLE base.estimates IS 'One row an estimate of what an athlete can do. Key: athlete_id, name.';
