-- `/mydata` and `/forget` look for what somebody did in others' cases.
CREATE INDEX events_by_actor ON case_events (actor);
