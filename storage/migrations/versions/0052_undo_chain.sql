-- The steps before the last one, which can be taken back after it: as JSON, the newest first.
ALTER TABLE session_visits ADD COLUMN earlier TEXT NOT NULL DEFAULT '[]' CHECK (earlier LIKE '[%');
