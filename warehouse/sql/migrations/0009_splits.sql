-- Sensors beside heart rate, how far a recording can be trusted, the device's own scores, and splits.
ALTER TABLE base.activities ADD COLUMN cadence_mean_spm DOUBLE;
ALTER TABLE base.activities ADD COLUMN cadence_max_spm DOUBLE;
ALTER TABLE base.activities ADD COLUMN stride_length_m DOUBLE;
ALTER TABLE base.activities ADD COLUMN calories_kcal DOUBLE;
ALTER TABLE base.activities ADD COLUMN power_mean_w DOUBLE;
ALTER TABLE base.activities ADD COLUMN power_normalized_w DOUBLE;
ALTER TABLE base.activities ADD COLUMN temperature_mean_c DOUBLE;
ALTER TABLE base.activities ADD COLUMN gap_share DOUBLE;
ALTER TABLE base.activities ADD COLUMN jump_share DOUBLE;
ALTER TABLE base.activities ADD COLUMN position_coverage DOUBLE;
ALTER TABLE base.activities ADD COLUMN device_calories_kcal DOUBLE;
ALTER TABLE base.activities ADD COLUMN device_vo2max_ml_kg_min DOUBLE;
ALTER TABLE base.activities ADD COLUMN device_aerobic_training_effect DOUBLE;
ALTER TABLE base.activities ADD COLUMN device_anaerobic_training_effect DOUBLE;
ALTER TABLE base.activities ADD COLUMN device_recovery_time_h DOUBLE;
ALTER TABLE base.activities ADD COLUMN device_performance_condition DOUBLE;
COMMENT ON COLUMN base.activities.device_calories_kcal IS 'energy as the device stored it [kcal]';
COMMENT ON COLUMN base.activities.device_vo2max_ml_kg_min IS 'maximal oxygen uptake as the device estimates it [mL/kg/min]';
COMMENT ON COLUMN base.activities.device_aerobic_training_effect IS 'aerobic training effect as the device scores it [0-5]';
COMMENT ON COLUMN base.activities.device_anaerobic_training_effect IS 'anaerobic training effect as the device scores it [0-5]';
COMMENT ON COLUMN base.activities.device_recovery_time_h IS 'recovery time as the device states it [h]';
COMMENT ON COLUMN base.activities.device_performance_condition IS 'performance condition at the end as the device scores it [-20 to 20]';

CREATE TABLE base.splits (
    activity_no INTEGER, unit VARCHAR, index INTEGER, start_s DOUBLE, timer_s DOUBLE, moving_s DOUBLE,
    distance_m DOUBLE, pace_s_per_km DOUBLE, heart_rate_mean_bpm DOUBLE, cadence_mean_spm DOUBLE,
    elevation_change_m DOUBLE
);
COMMENT ON TABLE base.splits IS 'One row a kilometre or mile of an activity. Key: activity_no, unit, index.';
COMMENT ON COLUMN base.splits.activity_no IS 'number of the activity, see base.activities';
