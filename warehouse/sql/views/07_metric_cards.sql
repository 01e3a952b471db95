-- One row a metric of the catalogue.
CREATE OR REPLACE VIEW metric_cards AS
SELECT metric, unit, meaning, cannot_tell, needs, source, evidence, adds_up, definition, stage
FROM base.metric_cards;
COMMENT ON VIEW metric_cards IS 'What each metric means, rests on and cannot tell. Key: metric.';
COMMENT ON COLUMN metric_cards.metric IS 'name of the metric';
COMMENT ON COLUMN metric_cards.unit IS 'unit of its values';
COMMENT ON COLUMN metric_cards.meaning IS 'what it means, one line';
COMMENT ON COLUMN metric_cards.cannot_tell IS 'what it cannot tell, one line';
COMMENT ON COLUMN metric_cards.needs IS 'what a recording must hold';
COMMENT ON COLUMN metric_cards.source IS 'where the definition comes from';
COMMENT ON COLUMN metric_cards.evidence IS 'how well supported: strong, moderate, weak or practice';
COMMENT ON COLUMN metric_cards.adds_up IS 'how it aggregates over activities: sum, mean, max, last or none';
COMMENT ON COLUMN metric_cards.definition IS 'version of the definition in force';
COMMENT ON COLUMN metric_cards.stage IS 'file: the recording alone decides it; person: needs facts of the athlete';
