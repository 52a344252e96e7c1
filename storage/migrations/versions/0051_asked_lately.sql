-- What a resident was asked, and when: nobody is asked the same thing twice in an hour. `what` names the question.
CREATE TABLE asked_lately (
    resident_id {BIG} NOT NULL REFERENCES residents (id) ON DELETE CASCADE,
    what TEXT NOT NULL CHECK (what <> ''),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (resident_id, what)
) {STRICT};
