INSERT INTO consent_sums (month, language, given)
    SELECT strftime('%Y-%m', consented_at, '+3 hours'), language, count(*) FROM residents
    WHERE consented_at IS NOT NULL GROUP BY 1, 2;

-- What is in the audit stays as it was written. A line is let go of through `audit_retention` alone, and the one change
-- is that a resident who is to be forgotten becomes nobody in particular.
CREATE TRIGGER audit_keeps_its_lines BEFORE DELETE ON audit
    WHEN NOT EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < before)
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_keeps_its_words BEFORE UPDATE ON audit
    WHEN NOT (OLD.actor LIKE 'resident:%' AND NEW.actor = 'resident' AND NEW.id = OLD.id AND NEW.at = OLD.at
        AND NEW.action = OLD.action AND NEW.subject = OLD.subject AND NEW.detail = OLD.detail
        AND NEW.origin = OLD.origin)
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
-- INSERT OR REPLACE would replace a line without a word to the trigger on DELETE.
CREATE TRIGGER audit_replaces_nothing BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_lets_go AFTER INSERT ON audit_retention BEGIN
    DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < NEW.before ORDER BY at, id LIMIT NEW.most); DELETE
    FROM audit_retention; END;
