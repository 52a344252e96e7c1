-- More can be tapped on the director's page, and a call has answers of its own. SQLite changes no CHECK in place, so
-- the table is made anew; it holds the taps of two days.
CREATE TABLE page_taps_anew (
    actor TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) = 32),
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    act TEXT NOT NULL CHECK (act IN ('call', 'in', 'not_here', 'done', 'outcome', 'undo')),
    result TEXT NOT NULL CHECK (result IN ('done', 'changed', 'not_next', 'on_the_way', 'held', 'too_late', 'outcome_stands')),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (actor, key),
    CHECK (result NOT IN ('not_next', 'on_the_way', 'held') OR act = 'call'),
    CHECK (result NOT IN ('too_late', 'outcome_stands') OR act = 'undo')
) {STRICT};
INSERT INTO page_taps_anew (actor, key, booking_id, act, result, at)
    SELECT actor, key, booking_id, act, result, at FROM page_taps;
DROP TABLE page_taps;
ALTER TABLE page_taps_anew RENAME TO page_taps;
CREATE INDEX page_taps_at ON page_taps (at);
