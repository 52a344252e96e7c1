-- Whoever asked to act for another hears once that nobody answered.
ALTER TABLE delegations ADD COLUMN told_at {INSTANT};
CREATE INDEX delegations_unanswered ON delegations (expires_at) WHERE state = 'asked' AND told_at IS NULL;

-- The message that shows a delegate how the queue goes for whom they booked.
ALTER TABLE delegated_bookings ADD COLUMN line_message TEXT;
