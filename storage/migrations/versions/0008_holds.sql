-- Looking at another time of the same day costs nobody their offer or their place: what is held has a row of its own.
DROP INDEX one_live_booking;
CREATE UNIQUE INDEX one_live_booking ON bookings (session_id, resident_id)
    WHERE status IN ('waiting', 'offered', 'confirmed', 'checked_in');
CREATE UNIQUE INDEX one_hold ON bookings (session_id, resident_id) WHERE status = 'held';
