# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "opening", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Exercise 02 · Listen: a thousand unread
#
# It is Monday, 1 June, eight in the morning. You work for the Ministry of Justice of
# Calderland. About 150 blogs, news sites and podcasts have published well over a thousand
# entries since you last looked. At nine you brief your team: **ten entries, the most urgent
# first.**
#
# | Task | You show that you can | Points |
# |---|---|---|
# | 1 | read a reading list | 2 |
# | 2 | read many feeds into one table, whatever their dates look like | 4 |
# | 3 | name the feeds that are badly made | 2 |
# | 4 | keep what is new, and each entry once | 3 |
# | 5 | rank a briefing | 7 |
# | 6 | choose the first step | 2 |
#
# Work from top to bottom. Write your answer where a line says `# YOUR ANSWER`. The cell after
# each task checks what can be seen at once. Your grade also comes from checks that you do not
# see; they tell you why.
#
# Calderland is invented: so are its people, its sites and everything they write.

# %% nbgrader={"grade": false, "grade_id": "open_the_square", "locked": true, "schema_version": 3, "solution": false, "task": false}
from urllib.request import urlopen
from xml.etree import ElementTree

import feedparser
import pandas as pd

import kit
from kit.desk import tables, triage

square = kit.open_square()
square

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_reading_list", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 1 · The reading list (2 points)
#
# Feed readers pass reading lists around as *OPML*, a small XML format. Each feed is an
# `outline` element, and its address stands in the attribute `xmlUrl`. Some outlines only
# group others: those have no `xmlUrl`.
#
# Collect the addresses of all feeds in the list `feed_addresses`.
#
# *Worked example.* This prints the text of every outline:
#
# ```python
# for outline in outlines:
#     print(outline.get("text"))
# ```

# %% nbgrader={"grade": false, "grade_id": "reading_list", "locked": false, "schema_version": 3, "solution": true, "task": false}
outlines = list(ElementTree.parse(urlopen(square.opml)).iter("outline"))
feed_addresses = []
### BEGIN SOLUTION
for outline in outlines:
    if outline.get("xmlUrl"):
        feed_addresses.append(outline.get("xmlUrl"))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_reading_list", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert feed_addresses, "feed_addresses is still empty. Go through the outlines and append xmlUrl."
assert None not in feed_addresses, (
    "There is a None among the addresses: an outline that only groups others has no xmlUrl. "
    "Ask with an if before you append."
)
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("02_a_thousand_unread/reading_list", feed_addresses, points=2)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_entries", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 2 · One table of all entries (4 points)
#
# Feeds write their dates in different ways: `Mon, 01 Jun 2026 07:40:00 +0000`,
# `2026-06-01T07:40:00Z`, or in another element altogether. feedparser turns what it can read
# into a time in UTC, but **not always under the same name**: look for `published_parsed`
# first, and for `updated_parsed` where that is missing. `tables.published(entry)` does just
# that. An episode of a podcast is an entry like any other.
#
# Make a table `entries` with one row for each entry of each feed and these columns:
#
# - `feed`: the feed's title (`parsed.feed.title`)
# - `title`, `link`, `summary`: from the entry
# - `published`: the time, in UTC
#
# The loop is begun for you. Fill in the row, for example with `row["link"] = entry.link`.

# %% nbgrader={"grade": false, "grade_id": "entries", "locked": false, "schema_version": 3, "solution": true, "task": false}
rows = []
for address in feed_addresses:
    parsed = feedparser.parse(address)
    for entry in parsed.entries:
        row = {}
        ### BEGIN SOLUTION
        row["feed"] = parsed.feed.title
        row["title"] = entry.title
        row["link"] = entry.link
        row["summary"] = entry.summary
        row["published"] = tables.published(entry)
        ### END SOLUTION
        rows.append(row)

entries = pd.DataFrame(rows)
entries.head()

# %% nbgrader={"grade": true, "grade_id": "check_entries", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
for column in ("feed", "title", "link", "summary", "published"):
    assert column in entries.columns, f"The table has no column {column!r}. Fill it in the loop."
undated = entries[entries["published"].isna()]
assert undated.empty, (
    f"{len(undated)} entries have no date, all in: {', '.join(sorted(set(undated['feed'])))}. "
    "Where do these feeds keep their dates? Look at one entry with print(parsed.entries[0])."
)
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("02_a_thousand_unread/entries", entries[["link", "published"]], points=4)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_broken_feeds", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 3 · The badly made ones (2 points)
#
# feedparser is forgiving: it reads broken feeds as well as it can and sets `parsed.bozo` to
# tell you. The reason stands in `parsed.bozo_exception`. Most feeds of the list are well made,
# but not all:
#
# - some are **malformed**: their XML breaks the rules (`SAXParseException`)
# - some are **mislabelled**: they name a character set that they do not use
#   (`CharacterEncodingOverride`)
#
# Collect the titles of the malformed ones in the list `malformed_feeds`, and those of the
# mislabelled ones in `mislabelled_feeds`. The loop is begun for you: it prints each badly made
# feed with its reason. Let an `if` decide to which list `parsed.feed.title` is appended.

# %% nbgrader={"grade": false, "grade_id": "broken_feeds", "locked": false, "schema_version": 3, "solution": true, "task": false}
malformed_feeds = []
mislabelled_feeds = []
for address in feed_addresses:
    parsed = feedparser.parse(address)
    if parsed.bozo:
        reason = type(parsed.bozo_exception).__name__
        print(parsed.feed.title, "·", reason)
        ### BEGIN SOLUTION
        if reason == "SAXParseException":
            malformed_feeds.append(parsed.feed.title)
        else:
            mislabelled_feeds.append(parsed.feed.title)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_broken_feeds", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert malformed_feeds and mislabelled_feeds, (
    "One of the two lists is still empty. Append parsed.feed.title, by its reason."
)
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark(
    "02_a_thousand_unread/broken_feeds",
    {"malformed": malformed_feeds, "mislabelled": mislabelled_feeds},
    points=2,
)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_unread", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 4 · New, and once (3 points)
#
# More than a thousand entries are too many, and some are the same story twice: papers reprint
# one another word for word. What has the same title and the same summary is one story.
#
# Make a table `unread` with the entries of the **last 48 hours** before `square.now`, each
# story once. `triage.since(table, now, hours)` keeps what is recent; pandas'
# `drop_duplicates(subset=…)` keeps one row of those that are alike in the columns you name.

# %% nbgrader={"grade": false, "grade_id": "unread", "locked": false, "schema_version": 3, "solution": true, "task": false}
unread = entries
### BEGIN SOLUTION
unread = triage.since(entries, square.now, hours=48)
unread = unread.drop_duplicates(subset=["title", "summary"])
### END SOLUTION
print(len(unread), "entries left of", len(entries))

# %% nbgrader={"grade": true, "grade_id": "check_unread", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert len(unread) < len(entries), "unread still holds every entry. Keep the last 48 hours only."
assert len(unread) > 0, "unread is empty. Is the time square.now, and hours=48?"
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("02_a_thousand_unread/unread", list(unread["link"]), points=3)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_briefing", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 5 · The briefing (7 points)
#
# Ten entries, the most urgent first. What is urgent for the ministry this morning?
#
# - **Act today:** a rumour, a question or a complaint about something that is happening now.
# - **Know today:** other news of what is happening now, or a question or complaint of the
#   last three days about a service of the ministry.
# - **Good to know:** anything else about the ministry's services from the last week.
# - **Noise:** everything else. Beware: a *court* can be for tennis, a *fine* can be fine
#   weather, and a *booking* can be a table for two.
#
# Let `triage.score` do the first pass: give words and phrases a weight, look at the top of the
# list, read, and change the weights. Two of the stories that run: the booking service
# **BookCourt** fails, and people say that **jury** fines are to double. A third is a trial in
# Dunmere: know what is written about it, and say nothing. The public writes seven languages;
# which words, numbers and signs are the same in all of them?
#
# Then put the links of your ten entries into the list `briefing`, best first. You may pick
# them by score, by hand, or both. *How it is scored:* by nDCG, a standard measure of rankings;
# an urgent entry counts more, and more near the top. The same story twice counts once. What ten
# blind picks from `unread` reach on average earns nothing; 0.85 earns all points.

# %% nbgrader={"grade": false, "grade_id": "briefing", "locked": false, "schema_version": 3, "solution": true, "task": false}
weights = {"court": 1, "fine": 1, "booking": 1}
### BEGIN SOLUTION
weights = {
    # the sum in the rumour, as the languages write it
    "1,000": 3,
    "1.000": 3,
    "1 000": 3,
    # somebody asks, in nearly every language
    "?": 2,
    # the number that the failing booking service shows
    "51": 1,
    # somebody has put it right already
    "not true": -4,
    "fals": -4,
    "faux": -4,
    "fake": -3,
}
### END SOLUTION
unread["score"] = triage.score(unread["title"] + " " + unread["summary"], weights)
ranked = unread.sort_values(["score", "published"], ascending=False)

briefing = []
### BEGIN SOLUTION
briefing = list(ranked["link"].head(10))
### END SOLUTION
tables.readable(ranked[["score", "feed", "title", "summary"]].head(15))

# %% nbgrader={"grade": true, "grade_id": "check_briefing", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
assert briefing, 'briefing is still empty. list(ranked["link"].head(10)) takes the top ten.'
assert len(briefing) == 10, f"The briefing has {len(briefing)} entries. Choose ten."
assert set(briefing) <= set(entries["link"]), (
    "The briefing holds something that is no entry's link. Copy links from the table."
)
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("02_a_thousand_unread/briefing", briefing, points=7)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_first_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 6 · The first step (2 points)
#
# You have briefed the team. People say that from 1 July the fine for missing jury service
# doubles and comes straight out of their wages. It is not true. What does the ministry do
# first?
#
# - `"a"` Nothing. To answer a rumour only feeds it.
# - `"b"` Publish once, early and with the source, what is true: 500 crowns at most, as before,
#   and a judge can waive it. Then answer the worried questions one by one.
# - `"c"` Post "FALSE: jury fines do NOT double to 1,000 crowns!" every hour until it stops.
# - `"d"` Ask the platform to delete the posts, and wait.
#
# Write the letter into `first_step`.

# %% nbgrader={"grade": false, "grade_id": "first_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
first_step = ""
### BEGIN SOLUTION
first_step = "b"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_first_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert first_step in {"a", "b", "c", "d"}, 'Write one of "a", "b", "c" and "d" into first_step.'
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("02_a_thousand_unread/first_step", first_step, points=2)
### END HIDDEN TESTS
