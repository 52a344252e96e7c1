-- The open request that an appointment is about, so that staff can answer it before the day.
CREATE TABLE booking_cases (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id),
    case_id {BIG} NOT NULL REFERENCES cases (id),
    linked_at {INSTANT} NOT NULL
) {STRICT};
CREATE INDEX booking_cases_of_case ON booking_cases (case_id);
