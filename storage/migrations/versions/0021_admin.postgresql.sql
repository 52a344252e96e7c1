INSERT INTO consent_sums (month, language, given)
    SELECT to_char(consented_at AT TIME ZONE 'Asia/Bahrain', 'YYYY-MM'), language, count(*) FROM residents
    WHERE consented_at IS NOT NULL GROUP BY 1, 2;

-- What is in the audit stays as it was written. A line is let go of through `audit_retention` alone, and the one change
-- is that a resident who is to be forgotten becomes nobody in particular.
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
        IF TG_OP = ''DELETE'' AND EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < before) THEN RETURN OLD; END IF;'
    ' IF TG_OP = ''UPDATE'' AND OLD.actor LIKE ''resident:%'' AND NEW.actor = ''resident'' AND
        (NEW.id, NEW.at, NEW.action, NEW.subject, NEW.detail, NEW.origin)
        = (OLD.id, OLD.at, OLD.action, OLD.subject, OLD.detail, OLD.origin) THEN RETURN NEW; END IF;'
    ' RAISE EXCEPTION ''the audit is append-only''; END';
CREATE TRIGGER audit_keeps_its_lines BEFORE DELETE OR UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE FUNCTION audit_lets_go() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
        DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < NEW.before ORDER BY at, id LIMIT NEW.most);'
    ' DELETE FROM audit_retention; RETURN NULL; END';
CREATE TRIGGER audit_lets_go AFTER INSERT ON audit_retention FOR EACH ROW EXECUTE FUNCTION audit_lets_go();
