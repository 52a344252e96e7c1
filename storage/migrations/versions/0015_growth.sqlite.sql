-- The index of words, three letters at a time, so that a part of a word is found too. It holds no copy of the words.
CREATE VIRTUAL TABLE case_search
    USING fts5 (search, content = 'cases', content_rowid = 'id', tokenize = 'trigram', detail = none,
        columnsize = 0);
-- Merged by the clock, a little at a time, and not in the middle of somebody's update.
INSERT INTO case_search (case_search, rank) VALUES ('automerge', 0);

-- Words that change or are erased leave the index with the same statement.
CREATE TRIGGER case_words_leave_index AFTER UPDATE OF search ON cases WHEN OLD.in_index BEGIN
    INSERT INTO case_search (case_search, rowid, search) VALUES ('delete', OLD.id, OLD.search); END;
