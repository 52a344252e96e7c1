ALTER TABLE updates ALTER COLUMN update_id TYPE TEXT USING CAST(update_id AS TEXT);

-- Text does not order updates as they came; the time of the first try does.
DROP INDEX dead_letters_to_replay;
ALTER TABLE dead_letters ALTER COLUMN update_id TYPE TEXT USING CAST(update_id AS TEXT);
CREATE INDEX dead_letters_to_replay ON dead_letters (channel, first_at) WHERE replay_at IS NOT NULL;

ALTER TABLE outbox ALTER COLUMN message TYPE TEXT USING CAST(message AS TEXT);

ALTER TABLE staff_chats ALTER COLUMN topic TYPE TEXT USING CAST(topic AS TEXT);

ALTER TABLE cards
    ALTER COLUMN topic TYPE TEXT USING CAST(topic AS TEXT),
    ALTER COLUMN message TYPE TEXT USING CAST(message AS TEXT);

ALTER TABLE staff_messages ALTER COLUMN message TYPE TEXT USING CAST(message AS TEXT);

ALTER TABLE staff_searches ALTER COLUMN message TYPE TEXT USING CAST(message AS TEXT);
