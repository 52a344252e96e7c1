-- What administrators changed of the offices file and the templates file, in the order of `version`. A path is a list
-- of keys as JSON; `before` and `after` are JSON, and NULL where nothing stands there. Rows are only ever added: an undo
-- is a change of its own.
CREATE TABLE configuration_changes (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    at {INSTANT} NOT NULL,
    actor TEXT NOT NULL,
    office TEXT NOT NULL DEFAULT '', -- '' where it concerns every office
    path TEXT NOT NULL,
    before TEXT,
    after TEXT,
    undoes INTEGER UNIQUE REFERENCES configuration_changes (version),
    CHECK (undoes < version),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
) {STRICT};
CREATE INDEX configuration_changes_of_office ON configuration_changes (office, version);
CREATE INDEX configuration_changes_of_place ON configuration_changes (path, version);

-- A session that staff opened or changed: the weekly rules leave it as it is.
ALTER TABLE sessions ADD COLUMN by_hand {FLAG} NOT NULL DEFAULT FALSE;
