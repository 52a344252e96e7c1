-- Where a member of staff said they were, for a while: one row for each, and only the newest place.
CREATE TABLE staff_places (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    asked_at {INSTANT}, -- since when a place is waited for
    latitude {REAL},
    longitude {REAL},
    shared_at {INSTANT},
    PRIMARY KEY (channel, address),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CHECK ((latitude IS NULL) = (shared_at IS NULL))
) {STRICT};
CREATE INDEX staff_places_old ON staff_places (coalesce(shared_at, asked_at));

-- Photos with which a case was called solved; how far from its place the member was, where that is known.
CREATE TABLE case_proofs (
    event_id {BIG} PRIMARY KEY REFERENCES case_events (id) ON DELETE CASCADE,
    case_id {BIG} NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at {INSTANT} NOT NULL,
    photos INTEGER NOT NULL CHECK (photos > 0),
    metres INTEGER CHECK (metres >= 0)
) {STRICT};
CREATE INDEX case_proofs_of_case ON case_proofs (case_id, event_id);

CREATE INDEX cases_by_pin ON cases (office, latitude, longitude, closed_at, created_at) WHERE latitude IS NOT NULL
