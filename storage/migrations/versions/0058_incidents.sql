-- One happening that many report: what joins it, until when, and what those who joined are told.
CREATE TABLE incidents (
    id {ID},
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closing', 'releasing', 'closed', 'released')),
    version INTEGER NOT NULL DEFAULT 1,
    categories TEXT NOT NULL, -- JSON list of ids
    offices TEXT NOT NULL, -- JSON list of ids
    blocks TEXT NOT NULL, -- JSON list of numbers; empty is the whole of each office's land
    circles TEXT NOT NULL, -- JSON list of latitude, longitude, metres
    texts TEXT NOT NULL, -- JSON, by language: what whoever joins is told
    since {INSTANT} NOT NULL, -- reports from then on join
    opened_at {INSTANT} NOT NULL,
    opened_by TEXT NOT NULL,
    ends_at {INSTANT} NOT NULL, -- nothing joins it after
    remind_at {INSTANT}, -- when its administrators hear that it ends, or has ended
    ended_at {INSTANT}, -- closed or released
    show_at {INSTANT}, -- when its cards are to be edited
    shown_at {INSTANT},
    CHECK (ends_at > opened_at),
    CHECK ((status IN ('closed', 'released')) = (ended_at IS NOT NULL))
) {STRICT};
CREATE INDEX incidents_to_remind ON incidents (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX incidents_to_show ON incidents (show_at) WHERE show_at IS NOT NULL;
CREATE INDEX incidents_under_way ON incidents (id) WHERE ended_at IS NULL;

-- Where it is open: at an office no more than one for each category. `gathered_to` is how far earlier reports were
-- looked at; it is empty once all were.
CREATE TABLE incident_areas (
    incident_id {BIG} NOT NULL REFERENCES incidents (id),
    category TEXT NOT NULL,
    office TEXT NOT NULL,
    opened_at {INSTANT} NOT NULL,
    live {FLAG} NOT NULL,
    gathered_to {INSTANT},
    gathered_id {BIG} NOT NULL DEFAULT 0,
    PRIMARY KEY (incident_id, category, office)
) {STRICT};
CREATE UNIQUE INDEX incident_areas_live ON incident_areas (category, office) WHERE live;
CREATE INDEX incident_areas_to_gather ON incident_areas (incident_id) WHERE gathered_to IS NOT NULL;
CREATE INDEX incident_areas_of_office ON incident_areas (office, opened_at);

CREATE TABLE incident_cases (
    incident_id {BIG} NOT NULL REFERENCES incidents (id),
    case_id {BIG} NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('joined', 'left', 'closed', 'still')),
    joined_at {INSTANT} NOT NULL,
    changed_at {INSTANT} NOT NULL,
    PRIMARY KEY (incident_id, case_id)
) {STRICT};
CREATE UNIQUE INDEX incident_cases_joined ON incident_cases (case_id) WHERE state = 'joined';
CREATE INDEX incident_cases_by_case ON incident_cases (case_id, joined_at);
CREATE INDEX incident_cases_by_state ON incident_cases (incident_id, state, case_id);

-- What all who joined are told: in batches, which go on after `reached` when the process begins again. It can be taken
-- back until `starts_at`.
CREATE TABLE incident_news (
    id {ID},
    incident_id {BIG} NOT NULL REFERENCES incidents (id),
    kind TEXT NOT NULL CHECK (kind IN ('update', 'close', 'release')),
    texts TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at {INSTANT} NOT NULL,
    starts_at {INSTANT} NOT NULL,
    reached {BIG} NOT NULL DEFAULT 0,
    told INTEGER NOT NULL DEFAULT 0,
    done_at {INSTANT},
    taken_back_at {INSTANT},
    CHECK (done_at IS NULL OR taken_back_at IS NULL)
) {STRICT};
CREATE INDEX incident_news_under_way ON incident_news (starts_at, id) WHERE done_at IS NULL AND taken_back_at IS NULL;
CREATE INDEX incident_news_of ON incident_news (incident_id, id);
CREATE UNIQUE INDEX incident_news_ending ON incident_news (incident_id) WHERE kind <> 'update' AND taken_back_at IS NULL;

-- The one message that shows an incident in an office's chat.
CREATE TABLE incident_cards (
    incident_id {BIG} NOT NULL REFERENCES incidents (id),
    office TEXT NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic TEXT,
    message TEXT,
    shown TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (incident_id, office)
) {STRICT}
