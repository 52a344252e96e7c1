-- A resident acts for another one, who has agreed: through a link that works once, or on the phone to staff.
CREATE TABLE delegations (
    id {ID},
    delegate_id {BIG} NOT NULL REFERENCES residents (id) ON DELETE CASCADE,
    principal_id {BIG} REFERENCES residents (id) ON DELETE CASCADE, -- the person acted for, once it is known who that is
    name TEXT NOT NULL CHECK (name <> ''), -- as the delegate calls them
    phone TEXT NOT NULL, -- which staff call; '' of a link
    office TEXT NOT NULL, -- which calls; '' of a link
    code TEXT UNIQUE, -- the digest of what the link says, until it is answered
    state TEXT NOT NULL CHECK (state IN ('asked', 'active', 'refused', 'ended')),
    asked_at {INSTANT} NOT NULL,
    expires_at {INSTANT} NOT NULL, -- of the question
    decided_at {INSTANT},
    decided_by TEXT,
    ended_at {INSTANT},
    ended_by TEXT,
    CHECK (principal_id IS NULL OR principal_id <> delegate_id),
    CHECK (state NOT IN ('active', 'ended') OR principal_id IS NOT NULL),
    CHECK ((state = 'asked') = (decided_at IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((phone = '') = (office = '')),
    CHECK (CASE WHEN state = 'asked' THEN (code IS NULL) = (phone <> '') ELSE code IS NULL END)
) {STRICT};
CREATE UNIQUE INDEX delegations_active ON delegations (delegate_id, principal_id) WHERE state = 'active';
CREATE INDEX delegations_of_delegate ON delegations (delegate_id, asked_at);
CREATE INDEX delegations_of_principal ON delegations (principal_id) WHERE principal_id IS NOT NULL;
CREATE INDEX delegations_asked ON delegations (asked_at);

-- What a delegate has filed, joined or booked for somebody: this they follow, and nothing else.
CREATE TABLE delegated_cases (
    case_id {BIG} PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    delegation_id {BIG} NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
    at {INSTANT} NOT NULL
) {STRICT};
CREATE INDEX delegated_cases_of ON delegated_cases (delegation_id);

CREATE TABLE delegated_bookings (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id) ON DELETE CASCADE,
    delegation_id {BIG} NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
    at {INSTANT} NOT NULL
) {STRICT};
CREATE INDEX delegated_bookings_of ON delegated_bookings (delegation_id);
