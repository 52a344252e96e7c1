-- Sessions whose times are given by a draw. Until it is drawn nobody has a seat; from then on the day is like any other.
-- The seed is chosen when the day is planned: its hash is shown from the start, the seed itself after the draw.
CREATE TABLE draws (
    session_id {BIG} PRIMARY KEY REFERENCES sessions (id),
    seed TEXT NOT NULL CHECK (length(seed) = 64),
    draws_at {INSTANT} NOT NULL,
    drawn_at {INSTANT} CHECK (drawn_at >= draws_at)
) {STRICT};

CREATE INDEX draws_to_come ON draws (draws_at, session_id) WHERE drawn_at IS NULL;
