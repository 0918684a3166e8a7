-- The same work as Zonebook's `reserve`: a list of lines is accepted whole or refused whole, each line takes from what
-- is available of one item and leaves a journal row. Written as a careful application would: one call for a list, rows
-- locked in order of item so that lists cannot deadlock.
CREATE TABLE position (
    item bigint PRIMARY KEY,
    on_hand numeric(19, 5) NOT NULL,
    decrease_pending numeric(19, 5) NOT NULL DEFAULT 0,
    CHECK (on_hand - decrease_pending >= 0)
) WITH (fillfactor = 70);
CREATE TABLE movement (list_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, accepted timestamptz NOT NULL DEFAULT now());
CREATE TABLE journal (
    list_no bigint NOT NULL,
    line int NOT NULL,
    item bigint NOT NULL,
    quantity numeric(19, 5) NOT NULL,
    decrease_pending_after numeric(19, 5) NOT NULL,
    PRIMARY KEY (list_no, line)
);
INSERT INTO position (item, on_hand) SELECT item, 1000000000 FROM generate_series(1, 10000) AS item;

CREATE FUNCTION reserve(lines int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_list bigint;
BEGIN
    INSERT INTO movement DEFAULT VALUES RETURNING list_no INTO new_list;
    WITH wanted AS MATERIALIZED (
        SELECT item, count(*) AS quantity FROM (
            SELECT 1 + floor(random() * 10000)::bigint AS item FROM generate_series(1, lines)
        ) AS line GROUP BY item
    ), locked AS MATERIALIZED (
        SELECT position.item FROM position JOIN wanted USING (item) ORDER BY position.item FOR UPDATE OF position
    ), changed AS (
        UPDATE position SET decrease_pending = decrease_pending + wanted.quantity
        FROM wanted JOIN locked USING (item) WHERE position.item = wanted.item
        RETURNING position.item, wanted.quantity, position.decrease_pending
    )
    INSERT INTO journal
    SELECT new_list, row_number() OVER (), item, quantity, decrease_pending FROM changed;
    RETURN new_list;
END $$;
