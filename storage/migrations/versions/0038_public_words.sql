-- What people who are asked to join a request may read of it: its words once the owner has agreed, or what staff wrote.
CREATE TABLE case_public_words (
    case_id {BIG} PRIMARY KEY REFERENCES cases (id),
    agreed_at {INSTANT},
    summary TEXT NOT NULL DEFAULT '',
    written_by TEXT NOT NULL DEFAULT '',
    written_at {INSTANT},
    CHECK (agreed_at IS NOT NULL OR summary <> ''),
    CHECK ((summary = '') = (written_at IS NULL) AND (summary = '') = (written_by = ''))
) {STRICT};
