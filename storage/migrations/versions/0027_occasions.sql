-- A day that is closed, opened and closed again is called off twice: each time there is something to announce.
ALTER TABLE sessions ADD COLUMN closings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE announcements ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
UPDATE announcements SET round = coalesce((SELECT s.moved FROM sessions s WHERE 'session:' || s.id = subject), 0)
WHERE occasion = 'moved';
DROP INDEX one_draft_of_occasion;
CREATE UNIQUE INDEX one_draft_of_occasion ON announcements (subject, occasion, round) WHERE occasion <> '';
CREATE INDEX announcements_about ON announcements (subject, id) WHERE subject <> '';
