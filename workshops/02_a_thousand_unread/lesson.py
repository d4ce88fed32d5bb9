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

# %% [markdown]
# # Lesson 02 · Listen: a thousand unread
#
# *Everyone and everything on the Square is invented: the country, the ministry, the sites and
# what they write.*
#
# **Listen. Learn. Join in.** A thousand unread posts a day is the job. Nobody can read them
# all, and nobody has to. There are no experts here: we are all learning.
#
# ## How do you find ten in a thousand? (2 minutes)
#
# Monday, 1 June 2026, eight in the morning. BookCourt has failed since Sunday, 18:30. The jury
# rumour has gone round since Saturday, 19:00. The ministry has said nothing about either. At
# nine you brief your team. Meanwhile about 150 blogs, news sites and podcasts have published.
#
# Run the cell with **Shift + Enter**. You need not understand it yet.

# %%
from datetime import UTC, datetime
from math import log2
from urllib.request import urlopen
from xml.etree import ElementTree

import feedparser
import pandas as pd

import kit
from kit.desk import charts, tables, triage

pd.set_option("display.max_colwidth", None)

square = kit.open_square()

times = []
for address in square.feeds.values():
    for entry in feedparser.parse(address).entries:
        times.append(tables.published(entry))

pile = pd.DataFrame({"published": times})
sizes = []
for name, hours in {"28 days": 672, "7 days": 168, "24 hours": 24, "12 hours": 12}.items():
    sizes.append({"the last": name, "entries": len(triage.since(pile, square.now, hours))})
shrinking = pd.DataFrame(sizes)

display(shrinking)
charts.bars(
    shrinking,
    x="the last",
    y="entries",
    title="Time alone shrinks the pile",
    alt=f"Bar chart of unread entries by age. {shrinking.entries[0]} are from the last 28 days, "
    f"{shrinking.entries[1]} from the last seven days, {shrinking.entries[2]} from the last 24 "
    f"hours and {shrinking.entries[3]} from the last 12 hours.",
)

# %% [markdown]
# Each bar counts entries of the whole reading list. At one minute each, the tall bar is more
# than three working days of reading. Even the bar at the right does not fit into the hour that
# you have. And what is new is not yet what matters: much of it is football, bread and trains.
#
# ### Afterwards you can …
#
# - say what a feed is, and read one with feedparser
# - read a reading list (OPML)
# - say when a date in a feed can be trusted
# - read many feeds into one table with a loop
# - recognise a badly made feed, and read it all the same
# - keep what is new, and each story once
# - rank entries by a keyword score, and say which innocent words spoil it
# - judge a ranking, and choose a first step
#
# ### The hour and a half
#
# | Part | Minutes |
# |---|---|
# | How do you find ten in a thousand? | 2 |
# | 1 · One feed | 5 |
# | 2 · The reading list | 4 |
# | 3 · Three ways to write a date | 6 |
# | 4 · Many feeds, one table | 5 |
# | 5 · Badly made, and still readable | 4 |
# | 6 · New, and once | 4 |
# | 7 · A score, and the words that spoil it | 5 |
# | 8 · Is the order any good? | 4 |
# | 9 · From listening to acting | 4 |
# | What you can do now | 2 |
# | *Exercise 02* | 45 |

# %% [markdown]
# ## 1 · One feed (5 minutes)
#
# You could visit 150 sites each morning. A *feed* saves you the walk: it is a file in
# which a site lists its newest pieces, made for programs. No account is needed, and no platform
# decides what you see first.
#
# There are two common forms, *RSS* and *Atom*. Both are *XML*: text in which every piece stands
# between two tags, such as `<title>` and `</title>`. This is how one begins:

# %%
print(urlopen(square.feeds["Deposit Diaries"]).read().decode()[:900])

# %% [markdown]
# **Explain.** `square.feeds` is a dictionary: it finds a feed's address by its title. `urlopen`
# fetches what lies there, `[:900]` keeps the first 900 characters.
#
# You could read that by eye, but not a thousand times. *feedparser* is a Python library that
# reads every form of feed. *To parse* means: to take a text apart into its pieces.
#
# **Predict.** A blog about tenants and their landlords: one entry a day, or more, or fewer?

# %%
diaries = feedparser.parse(square.feeds["Deposit Diaries"])
print(diaries.feed.title, "·", diaries.feed.subtitle)
print("form:", diaries.version)
print("entries in four weeks:", len(diaries.entries))

# %% [markdown]
# **Explain.** `diaries.feed` describes the site. `diaries.entries` is a list with one *entry*
# for each piece. Divide their number by 28 for the entries a day. `version` says which form it was:
# `atom10` is Atom, `rss20` is RSS.

# %%
entry = diaries.entries[0]
print(entry.title)
print(entry.author, "·", entry.published)
print(entry.link)
print(entry.summary)

# %% [markdown]
# **Explain.** What has a name in the feed, you get by that name after a dot. A `summary` is the
# beginning, or all the text; the feed's author decides.
#
# A podcast is a feed, too. Its entries are *episodes*, with two things more: how long they last,
# and an *enclosure*, the address of the recording. (On the Square nothing can be heard there.)

# %%
episode = feedparser.parse(square.feeds["Twelve Strangers, One Flask"]).entries[0]
print(episode.title, "·", episode.itunes_duration)
print(episode.enclosures[0].href)

# %% [markdown]
# <details><summary>Check yourself: is <code>entries[0]</code> always the newest?</summary>
#
# Usually, but no rule demands it. To be sure, sort by time. How to get a time that can be
# trusted comes in part 3.
#
# </details>

# %% [markdown]
# ## 2 · The reading list (4 minutes)
#
# Feed readers exchange lists of feeds as *OPML*, another small XML form. feedparser does not
# read OPML, but Python can: its `ElementTree` reads any XML. Here is a tiny list:

# %%
tiny_list = """
<opml version="2.0">
  <body>
    <outline text="Kitchen">
      <outline text="The Kettle" language="en" xmlUrl="https://kettle.calderland.example/feed"/>
      <outline text="Die Kanne" language="de" xmlUrl="https://kanne.calderland.example/feed"/>
    </outline>
  </body>
</opml>
"""

# %% [markdown]
# **Predict.** How many `outline` elements does it have? And what will `get` say where there is
# no `xmlUrl`?

# %%
for outline in ElementTree.fromstring(tiny_list).iter("outline"):
    print(outline.get("text"), "→", outline.get("xmlUrl"))

# %% [markdown]
# **Explain.** Three. `iter("outline")` visits every one, at any depth. `get` fetches an
# *attribute*: a label inside a tag. *Kitchen* only groups the others. It has no address, so
# `get` answers `None`: *nothing here*.
#
# An `if` does its indented line only where something holds. On the Square's own list we collect
# the **titles** of the sites in German:

# %%
in_german = []
for outline in ElementTree.parse(urlopen(square.opml)).iter("outline"):
    if outline.get("language") == "de":
        in_german.append(outline.get("text"))
in_german

# %% [markdown]
# **Explain.** `==` asks whether two things are equal; a single `=` would keep something under a
# name. An `if` may also ask only whether something is there: `if outline.get("text"):`. `None`
# and an empty text count as *no*.

# %% [markdown]
# ## 3 · Three ways to write a date (6 minutes)
#
# Before you can ask *what is new?*, each entry needs a time. Feeds write it in different ways,
# and under different names. This small feed has six entries. Each title says what is special.

# %%
small_feed = """
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Six dates</title>
<item><title>RSS</title><pubDate>Mon, 01 Jun 2026 07:40:00 +0000</pubDate></item>
<item><title>RSS, another zone</title><pubDate>Mon, 01 Jun 2026 09:40:00 +0200</pubDate></item>
<item><title>dc:date</title><dc:date>2026-06-01T07:40:00Z</dc:date></item>
<item><title>a word</title><pubDate>yesterday</pubDate></item>
<item><title>slashes</title><pubDate>01/02/2004</pubDate></item>
<item><title>a week's day</title><pubDate>2004-W01-4</pubDate></item>
</channel></rss>
"""

# %% [markdown]
# **Predict.** Which of the six will feedparser understand? Is `01/02/2004` in January or in
# February? Write down six guesses: *right*, *none* or *wrong*.

# %%
for entry in feedparser.parse(small_feed).entries:
    print(f"{entry.title:20}", tables.published(entry))

# %% [markdown]
# **Explain.** The first three are the same moment. `+0200` is a zone two hours ahead;
# feedparser turns every time into *UTC*, the world's common clock, shown as `+00:00`.
#
# *Yesterday* depends on today. `01/02/2004` is 1 February to some, and 2 January to others.
# feedparser does not guess: it says `None`. That is honest, and you can see it.
#
# The last one is dangerous. `2004-W01-4` means the fourth day of the first week of 2004:
# Thursday, **1 January** (ISO 8601). feedparser answered with a November, without a warning.
# A missing date can be counted. A wrong date must be looked for.
#
# And one more trap: the *name*. feedparser keeps a readable time under `published_parsed` or
# under `updated_parsed`.

# %%
for entry in feedparser.parse(small_feed).entries[:3]:
    print(f"{entry.title:20}", "published_parsed" in entry, "updated_parsed" in entry)

# %% [markdown]
# **Explain.** `in` asks whether a name is there. The entry with `dc:date` has nothing under the
# first name, only under the second. Whoever asks for `published_parsed` alone loses such sites, all
# of them, in silence. `tables.published(entry)` looks under both.
#
# The remedy for wrong dates is a look at the ends. Does the oldest entry make sense, does the
# newest?

# %%
moments = []
for entry in diaries.entries:
    moments.append(tables.published(entry))
print("oldest:", min(moments))
print("newest:", max(moments))
print("now:   ", square.now)

# %% [markdown]
# <details><summary>Check yourself: a site's newest entry is dated 1780. What may have
# happened?</summary>
#
# Some programs write a time as seconds since 1970, such as `1780299600`. feedparser takes the
# first four digits for a year and says nothing. Sorted by time, that entry hides at the bottom.
#
# </details>

# %% [markdown]
# ## 4 · Many feeds, one table (5 minutes)
#
# One loop inside another: the outer one goes from site to site, the inner one from entry to
# entry. Each entry becomes a *row*: a dictionary, which gets its labels one by one. We read
# eleven sites. Two write about the law, nine about everyday life: football, films, weather,
# bread, gardens and trains.

# %%
law = ["Plain Law", "Money Sideways"]
everyday = ["The Saturday Touchline", "Left Foot", "Row G", "Asleep by the Credits"]
everyday += ["The Weathercock", "Cloud, Mostly", "The Slow Oven", "Allotment 42", "Platform Three"]
sites = law + everyday

rows = []
for site in sites:
    parsed = feedparser.parse(square.feeds[site])
    for entry in parsed.entries:
        row = {}
        row["site"] = parsed.feed.title
        row["headline"] = entry.title
        row["text"] = entry.summary
        row["when"] = tables.published(entry)
        rows.append(row)

shelf = pd.DataFrame(rows)
shelf[["site", "headline", "when"]].head()

# %% [markdown]
# **Explain.** `{}` is an empty dictionary. `row["site"] = …` gives it a label and a value.
# `pd.DataFrame` makes a table of all rows; each label becomes a column.
#
# **Predict.** Two of the sites are papers, *The Saturday Touchline* and *The Weathercock*. Do
# papers write more than blogs? Are all dates there?

# %%
print("entries without a time:", shelf["when"].isna().sum())
shelf["site"].value_counts()

# %% [markdown]
# **Explain.** `isna()` asks of each row whether there is nothing, `sum()` counts how often.
# `value_counts()` counts how often each value occurs. Both are quick checks that nothing got
# lost. Do them each time.

# %% [markdown]
# ## 5 · Badly made, and still readable (4 minutes)
#
# Feeds are made by people and by old programs, so some are broken. Here are two.

# %%
broken = """<rss version="2.0"><channel><title>The Kettle</title>
<item><title>Tea & toast</title></item>
<item><title>A second cup</title>
</channel></rss>"""

wrong_label = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
wrong_label += "<title>Café de la gare</title><item><title>Été</title></item></channel></rss>"
wrong_label = wrong_label.encode("windows-1252")

# %% [markdown]
# The first one breaks XML's rules: a bare `&`, and an `<item>` that never ends. It is
# **malformed**. The second says that its letters are stored as `utf-8`, but they are stored as
# `windows-1252`: an older way to turn letters into numbers. It is **mislabelled**.
#
# **Predict.** What does a strict reader do with the first feed? And feedparser with both?

# %%
try:
    ElementTree.fromstring(broken)
except ElementTree.ParseError as problem:
    print("A strict reader gives up:", problem)

for feed_text in [broken, wrong_label]:
    parsed = feedparser.parse(feed_text)
    titles = [entry.title for entry in parsed.entries]
    reason = type(parsed.bozo_exception).__name__
    print(parsed.feed.title, titles, "·", reason)

# %% [markdown]
# **Explain.** The strict reader shows nothing. feedparser rescues what it can and sets
# `parsed.bozo`, so that you know. The reason stands in `parsed.bozo_exception`:
#
# - `SAXParseException`: malformed
# - `CharacterEncodingOverride`: mislabelled; the letters were saved by trying another set
#
# A well made feed is not *bozo*. `if parsed.bozo:` picks the badly made ones; `else:` says
# what to do with the others. **Predict:** is one of our eleven sites badly made?

# %%
for site in sites:
    parsed = feedparser.parse(square.feeds[site])
    if parsed.bozo:
        reason = type(parsed.bozo_exception).__name__
        print(site, "is badly made:", reason, reason == "SAXParseException")
    else:
        print(site, "is well made")

# %% [markdown]
# **Explain.** One is, and we had all its entries in the table without a word. `reason` is text,
# so `==` compares it: `True` here means malformed.
#
# Do not throw badly made feeds away. A small blog with a broken feed may be the one that your
# public reads. Write to its author kindly: that, too, is joining in.

# %% [markdown]
# ## 6 · New, and once (4 minutes)
#
# `triage.since` keeps the entries of the last hours before a moment. It needs a column called
# `published`, so we give our column that name.

# %%
shelf = shelf.rename(columns={"when": "published"})
week = triage.since(shelf, square.now, hours=168)
print(len(week), "of", len(shelf), "entries are from the last seven days")

# %% [markdown]
# **Explain.** `square.now` is the time on the Square. Your own computer's clock would be wrong
# here: it does not live in Calderland. (*Triage* comes from hospitals: who first?)
#
# Now the doubles. Papers buy and reprint each other's stories. Four entries, in a table made by
# hand:

# %%
four = pd.DataFrame(
    {
        "site": ["Courier", "Echo", "Post", "Kettle"],
        "headline": ["Tram stops early", "Tram stops early", "Tram stops early", "Tea time"],
        "text": ["A tree fell.", "A tree fell.", "Drivers are ill.", "Put the pot on."],
    }
)
four

# %% [markdown]
# **Predict.** How many different stories are there? How many are left if you compare only the
# headlines?

# %%
print(len(four.drop_duplicates(subset=["headline"])), "left: headline alone")
print(len(four.drop_duplicates(subset=["headline", "text"])), "left: headline and text")
print(len(four.drop_duplicates(subset=["site", "headline", "text"])), "left: site, too")

# %% [markdown]
# **Explain.** Three stories. `drop_duplicates` keeps the first row of those that are alike in
# **all** columns of `subset`. The headline alone throws away the ill drivers, who are news.
# With the site, the reprint counts as new. Each choice of columns says what you mean by *the
# same*. (A link would not help: each site has its own.)

# %% [markdown]
# ## 7 · A score, and the words that spoil it (5 minutes)
#
# A machine can do the first pass: `triage.score` gives each text points for the words you look
# for. We look for people in trouble with **paying a court fine**.
#
# **Predict.** Our shelf holds football, films, weather and trains as well. How many of those
# will the words *court* and *fine* find?

# %%
shelf["score"] = triage.score(shelf["headline"] + " " + shelf["text"], {"court": 1, "fine": 1})
hits = shelf[shelf["score"] > 0]
hits["site"].value_counts()

# %% [markdown]
# **Explain.** `shelf[shelf["score"] > 0]` keeps the rows whose score is above zero. `isin` asks
# whether a value is in a list. One example from each everyday site that was found:

# %%
others = hits[hits["site"].isin(everyday)]
others[["site", "headline", "text"]].drop_duplicates(subset=["site"])

# %% [markdown]
# The words are innocent. Tennis is played on a *court*, a forecast says *fine*, a *judge* may
# measure leeks and a *jury* may taste cakes. The score does not read. It looks for letters,
# anywhere, in capitals or not: it finds *fine* inside *fined* and *refined*, too. You can use
# that: *instalment* also finds *instalments*.
#
# Three ways to better weights:
#
# 1. **Names and phrases** instead of single words: `"PayFines"`, `"court fine"`.
# 2. **More weight** for what is rare and sure, less for what is common.
# 3. **Weights below zero** for the signs of noise: `"league": -2`.

# %%
weights = {
    "PayFines": 3,
    "court fine": 3,
    "instalment": 2,
    "fine": 1,
    "league": -2,
    "film": -2,
    "passenger": -2,
    "forecast": -2,
}
shelf["score"] = triage.score(shelf["headline"] + " " + shelf["text"], weights)
ranked = shelf.sort_values("score", ascending=False)
ranked[["score", "site", "headline"]].head(8)

# %% [markdown]
# **Explain.** `sort_values(…, ascending=False)` puts the highest score on top. `list` and `head`
# then take, for example, the top three headlines: `list(ranked["headline"].head(3))`.
#
# Look at the top, read, change a weight, look again. A weight is a guess that you improve by
# reading. And remember that the public writes seven languages: *fine* finds nobody who writes
# *amende* or *multa*. Which words might be the same in all seven? Keep that question for the
# exercise.
#
# <details><summary>Check yourself (from workshop 01): <em>court</em> brings a tennis match into
# your briefing. Has precision fallen, or recall?</summary>
#
# Precision: the share of what you found that is right. Recall falls when you miss somebody, for
# example all who write in another language.
#
# </details>

# %% [markdown]
# ## 8 · Is the order any good? (4 minutes)
#
# Your team reads from the top and stops when the kettle boils. So the **order** counts. Suppose
# three entries are waiting, and you know what each is worth:
#
# | Entry | How urgent | Worth |
# |---|---|---|
# | rumour | act today | 7 |
# | news | know today | 3 |
# | cake | noise | 0 |
#
# (From urgent to not urgent the exercise counts 7, 3, 1, 0. That is a modelling choice.)
#
# A measure of rankings should reward a rumour more on place 1 than on place 3. *nDCG* does: the
# worth of each entry is divided by a number that grows with the place. All is added up, and
# compared with the best possible order, which gets 1 (Järvelin and Kekäläinen, 2002).

# %%
worth = {"rumour": 7, "news": 3, "cake": 0}


def ndcg(order):
    ours = 0
    for place, entry in enumerate(order, start=1):
        ours = ours + worth[entry] / log2(place + 1)
    best = 7 / log2(2) + 3 / log2(3) + 0 / log2(4)
    return ours / best


ndcg(["rumour", "news", "cake"])

# %% [markdown]
# **Explain.** `enumerate` numbers the places from 1. `log2` grows slowly: place 1 is divided by
# 1, place 2 by about 1.6, place 3 by 2.
#
# **Predict.** Which is the better briefing: cake in the middle, or the rumour second?

# %%
print(f"{ndcg(['rumour', 'cake', 'news']):.2f}  rumour, cake, news")
print(f"{ndcg(['news', 'rumour', 'cake']):.2f}  news, rumour, cake")
print(f"{ndcg(['cake', 'news', 'rumour']):.2f}  cake, news, rumour")

# %% [markdown]
# **Explain.** A cake on place 2 costs little. A rumour that is not on top costs more. Nobody
# needs the perfect order: you need the urgent things near the top.

# %% [markdown]
# ## 9 · From listening to acting (4 minutes)
#
# Listening that changes nothing is only watching. RESIST 2, the British Government
# Communication Service's toolkit against false information, names six stages: Recognise, Early
# warning, Situational insight, Impact analysis, Strategic communication, Tracking
# effectiveness. This morning covers the first four. The questions are our short form:
#
# | Stage | Ask | Your tool |
# |---|---|---|
# | Recognise | Is it false? What is true, and who can confirm it? | the service's own staff |
# | Early warning | Where did it appear first, and how fast does it grow? | feeds, searches |
# | Situational insight | Who says what to whom, in which languages? | the briefing |
# | Impact analysis | Whom could it harm, how badly, how soon? | people who know the service |
#
# Not every falsehood needs an answer. One that frightens people, and that might make them do
# something harmful, does. Take another rumour, made up for this page: *Aid Line takes no new
# cases in August.* Three drafts lie on the table.
#
# | | Draft |
# |---|---|
# | A | FALSE!!! It is NOT true that Aid Line takes no new cases in August!!! |
# | B | Aid Line takes new cases all summer, August too. A message that says otherwise is wrong. How to apply: (link) |
# | C | (wait and see) |
#
# **Predict.** Somebody glances at A, another at B. What will each remember tomorrow?
#
# <details><summary>Compare</summary>
#
# Draft A is little more than the false claim, said loudly. Draft B begins with the fact,
# says briefly that something else is wrong, and gives the source. *The Debunking Handbook 2020*
# (Lewandowsky and others) recommends that order: fact first, then a short warning, then why it
# is wrong, then the fact again. Draft C leaves the answer to those who spread the rumour.
#
# </details>
#
# Then come the people who ask. A *service level* is a promise that you can be measured by. HM
# Courts & Tribunals Service in Britain gives one on its page about social media. It works
# Monday to Friday, nine to five. It replies within two working days, usually within a few
# hours. Make a promise that you can keep.

# %%
asked = datetime(2026, 5, 30, 19, 30, tzinfo=UTC)
print("asked:", asked.strftime("%A %d %B, %H:%M"))
print("now:  ", square.now.strftime("%A %d %B, %H:%M"))
print("waiting hours so far:", (square.now - asked).total_seconds() / 3600)

# %% [markdown]
# <details><summary>Check yourself: somebody asked on Saturday at 19:30. When is the answer due
# under "two working days"?</summary>
#
# The weekend does not count, so the clock starts on Monday morning. The Square counts two
# working days from there: until the end of Wednesday (a modelling choice). But she has already
# waited a day and a half, and a rumour does not keep office hours. A service level is the
# least you owe, not the most.
#
# </details>

# %% [markdown]
# ## What you can do now (2 minutes)
#
# - You read feeds, a reading list, and dates that mislead.
# - You put many sites into one table and checked that nothing was lost.
# - You kept what is new, and each story once.
# - You ranked by a score, saw innocent words spoil it, and judged the order.
# - You know what to ask before you answer a rumour.
#
# **Listen** ends with a list of ten. **Learn** begins when you ask why these ten. Now open
# *Exercise 02*: your team waits at nine.
#
# ## On a real account
#
# - **Feeds need no credentials** and mostly cost nothing. Read the sites' terms, fetch seldom,
#   and do not republish what others wrote.
# - **Paid sources** such as press databases have licences of their own. X's API costs money
#   and needs a token.
# - **Ask your legal team**, and state a legal basis in a public notice. A blog entry can hold
#   personal data, too.
# - **Monitor topics and public posts, not individuals** (GCS, privacy notice on social and
#   digital media analysis). A list of ten entries, yes; a file on a blogger, no.
# - **Somebody must confirm.** A score finds candidates. Whether a claim is false is decided by
#   people who know the service.
