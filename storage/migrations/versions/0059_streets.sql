-- Of all who have one request, one meets the municipality for all.
CREATE TABLE streets (
    case_id {BIG} PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    resident_id {BIG} NOT NULL REFERENCES residents (id) ON DELETE CASCADE, -- who offers to, and then does
    offer {BIG} NOT NULL UNIQUE CHECK (offer > 0), -- what buttons call it by: that of an earlier one does nothing
    offered_at {INSTANT} NOT NULL,
    chosen_at {INSTANT},
    booking_id {BIG} UNIQUE REFERENCES bookings (id),
    CHECK (booking_id IS NULL OR chosen_at IS NOT NULL)
) {STRICT};
CREATE INDEX streets_of ON streets (resident_id);

-- What the others say of it; who left hears no more.
CREATE TABLE street_voices (
    case_id {BIG} NOT NULL REFERENCES streets (case_id) ON DELETE CASCADE,
    resident_id {BIG} NOT NULL REFERENCES residents (id) ON DELETE CASCADE,
    voice TEXT NOT NULL CHECK (voice IN ('agrees', 'objects', 'left')),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (case_id, resident_id)
) {STRICT};
CREATE INDEX street_voices_of ON street_voices (resident_id);
