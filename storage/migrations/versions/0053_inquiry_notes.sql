-- Nobody's: the words are kept without what tells who asked, and nothing leads from a row to a person.
CREATE TABLE inquiries (
    id {ID},
    asked_at {INSTANT} NOT NULL,
    office TEXT NOT NULL, -- '' where it was not known
    words TEXT NOT NULL, -- '' where one of the listed questions was tapped
    alike TEXT NOT NULL, -- the words as they are compared, so that the same question is counted as one
    answer TEXT NOT NULL, -- which of the bank was shown last; '' where there was none
    outcome TEXT NOT NULL CHECK (outcome IN ('shown', 'answered', 'not_answered', 'unknown')),
    CHECK ((outcome = 'unknown') = (answer = ''))
) {STRICT};
CREATE INDEX inquiries_of_office ON inquiries (office, asked_at);
CREATE INDEX inquiries_by_age ON inquiries (asked_at);
