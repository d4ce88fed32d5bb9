-- What is public: the same tables in a world's file and in the file of what was done on a Square
-- since. All rows about a post (its words, marks, media, poll, place) lie in the file of the post.
-- Times are seconds since 1970-01-01 UTC; kinds are world.model.Kind.
-- Nothing is counted twice: every public count is taken from these tables at the Square's time.

CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    bio TEXT NOT NULL,
    place TEXT NOT NULL,
    language TEXT NOT NULL,
    url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    client TEXT NOT NULL
);

CREATE TABLE follows (
    follower INTEGER NOT NULL REFERENCES people (id),
    followed INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (followed, follower)
) WITHOUT ROWID;

CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    refers_to INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    addressee INTEGER NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    views INTEGER NOT NULL,
    half_life INTEGER NOT NULL
);

CREATE TABLE likes (
    post INTEGER NOT NULL REFERENCES posts (id),
    person INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (post, person)
) WITHOUT ROWID;

-- kind is 'photo', 'animated_gif' or 'video'; milliseconds is 0 for what stands still.
CREATE TABLE media (
    key TEXT PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    kind TEXT NOT NULL,
    alt_text TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL
) WITHOUT ROWID;

-- The place that the author tagged a post with, and the places there are: degrees, west and south
-- are negative.
CREATE TABLE tagged (
    post INTEGER PRIMARY KEY REFERENCES posts (id),
    place TEXT NOT NULL REFERENCES places (id)
);

CREATE TABLE places (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    country TEXT NOT NULL,
    country_code TEXT NOT NULL,
    west REAL NOT NULL,
    south REAL NOT NULL,
    east REAL NOT NULL,
    north REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    minutes INTEGER NOT NULL
);

CREATE TABLE poll_options (
    poll INTEGER NOT NULL REFERENCES polls (id),
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    votes INTEGER NOT NULL,
    PRIMARY KEY (poll, position)
) WITHOUT ROWID;

CREATE TABLE lists (
    id INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    private INTEGER NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE list_members (
    list INTEGER NOT NULL REFERENCES lists (id),
    person INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (list, person)
) WITHOUT ROWID;

CREATE TABLE list_followers (
    list INTEGER NOT NULL REFERENCES lists (id),
    person INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (list, person)
) WITHOUT ROWID;

-- Live talks: announced, begun and ended. Whether one is on follows from the Square's time.
CREATE TABLE spaces (
    id TEXT PRIMARY KEY,
    creator INTEGER NOT NULL REFERENCES people (id),
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    topic TEXT NOT NULL,
    at INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    ticketed INTEGER NOT NULL,
    participants INTEGER NOT NULL
) WITHOUT ROWID;

-- role is 'host', 'speaker', 'invited' or 'buyer' of a ticket.
CREATE TABLE space_people (
    space TEXT NOT NULL REFERENCES spaces (id),
    role TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (space, role, person)
) WITHOUT ROWID;

-- What a post's text names, folded as search compares it: kind is '#', '@', '$' or 'url'.
CREATE TABLE marks (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES posts (id),
    PRIMARY KEY (kind, value, post)
) WITHOUT ROWID;

-- The words of a post's text and of the addresses in it, already split and folded by
-- kit.square.search.words: the index only splits at spaces, so that search has one definition of a word,
-- in one place. Between two addresses stands '|', which is no word.
CREATE VIRTUAL TABLE words USING fts5 (
    text, links, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* P* S* M* Co Cn Cs'"
);

CREATE TABLE feeds (
    slug TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    author TEXT NOT NULL,
    language TEXT NOT NULL,
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    dates TEXT NOT NULL,
    defect TEXT NOT NULL,
    home TEXT NOT NULL,
    reading_list TEXT NOT NULL,
    category TEXT NOT NULL,
    explicit INTEGER NOT NULL
) WITHOUT ROWID;

-- status is 301, 302 (then feed is where it went) or 410 (then it is empty).
CREATE TABLE old_addresses (
    slug TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    topic TEXT NOT NULL,
    reading_list TEXT NOT NULL,
    status INTEGER NOT NULL,
    feed TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    feed TEXT NOT NULL REFERENCES feeds (slug),
    at INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL,
    author TEXT NOT NULL,
    duration INTEGER NOT NULL,
    season INTEGER NOT NULL,
    episode INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    feed TEXT NOT NULL REFERENCES feeds (slug),
    entry TEXT NOT NULL REFERENCES entries (id),
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL
) WITHOUT ROWID;

-- subject is the title of the page that a talk page is about, empty for the page itself.
CREATE TABLE wiki_pages (
    title TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    home TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE wiki_edits (
    id INTEGER PRIMARY KEY,
    page TEXT NOT NULL REFERENCES wiki_pages (title),
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    anonymous INTEGER NOT NULL,
    bot INTEGER NOT NULL,
    minor INTEGER NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL
);
