-- How many updates of a person were heard since when: whoever sends too many at once is asked to wait.
ALTER TABLE conversations ADD COLUMN heard_since {INSTANT};
ALTER TABLE conversations ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
