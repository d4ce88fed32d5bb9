-- The Square as everybody sees it: the world less what was undone, and what was done since.
-- A plain name such as `posts` reads both files, through a view; `main.posts` is only what was
-- done, `base.posts` only the world, and `kept_posts` the world less what was undone. SQLite reads
-- a view of this form as fast as a table, in order and with its indexes, as long as the statement
-- reads it alone: joins and counts go to one file at a time.

CREATE TEMP VIEW kept_posts AS
    SELECT * FROM base.posts WHERE id NOT IN (SELECT id FROM main.gone_posts);
CREATE TEMP VIEW kept_likes AS SELECT * FROM base.likes l WHERE NOT EXISTS
    (SELECT 1 FROM main.gone_likes g WHERE g.post = l.post AND g.person = l.person);
CREATE TEMP VIEW kept_follows AS SELECT * FROM base.follows f WHERE NOT EXISTS
    (SELECT 1 FROM main.gone_follows g
     WHERE g.followed = f.followed AND g.follower = f.follower);
CREATE TEMP VIEW kept_lists AS
    SELECT * FROM base.lists WHERE id NOT IN (SELECT id FROM main.gone_lists);
CREATE TEMP VIEW kept_list_members AS SELECT * FROM base.list_members m WHERE NOT EXISTS
    (SELECT 1 FROM main.gone_list_members g WHERE g.list = m.list AND g.person = m.person);
CREATE TEMP VIEW kept_list_followers AS SELECT * FROM base.list_followers m WHERE NOT EXISTS
    (SELECT 1 FROM main.gone_list_followers g WHERE g.list = m.list AND g.person = m.person);

CREATE TEMP VIEW people AS SELECT * FROM base.people UNION ALL SELECT * FROM main.people;
CREATE TEMP VIEW posts AS SELECT * FROM kept_posts UNION ALL SELECT * FROM main.posts;
CREATE TEMP VIEW likes AS SELECT * FROM kept_likes UNION ALL SELECT * FROM main.likes;
CREATE TEMP VIEW follows AS SELECT * FROM kept_follows UNION ALL SELECT * FROM main.follows;
CREATE TEMP VIEW media AS SELECT * FROM base.media UNION ALL SELECT * FROM main.media;
CREATE TEMP VIEW marks AS SELECT * FROM base.marks UNION ALL SELECT * FROM main.marks;
CREATE TEMP VIEW tagged AS SELECT * FROM base.tagged UNION ALL SELECT * FROM main.tagged;
CREATE TEMP VIEW places AS SELECT * FROM base.places UNION ALL SELECT * FROM main.places;
CREATE TEMP VIEW polls AS SELECT * FROM base.polls UNION ALL SELECT * FROM main.polls;
CREATE TEMP VIEW poll_options AS
    SELECT * FROM base.poll_options UNION ALL SELECT * FROM main.poll_options;
CREATE TEMP VIEW lists AS SELECT * FROM kept_lists UNION ALL SELECT * FROM main.lists;
CREATE TEMP VIEW list_members AS
    SELECT * FROM kept_list_members UNION ALL SELECT * FROM main.list_members;
CREATE TEMP VIEW list_followers AS
    SELECT * FROM kept_list_followers UNION ALL SELECT * FROM main.list_followers;
CREATE TEMP VIEW spaces AS SELECT * FROM base.spaces UNION ALL SELECT * FROM main.spaces;
CREATE TEMP VIEW space_people AS
    SELECT * FROM base.space_people UNION ALL SELECT * FROM main.space_people;
CREATE TEMP VIEW feeds AS SELECT * FROM base.feeds UNION ALL SELECT * FROM main.feeds;
CREATE TEMP VIEW entries AS SELECT * FROM base.entries UNION ALL SELECT * FROM main.entries;
CREATE TEMP VIEW old_addresses AS
    SELECT * FROM base.old_addresses UNION ALL SELECT * FROM main.old_addresses;
CREATE TEMP VIEW comments AS SELECT * FROM base.comments UNION ALL SELECT * FROM main.comments;
CREATE TEMP VIEW wiki_pages AS
    SELECT * FROM base.wiki_pages UNION ALL SELECT * FROM main.wiki_pages;
CREATE TEMP VIEW wiki_edits AS
    SELECT * FROM base.wiki_edits UNION ALL SELECT * FROM main.wiki_edits;
