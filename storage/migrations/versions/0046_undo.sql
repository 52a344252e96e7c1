-- The last step that staff took with a visit, and how the visit stood before it, so that it can be taken back.
ALTER TABLE session_visits ADD COLUMN step TEXT CHECK (step IN ('call', 'enter', 'not_here', 'finish'));
ALTER TABLE session_visits ADD COLUMN step_at {INSTANT} CHECK ((step_at IS NULL) = (step IS NULL));
ALTER TABLE session_visits ADD COLUMN was_called_at {INSTANT} CHECK (was_called_at IS NULL OR step IS NOT NULL);
ALTER TABLE session_visits ADD COLUMN was_entered_at {INSTANT} CHECK (was_entered_at IS NULL OR step IS NOT NULL);
ALTER TABLE session_visits ADD COLUMN was TEXT CHECK (
    (was IS NULL) = (step IS NULL) AND was IN ('waiting', 'called', 'inside', 'absent')
    AND (was NOT IN ('called', 'absent') OR was_called_at IS NOT NULL)
    AND (was <> 'inside' OR was_entered_at IS NOT NULL)
);
-- Since when somebody's message says what was corrected.
ALTER TABLE line_places ADD COLUMN undone_at {INSTANT};
