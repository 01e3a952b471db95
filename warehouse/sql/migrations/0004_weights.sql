-- A watch writes its day in several files: the day's mean is made of theirs by how much each of them measured.
ALTER TABLE base.health_events ADD COLUMN weight DOUBLE;
COMMENT ON COLUMN base.health_events.weight IS 'number of measurements that a mean was made of';
