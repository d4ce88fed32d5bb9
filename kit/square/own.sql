-- What is only in the file of what was done on a Square: nothing of this ships with a world.
-- The world's file is attached to it as `base`, and is never written to.

-- Every act, as it was asked for: playing them again on the same world gives the same file.
CREATE TABLE acts (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person INTEGER NOT NULL,
    verb TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- What was undone of the world: rows of `base` that do not count any more.
CREATE TABLE gone_posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE gone_likes (
    post INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (post, person)
) WITHOUT ROWID;
CREATE TABLE gone_follows (
    follower INTEGER NOT NULL, followed INTEGER NOT NULL, PRIMARY KEY (followed, follower)
) WITHOUT ROWID;
CREATE TABLE gone_lists (id INTEGER PRIMARY KEY);
CREATE TABLE gone_list_members (
    list INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (list, person)
) WITHOUT ROWID;
CREATE TABLE gone_list_followers (
    list INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (list, person)
) WITHOUT ROWID;

-- Who may answer a post; without a row everyone: 'following', 'mentionedUsers' or 'subscribers'.
CREATE TABLE reply_settings (post INTEGER PRIMARY KEY, setting TEXT NOT NULL);
CREATE TABLE hidden_replies (post INTEGER PRIMARY KEY);
-- `number` is the order of making, by which these lists are shown and paged.
CREATE TABLE bookmarks (
    number INTEGER PRIMARY KEY, person INTEGER NOT NULL, post INTEGER NOT NULL,
    UNIQUE (person, post)
);
CREATE TABLE mutes (
    number INTEGER PRIMARY KEY, person INTEGER NOT NULL, muted INTEGER NOT NULL,
    UNIQUE (person, muted)
);
CREATE TABLE blocks (
    number INTEGER PRIMARY KEY, person INTEGER NOT NULL, blocked INTEGER NOT NULL,
    UNIQUE (person, blocked)
);
CREATE TABLE pinned_lists (
    number INTEGER PRIMARY KEY, person INTEGER NOT NULL, list INTEGER NOT NULL,
    UNIQUE (person, list)
);

-- Direct messages. A conversation of two is named by their ids, the smaller one first.
CREATE TABLE conversations (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE participants (
    conversation TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (conversation, person)
) WITHOUT ROWID;
CREATE INDEX participants_by_person ON participants (person, conversation);
-- kind is 'MessageCreate', 'ParticipantsJoin' or 'ParticipantsLeave'.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    sender INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    media TEXT NOT NULL,
    post INTEGER NOT NULL
);
CREATE INDEX messages_by_conversation ON messages (conversation, id);

-- Files that were sent, to be shown on a post; their bytes are kept once, by their SHA-256.
CREATE TABLE uploads (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    mime TEXT NOT NULL,
    alt_text TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    size INTEGER NOT NULL,
    finished INTEGER NOT NULL
);
CREATE TABLE upload_parts (
    upload INTEGER NOT NULL REFERENCES uploads (id), position INTEGER NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (upload, position)
);
CREATE TABLE contents (digest TEXT PRIMARY KEY, content BLOB NOT NULL);

CREATE TABLE stream_rules (
    id INTEGER PRIMARY KEY, app TEXT NOT NULL, value TEXT NOT NULL, tag TEXT NOT NULL,
    UNIQUE (app, value)
);
-- Lists of ids to be looked through for what is gone. What has not been sent yet is 0 and '[]'.
CREATE TABLE compliance_jobs (
    id INTEGER PRIMARY KEY,
    app INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    resumable INTEGER NOT NULL,
    at INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    ids TEXT NOT NULL
);

-- Tokens: kind is 'oauth1', 'oauth2', 'request' (OAuth 1.0a, not yet exchanged), 'code' (OAuth 2,
-- not yet exchanged) or 'refresh'; `app` is the account whose app it was given to. What a kind
-- has not is empty.
CREATE TABLE tokens (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    secret TEXT NOT NULL,
    person INTEGER NOT NULL,
    app INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    callback TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
-- How often a token that the Square makes by itself was made anew, because it was revoked.
CREATE TABLE renewals (
    what TEXT NOT NULL, person INTEGER NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (what, person)
) WITHOUT ROWID;
