-- An appointment that its visitor released because it was answered before the day. Until `due_at` they can take that back:
-- the appointment and its seat stay as they are. A version other than `version` was moved meanwhile, and is not released.
CREATE TABLE releases (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id),
    version {BIG} NOT NULL CHECK (version > 0),
    due_at {INSTANT} NOT NULL,
    message TEXT CHECK (message <> '')
) {STRICT};
CREATE INDEX releases_due ON releases (due_at, booking_id);
