-- Who came to a session, and how far they are: waiting, called, inside, done. A walk-in is a booking as well, with a
-- seat in a slot of its own that has no capacity, so that all that is true of a booking is true of it.
CREATE TABLE session_visits (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id),
    session_id {BIG} NOT NULL REFERENCES sessions (id), -- the line: after a transfer another than the booking's
    office TEXT NOT NULL,
    day {DAY} NOT NULL,
    ticket INTEGER NOT NULL CHECK (ticket > 0),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'called', 'inside', 'done', 'absent', 'left')),
    version INTEGER NOT NULL DEFAULT 1,
    due_at {INSTANT} NOT NULL,
    arrived_at {INSTANT} NOT NULL,
    called_at {INSTANT},
    entered_at {INSTANT},
    done_at {INSTANT},
    calls INTEGER NOT NULL DEFAULT 0 CHECK (calls >= 0),
    CHECK (status NOT IN ('called', 'absent') OR called_at IS NOT NULL),
    CHECK (status NOT IN ('inside', 'done') OR entered_at IS NOT NULL),
    CHECK ((status = 'done') = (done_at IS NOT NULL)),
    UNIQUE (office, day, ticket)
) {STRICT};
CREATE INDEX visits_of_session ON session_visits (session_id, due_at, booking_id);
