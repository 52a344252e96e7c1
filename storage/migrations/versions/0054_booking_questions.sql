-- The question that staff asked about an appointment last: its words are in the booking's history. The clock looks at one
-- that waits for its answer: it is recalled once, and then its office is told.
CREATE TABLE booking_questions (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id) ON DELETE CASCADE,
    asked_at {INSTANT} NOT NULL,
    look_at {INSTANT},
    recalled_at {INSTANT},
    answered_at {INSTANT},
    CHECK (answered_at IS NULL OR look_at IS NULL),
    CHECK (recalled_at IS NULL OR recalled_at >= asked_at)
) {STRICT};
CREATE INDEX booking_questions_to_look_at ON booking_questions (look_at) WHERE look_at IS NOT NULL;
