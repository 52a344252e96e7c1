-- The living message that shows how an appointment stands, in the chat of its office.
CREATE TABLE booking_cards (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id),
    office TEXT NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic TEXT,
    message TEXT,
    shown TEXT NOT NULL DEFAULT '',
    placed_at {INSTANT} NOT NULL
) {STRICT};
CREATE INDEX booking_cards_by_message ON booking_cards (channel, chat, message) WHERE message IS NOT NULL;
