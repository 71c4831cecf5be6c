-- Who answered in a turn: '' is the whole table, else seats joined by '+'.
ALTER TABLE turn ADD COLUMN voice TEXT NOT NULL DEFAULT '';
