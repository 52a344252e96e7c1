-- "You said, we did". Its words, photos and audience are those of the announcement that makes it known; `told` is how
-- many people were told of it personally, and `told_at` when the last of them was: then it is announced to the others.
CREATE TABLE improvements (
    id {ID},
    office TEXT NOT NULL,
    announcement_id {BIG} NOT NULL UNIQUE REFERENCES announcements (id),
    made_by TEXT NOT NULL,
    made_at {INSTANT} NOT NULL,
    told INTEGER NOT NULL DEFAULT 0 CHECK (told >= 0),
    told_at {INSTANT}
) {STRICT};

CREATE INDEX improvements_untold ON improvements (id) WHERE told_at IS NULL;
CREATE INDEX improvements_of_office ON improvements (office, told_at);

-- The requests and suggestions that asked for it. `told_at` is when those who are behind one were owed their notice.
CREATE TABLE improvement_cases (
    improvement_id {BIG} NOT NULL REFERENCES improvements (id),
    case_id {BIG} NOT NULL REFERENCES cases (id),
    added_by TEXT NOT NULL,
    added_at {INSTANT} NOT NULL,
    told_at {INSTANT},
    PRIMARY KEY (improvement_id, case_id)
) {STRICT};

CREATE INDEX improvements_of_case ON improvement_cases (case_id);
CREATE INDEX improvement_cases_untold ON improvement_cases (improvement_id, case_id) WHERE told_at IS NULL;

-- What is drafted about a session, an improvement: looked for before another is begun.
CREATE INDEX announcement_drafts_about ON announcements (subject) WHERE status = 'draft';

-- Who wanted no more news after an announcement, once for each.
CREATE TABLE announcement_opt_outs (
    announcement_id {BIG} NOT NULL REFERENCES announcements (id),
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (announcement_id, resident_id)
) {STRICT};

CREATE INDEX opt_outs_of_resident ON announcement_opt_outs (resident_id);
