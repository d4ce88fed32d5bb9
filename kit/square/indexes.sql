-- Made after the rows are in, which is quicker than keeping them while rows arrive.

CREATE INDEX follows_by_follower ON follows (follower, followed);
CREATE INDEX posts_by_author ON posts (author, id);
CREATE INDEX posts_by_reference ON posts (refers_to, kind, at) WHERE refers_to != 0;
CREATE INDEX posts_by_conversation ON posts (conversation, id);
CREATE INDEX posts_by_addressee ON posts (addressee, id) WHERE addressee != 0;
CREATE INDEX posts_by_language ON posts (language, id);
CREATE INDEX likes_by_person ON likes (person, at);
CREATE INDEX images_by_post ON images (post);
CREATE INDEX marks_by_post ON marks (post);
CREATE INDEX entries_by_feed ON entries (feed, at);
