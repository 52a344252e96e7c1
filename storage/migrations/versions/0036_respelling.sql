-- How the words that cases are found by are spelt: a later version of this program spells them anew, the newest first.
-- `below` is the id below which they are still as they were; 0 where none is.
CREATE TABLE search_spelling (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    below {BIG} NOT NULL CHECK (below >= 0)
) {STRICT};
INSERT INTO search_spelling (one, version, below)
    SELECT 1, 1, 0 WHERE EXISTS (SELECT 1 FROM cases);

-- What the channel calls a person. A new one there is a new `name`, unless they gave another one themselves.
ALTER TABLE residents ADD COLUMN channel_name TEXT NOT NULL DEFAULT '';
UPDATE residents SET channel_name = name WHERE consented_at IS NULL;
