-- A tap is on a visitor or on a whole line. SQLite changes no CHECK in place, so the table is made anew; it holds the
-- taps of two days.
CREATE TABLE page_taps_anew (
    actor TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) = 32),
    booking_id {BIG} REFERENCES bookings (id),
    session_id {BIG} REFERENCES sessions (id),
    act TEXT NOT NULL CHECK (act IN ('call', 'in', 'not_here', 'done', 'outcome', 'undo', 'hold', 'go_on')),
    result TEXT NOT NULL CHECK (result IN ('done', 'changed', 'not_next', 'on_the_way', 'held', 'too_late', 'outcome_stands')),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (actor, key),
    CHECK ((booking_id IS NULL) <> (session_id IS NULL)),
    CHECK ((session_id IS NOT NULL) = (act IN ('hold', 'go_on'))),
    CHECK (result NOT IN ('not_next', 'on_the_way', 'held') OR act = 'call'),
    CHECK (result NOT IN ('too_late', 'outcome_stands') OR act = 'undo')
) {STRICT};
INSERT INTO page_taps_anew (actor, key, booking_id, act, result, at)
    SELECT actor, key, booking_id, act, result, at FROM page_taps;
DROP TABLE page_taps;
ALTER TABLE page_taps_anew RENAME TO page_taps;
CREATE INDEX page_taps_at ON page_taps (at);
