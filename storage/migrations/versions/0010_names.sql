ALTER TABLE conversations RENAME COLUMN parked TO saved;
ALTER TABLE conversations RENAME COLUMN heard_since TO counted_since;
ALTER TABLE conversations RENAME COLUMN heard TO counted;

ALTER TABLE parked_updates RENAME TO dead_letters;
ALTER TABLE dead_letters RENAME COLUMN parked_at TO dead_at;
ALTER TABLE dead_letters RENAME COLUMN again_at TO replay_at;
DROP INDEX parked_updates_again;
CREATE INDEX dead_letters_to_replay ON dead_letters (channel, update_id) WHERE replay_at IS NOT NULL;

ALTER TABLE outbox RENAME COLUMN vanishes TO delete_after;

ALTER TABLE residents RENAME COLUMN barred_until TO blocked_until;
ALTER TABLE residents RENAME COLUMN barred_reason TO blocked_reason;

ALTER TABLE staff_talks RENAME TO staff_conversations;
ALTER TABLE staff_words RENAME TO staff_messages;
