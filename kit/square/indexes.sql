-- Made after the rows are in, which is quicker than keeping them while rows arrive.

CREATE INDEX people_verified ON people (id) WHERE verified;
CREATE INDEX follows_by_follower ON follows (follower, followed);
CREATE INDEX posts_by_author ON posts (author, id);
CREATE INDEX posts_by_reference ON posts (refers_to, kind, at) WHERE refers_to != 0;
CREATE INDEX posts_by_conversation ON posts (conversation, id);
CREATE INDEX posts_by_addressee ON posts (addressee, id) WHERE addressee != 0;
CREATE INDEX likes_by_person ON likes (person, at);
CREATE INDEX media_by_post ON media (post);
CREATE INDEX tagged_by_place ON tagged (place, post);
CREATE INDEX polls_by_post ON polls (post);
CREATE INDEX lists_by_owner ON lists (owner, id);
CREATE INDEX lists_by_member ON list_members (person, list);
CREATE INDEX lists_by_follower ON list_followers (person, list);
CREATE INDEX spaces_by_creator ON spaces (creator, id);
CREATE INDEX marks_by_post ON marks (post);
CREATE INDEX entries_by_feed ON entries (feed, at);
CREATE INDEX comments_by_feed ON comments (feed, at);
CREATE INDEX comments_by_entry ON comments (entry, at);
CREATE INDEX wiki_edits_by_page ON wiki_edits (page, id);
CREATE INDEX entries_by_link ON entries (link);
