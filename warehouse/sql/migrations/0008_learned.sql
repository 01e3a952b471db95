-- What is learned about a runner, and the learned choice beside the policy's. The views of the same names say more.
CREATE TABLE base.learned (
    athlete_id VARCHAR, as_of DATE, number INTEGER, name VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, unit VARCHAR,
    average DOUBLE, level VARCHAR, n INTEGER, basis VARCHAR, reason VARCHAR
);
COMMENT ON TABLE base.learned IS 'One row a thing that is believed about a runner. Key: athlete_id, name.';

CREATE TABLE base.choices (
    athlete_id VARCHAR, week VARCHAR, as_of DATE, level VARCHAR, policy_step INTEGER, learned_step INTEGER,
    learned_action VARCHAR, active BOOLEAN, answered INTEGER, allowed INTEGER[], probability DOUBLE, hard DOUBLE[],
    effort DOUBLE[]
);
COMMENT ON TABLE base.choices IS 'One row a published week: its step beside the learned one. Key: athlete_id, week.';
