-- What was tapped on the director's page, by the key that the page gave it. A page on a weak connection sends a tap
-- until it is answered; the second time it gets the answer of the first.
CREATE TABLE page_taps (
    actor TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) = 32),
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    act TEXT NOT NULL CHECK (act IN ('in', 'done', 'outcome')),
    result TEXT NOT NULL CHECK (result IN ('done', 'changed')),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (actor, key)
) {STRICT};

CREATE INDEX page_taps_at ON page_taps (at);
