-- An alert is open until somebody takes it or says that nothing is dangerous; the managers hear of it once at most.
CREATE TABLE dangers (
    case_id {BIG} PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    danger TEXT NOT NULL, -- an id of the offices file, or 'said': its sender called it dangerous
    raised_at {INSTANT} NOT NULL,
    look_at {INSTANT}, -- when the managers hear of it
    escalated_at {INSTANT},
    taken_by TEXT,
    taken_at {INSTANT},
    dismissed_by TEXT,
    dismissed_at {INSTANT},
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CHECK ((dismissed_by IS NULL) = (dismissed_at IS NULL)),
    CHECK (look_at IS NULL OR (taken_at IS NULL AND dismissed_at IS NULL AND escalated_at IS NULL))
) {STRICT};
CREATE INDEX dangers_untaken ON dangers (look_at) WHERE look_at IS NOT NULL;
