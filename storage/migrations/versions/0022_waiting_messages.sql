-- With the time in it, notices that wait for the morning are passed over without being read: 20,000 of them in a
-- millisecond, each time the dispatcher looks for what is due.
DROP INDEX outbox_pending;
CREATE INDEX outbox_pending ON outbox (urgency, id, not_before) WHERE status = 'pending';
