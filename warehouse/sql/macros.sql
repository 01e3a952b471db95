-- Macros for people. NULL in, NULL out. No subquery inside: around a window function it would give wrong answers.
CREATE OR REPLACE MACRO clock(whole_seconds) AS
    CASE WHEN whole_seconds < 0 THEN '-' ELSE '' END || CASE
        WHEN abs(whole_seconds) >= 3600
            THEN printf('%d:%02d:%02d', abs(whole_seconds) // 3600, abs(whole_seconds) // 60 % 60, abs(whole_seconds) % 60)
        ELSE printf('%d:%02d', abs(whole_seconds) // 60, abs(whole_seconds) % 60)
    END;
CREATE OR REPLACE MACRO hms(seconds) AS clock(CAST(round(seconds) AS BIGINT));
CREATE OR REPLACE MACRO pace(seconds_per_km) AS hms(seconds_per_km) || ' /km';
CREATE OR REPLACE MACRO miles(metres) AS metres / @mile_m@;
COMMENT ON MACRO clock IS 'Whole seconds as people write a duration; hms rounds first.';
COMMENT ON MACRO hms IS 'A duration in seconds as people write it: hms(3725) is 1:02:05.';
COMMENT ON MACRO pace IS 'Seconds per kilometre as a pace: pace(450) is 7:30 /km.';
COMMENT ON MACRO miles IS 'Metres in miles: miles(@mile_m@) is 1.';
