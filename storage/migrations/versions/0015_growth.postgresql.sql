-- The index of words, three letters at a time, so that a part of a word is found too. It needs no extension.
CREATE FUNCTION trigrams(words TEXT) RETURNS TEXT[] LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS
    'SELECT coalesce(array_agg(DISTINCT substr(words, place, 3)), ''{}'')
     FROM generate_series(1, length(words) - 2) place';
CREATE INDEX cases_by_words ON cases USING gin (trigrams(search)) WHERE in_index;
