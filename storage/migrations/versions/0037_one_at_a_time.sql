-- A person and a number have one appointment to come at an office. `sole` marks it: staff may give another one beside
-- it, for a reason that they write down, and nobody's walk-in counts.
ALTER TABLE bookings ADD COLUMN sole {FLAG} NOT NULL DEFAULT FALSE;

-- Of those that were booked before, the first of each person and number.
UPDATE bookings SET sole = TRUE WHERE status IN ('confirmed', 'checked_in') AND source <> 'walk_in' AND NOT EXISTS (
    SELECT 1 FROM bookings earlier WHERE earlier.office = bookings.office AND earlier.id < bookings.id
        AND earlier.status IN ('confirmed', 'checked_in') AND earlier.source <> 'walk_in'
        AND (earlier.resident_id = bookings.resident_id OR (earlier.phone = bookings.phone AND bookings.phone <> ''))
);

CREATE UNIQUE INDEX one_appointment_of_person ON bookings (office, resident_id)
    WHERE sole AND status IN ('confirmed', 'checked_in');
CREATE UNIQUE INDEX one_appointment_of_phone ON bookings (office, phone)
    WHERE sole AND phone <> '' AND status IN ('confirmed', 'checked_in');
