-- What a message of ours holds, once it was sent: its words are forgotten then, and a voice note is taken back unlike a
-- photo. "" of those from before, and of notices.
ALTER TABLE outbox ADD COLUMN holds TEXT NOT NULL DEFAULT ''
    CHECK (holds IN ('', 'text', 'photo', 'document', 'voice', 'place'));

-- Messages in staff chats about somebody who was erased, which the channel lets only people delete. `message` is unknown
-- where the group has moved since. Who says that they are gone is believed until the channel knows better: `checked` is
-- how often it was asked.
CREATE TABLE messages_by_hand (
    id {ID},
    request_id {BIG} NOT NULL REFERENCES privacy_requests (id),
    origin TEXT NOT NULL UNIQUE CHECK (origin <> ''),
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    message TEXT CHECK (message <> ''),
    office TEXT NOT NULL,
    sent_at {INSTANT},
    tell_at {INSTANT} NOT NULL,
    told {BIG} NOT NULL DEFAULT 0 CHECK (told >= 0),
    checked {BIG} NOT NULL DEFAULT 0 CHECK (checked >= 0),
    gone_at {INSTANT},
    gone_by TEXT NOT NULL DEFAULT '',
    CHECK ((gone_at IS NULL) = (gone_by = ''))
) {STRICT};
CREATE INDEX messages_by_hand_to_tell ON messages_by_hand (tell_at, id) WHERE gone_at IS NULL;
CREATE INDEX messages_by_hand_of_chat ON messages_by_hand (channel, chat, id) WHERE gone_at IS NULL;
CREATE INDEX messages_by_hand_of_request ON messages_by_hand (request_id);
