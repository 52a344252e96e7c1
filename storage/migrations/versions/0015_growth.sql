-- What a case still says about its resident: everything; the matter without whose it is, because they asked to be
-- forgotten while it was open; nothing any more.
ALTER TABLE cases ADD COLUMN identity TEXT NOT NULL DEFAULT 'kept' CHECK (identity IN ('kept', 'struck', 'erased'));
UPDATE cases SET identity = CASE
    WHEN closed_at IS NULL THEN 'struck'
    WHEN (words <> '' OR road <> '' OR building <> '' OR latitude IS NOT NULL)
        AND EXISTS (SELECT 1 FROM case_events e WHERE e.case_id = cases.id AND e.what = 'forgotten') THEN 'struck'
    ELSE 'erased' END
WHERE resident_id IN (SELECT id FROM residents WHERE forgotten_at IS NOT NULL);
CREATE INDEX cases_to_erase ON cases (identity, closed_at) WHERE identity <> 'erased' AND closed_at IS NOT NULL;

-- When the next target of an open case runs out; and the first of all that its office has still to meet. Written with
-- the case (`storage.cases`). SQLite computes a column by itself too, but then does not read it from an index alone.
ALTER TABLE cases ADD COLUMN next_due {INSTANT};
ALTER TABLE cases ADD COLUMN first_due {INSTANT};
UPDATE cases SET
    next_due = CASE
        WHEN status IN ('received', 'reopened') THEN triage_due
        WHEN answered_at IS NULL THEN update_due
        ELSE close_due END,
    first_due = CASE WHEN status IN ('received', 'under_review', 'in_progress', 'reopened') THEN {LEAST}(
        close_due,
        CASE WHEN answered_at IS NULL THEN update_due ELSE close_due END,
        CASE WHEN status IN ('received', 'reopened') THEN triage_due ELSE close_due END) END
WHERE closed_at IS NULL;

-- A queue is read from the index alone, in its order; so are the counts of the day.
CREATE INDEX cases_queue ON cases (office, priority DESC, next_due, id, first_due, owner, status, closed_at)
    WHERE closed_at IS NULL;
CREATE INDEX cases_of_owner ON cases (owner) WHERE closed_at IS NULL AND owner <> '';
CREATE INDEX cases_new ON cases (office, created_at);
DROP INDEX cases_open;
DROP INDEX cases_of_office;

DROP INDEX cases_by_block;
CREATE INDEX cases_by_block ON cases (block, office, closed_at, created_at) WHERE block IS NOT NULL;
-- Only open cases can be joined.
DROP INDEX cases_nearby;
CREATE INDEX cases_nearby ON cases (category, latitude) WHERE latitude IS NOT NULL AND closed_at IS NULL;
DROP INDEX cases_at_road;
CREATE INDEX cases_at_road ON cases (category, block, road) WHERE block IS NOT NULL AND closed_at IS NULL;

-- Whether the words of a case are in the index of words. The clock puts them there, newest cases first.
ALTER TABLE cases ADD COLUMN in_index {FLAG} NOT NULL DEFAULT FALSE CHECK (search IS NOT NULL OR NOT in_index);
DROP INDEX cases_to_index;
CREATE INDEX cases_to_index ON cases (id) WHERE NOT in_index;

-- Messages to somebody who was forgotten are kept until the last of them has gone out.
ALTER TABLE residents ADD COLUMN farewell {FLAG} NOT NULL DEFAULT FALSE;
UPDATE residents SET farewell = TRUE
WHERE forgotten_at IS NOT NULL AND EXISTS (SELECT 1 FROM outbox o WHERE o.resident_id = residents.id);
CREATE INDEX residents_with_farewell ON residents (id) WHERE farewell;

-- Files that came with a case or an appointment. Of the others a draft may still hold some.
ALTER TABLE files ADD COLUMN linked {FLAG} NOT NULL DEFAULT FALSE;
UPDATE files SET linked = TRUE WHERE id IN (SELECT file_id FROM case_files UNION SELECT file_id FROM booking_files);
CREATE INDEX files_loose ON files (created_at, id) WHERE NOT linked;
CREATE INDEX files_by_age ON files (created_at, id);

CREATE INDEX conversations_to_wipe ON conversations (updated_at)
    WHERE NOT (length(step) <= 64 AND saved = '[]' AND offered = '[]');
CREATE INDEX conversations_with_drafts ON conversations (updated_at, resident_id) WHERE saved <> '[]';

CREATE INDEX bookings_with_contact ON bookings (session_id) WHERE name <> '' OR phone <> '';
CREATE INDEX bookings_with_subject ON bookings (session_id)
    WHERE words <> '' OR project <> '' OR registration <> '' OR reason <> '' OR needs <> '[]' OR answers <> '{}';
CREATE INDEX booking_events_with_detail ON booking_events (at) WHERE detail <> '';
CREATE INDEX sessions_by_day ON sessions (day);

CREATE INDEX dead_letters_by_age ON dead_letters (first_at);
CREATE INDEX cards_unsent ON cards (office) WHERE message IS NULL;
CREATE INDEX outbox_failed ON outbox (id) WHERE status = 'failed';
CREATE INDEX audit_of_access ON audit (at)
    WHERE action IN ('case.contact', 'case.found', 'booking.contact', 'booking.found');
