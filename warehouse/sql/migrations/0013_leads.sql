-- What a headline begins with and what a session is for, as codes: nobody reads them out of the sentence. NULL for weeks
-- that were published before.
ALTER TABLE base.targets ADD COLUMN lead VARCHAR;
ALTER TABLE base.planned_sessions ADD COLUMN purpose VARCHAR;
