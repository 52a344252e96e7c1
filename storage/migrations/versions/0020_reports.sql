-- What a period's report counts, read from the place where the period begins.
CREATE INDEX cases_closed ON cases (office, closed_at, created_at, category) WHERE closed_at IS NOT NULL;
CREATE INDEX case_events_reopened ON case_events (at, case_id) WHERE what = 'reopened';
CREATE INDEX ratings_by_time ON ratings (subject, at);
