-- What sport an activity was, as its owner states it, stands beside what is kept and forgotten.
COMMENT ON COLUMN base.standing.word IS
    'kept (never matched away), forgotten (hidden everywhere), or sport: and the sport that its owner states';
COMMENT ON COLUMN base.activities.sport_source IS
    'who names the sport: the file, an export''s list, or its owner; NULL is the file';
