-- The link of a session's meetings by video: a row for each change, the newest counts. "" is the office's again.
CREATE TABLE session_links (
    session_id {BIG} NOT NULL REFERENCES sessions (id),
    version INTEGER NOT NULL CHECK (version > 0),
    link TEXT NOT NULL CHECK (length(link) <= 500),
    actor TEXT NOT NULL,
    at {INSTANT} NOT NULL,
    PRIMARY KEY (session_id, version)
) {STRICT};
-- From when on a draw is off, unless whoever switched it off takes that back.
ALTER TABLE draws ADD COLUMN off_at {INSTANT} CHECK (off_at IS NULL OR drawn_at IS NULL);
CREATE INDEX draws_going_off ON draws (off_at, session_id) WHERE off_at IS NOT NULL;
