-- How a case stood before a move of it: what is taken back within two minutes leaves it so again.
ALTER TABLE case_events ADD COLUMN status_before TEXT;
ALTER TABLE case_events ADD COLUMN question_before TEXT;
