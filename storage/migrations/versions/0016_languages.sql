-- The languages that residents may choose. Whoever starts the bot adds those that the release has learned.
CREATE TABLE languages (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('rtl', 'ltr')),
    position INTEGER NOT NULL
) {STRICT};
INSERT INTO languages (code, name, direction, position) VALUES ('ar', 'العربية', 'rtl', 0), ('en', 'English', 'ltr', 1);

-- A column's CHECK cannot be dropped on SQLite, but the column can, and its CHECK goes with it.
ALTER TABLE residents RENAME COLUMN language TO one_of_two;
ALTER TABLE residents ADD COLUMN language TEXT NOT NULL DEFAULT 'ar' REFERENCES languages (code);
UPDATE residents SET language = one_of_two WHERE one_of_two <> 'ar';
ALTER TABLE residents DROP COLUMN one_of_two;

-- A reason in each language it is known in, as JSON: the language's code → the text.
ALTER TABLE sessions ADD COLUMN closed_reason TEXT NOT NULL DEFAULT '{}';
UPDATE sessions
    SET closed_reason = CAST({JSON_OBJECT}('ar', closed_reason_ar, 'en', closed_reason_en) AS TEXT)
    WHERE closed_reason_ar <> '' OR closed_reason_en <> '';
ALTER TABLE sessions DROP COLUMN closed_reason_ar;
ALTER TABLE sessions DROP COLUMN closed_reason_en;

ALTER TABLE closures ADD COLUMN reason TEXT NOT NULL DEFAULT '{}';
UPDATE closures
    SET reason = CAST({JSON_OBJECT}('ar', reason_ar, 'en', reason_en) AS TEXT)
    WHERE reason_ar <> '' OR reason_en <> '';
ALTER TABLE closures DROP COLUMN reason_ar;
ALTER TABLE closures DROP COLUMN reason_en;
