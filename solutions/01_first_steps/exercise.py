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
# # Exercise 01 · First steps on the Square
#
# The Ministry of Justice of Calderland posts every working day. Does it also listen? In this
# exercise you look the ministry up, measure how much of what it says is an answer to somebody,
# and write your first search.
#
# | Task | You show that you can | Points |
# |---|---|---|
# | 1 | look an account up | 2 |
# | 2 | measure dialogue | 3 |
# | 3 | say what it means | 1 |
# | 4 | search for what the public says | 4 |
# | 5 | draw a chart that everyone can read | 3 |
# | 6 | find people who need an answer | 4 |
#
# Work from top to bottom. Write your answer where a line says `# YOUR ANSWER`. The cell after
# each task checks what can be seen at once. Your grade also comes from checks that you do not
# see; they tell you why.
#
# Calderland is invented: so are its people and everything they write.

# %% nbgrader={"grade": false, "grade_id": "open_the_square", "locked": true, "schema_version": 3, "solution": false, "task": false}
import pandas as pd
import tweepy

import kit
from kit.desk import charts, measure, tables

square = kit.open_square()
client = square.client
square

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_account", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 1 · Who are you? (2 points)
#
# `client.get_user` looks an account up by its user name. What a profile counts comes only if
# you ask for it: `user_fields=["public_metrics"]`.
#
# Put the number of followers of `CalderJustice` into `followers`. Ask the Square for it: do
# not type the number.
#
# *Worked example.* This prints how often `CalderTribunals` has posted:
#
# ```python
# answer = client.get_user(username="CalderTribunals", user_fields=["public_metrics"])
# print(answer.data.public_metrics["tweet_count"])
# ```

# %% nbgrader={"grade": false, "grade_id": "account", "locked": false, "schema_version": 3, "solution": true, "task": false}
followers = None
### BEGIN SOLUTION
ministry = client.get_user(username="CalderJustice", user_fields=["public_metrics"]).data
followers = ministry.public_metrics["followers_count"]
### END SOLUTION
followers

# %% nbgrader={"grade": true, "grade_id": "check_account", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert followers is not None, "followers is still empty. Look CalderJustice up first."
assert isinstance(followers, int), (
    f"followers is {followers!r}. Take the number: public_metrics['followers_count']."
)
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_first_steps/account", followers, points=2)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_dialogue", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 2 · Monologue or dialogue? (3 points)
#
# The *dialogue ratio* is the share of an account's own posts that answer somebody else.
# The first cell reads the ministry's **whole** timeline, page by page, into a table: one row
# for each post. `in_reply_to_user_id` is empty where a post answers nobody.
#
# Put the dialogue ratio of the ministry into `ratio`, a number from 0 to 1.
# `measure.dialogue_ratio(table)` computes it from a table, or you compute it yourself.

# %% nbgrader={"grade": false, "grade_id": "read_timeline", "locked": true, "schema_version": 3, "solution": false, "task": false}
account = client.get_user(username="CalderJustice").data
pages = tweepy.Paginator(
    client.get_users_tweets,
    account.id,
    exclude=["retweets"],
    tweet_fields=["created_at", "in_reply_to_user_id"],
    max_results=100,
)
timeline = pd.DataFrame(
    [
        {
            "created_at": post.created_at,
            "in_reply_to_user_id": post.in_reply_to_user_id,
            "text": post.text,
        }
        for post in pages.flatten()
    ]
)
timeline.head()

# %% nbgrader={"grade": false, "grade_id": "dialogue", "locked": false, "schema_version": 3, "solution": true, "task": false}
ratio = None
### BEGIN SOLUTION
ratio = measure.dialogue_ratio(timeline)
### END SOLUTION
ratio

# %% nbgrader={"grade": true, "grade_id": "check_dialogue", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert ratio is not None, "ratio is still empty. Try measure.dialogue_ratio(timeline)."
assert 0 <= ratio <= 1, f"ratio is {ratio}. A share runs from 0 to 1: 25% is 0.25."
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_first_steps/dialogue", ratio, points=3)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_meaning", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 3 · What does it mean? (1 point)
#
# Published studies of organisations on Twitter found that less than one post in five was part
# of a conversation. Compare your ratio. Which sentence may you say to your manager?
#
# - `"a"` The ministry holds a dialogue: it answers more than it announces.
# - `"b"` The ministry mostly announces; few of its posts answer anybody.
# - `"c"` Nobody asks the ministry anything.
#
# Write the letter into `meaning`.

# %% nbgrader={"grade": false, "grade_id": "meaning", "locked": false, "schema_version": 3, "solution": true, "task": false}
meaning = ""
### BEGIN SOLUTION
meaning = "b"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_meaning", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert meaning in {"a", "b", "c"}, 'Write one of "a", "b" and "c" into meaning.'
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_first_steps/meaning", meaning, points=1)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_query", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 4 · What does the public say? (4 points)
#
# Since Sunday evening the ministry's booking service does not work. Write a search that finds
# the posts about **the failing booking service**, in any language, without reposts. Put it
# into `query` as text.
#
# The search language: words stand next to each other when all must be there; `OR` between
# words when one is enough; `"…"` around words that belong together; `(…)` to group; `-` before
# what must not be there. `-is:retweet` leaves reposts out; `lang:fr` keeps French.
#
# Your search is tried on the whole week, on posts that begin a conversation. *Precision* is the
# share of what it finds that is right. *Recall* is the share of what is right that it finds.
# Your points are their balance, F1. Nobody reaches 1: people write about it in words that you
# would not guess. 0.45 is enough for all points.
#
# A hint: the name of the service finds few of them. Search, read what comes, and borrow the
# words and the numbers that people really use.

# %% nbgrader={"grade": false, "grade_id": "query", "locked": false, "schema_version": 3, "solution": true, "task": false}
query = ""
### BEGIN SOLUTION
query = (
    "(BookCourt OR 51 OR Error OR Erreur OR Errore OR Fehler OR #BookCourtDown OR #Error51 OR "
    "booking OR site OR website OR page OR blank OR screen OR payment OR confirmation OR Seite OR "
    "sito OR pantalla OR écran) -is:retweet"
)
### END SOLUTION
if query:
    found = client.search_recent_tweets(
        query, max_results=20, expansions="author_id", tweet_fields=["created_at", "lang"]
    )
    display(tables.readable(tables.posts(found)[["created_at", "lang", "text"]]))

# %% nbgrader={"grade": true, "grade_id": "check_query", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert query, "query is still empty. Start with one word that people would use."
assert len(query) <= 512, f"The query has {len(query)} characters. A search takes 512 at most."
assert client.search_recent_tweets(query).data, "This search finds nothing. Ask for less at once."
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_first_steps/query", query, points=4)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_chart", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 5 · A chart that everyone can read (3 points)
#
# In which languages does the public write the name of the booking service? The first cell
# counts posts of the last week that say *BookCourt*, in a table with the columns
# `language` and `posts`.
#
# Draw it with `charts.bars(data, x=…, y=…, title=…, alt=…)` into `figure`. Give it a title
# that says what the chart shows, and `alt`: the same in a sentence or two, for colleagues who
# cannot see it. Name at least one language and one number there.

# %% nbgrader={"grade": false, "grade_id": "count_languages", "locked": true, "schema_version": 3, "solution": false, "task": false}
pages = tweepy.Paginator(
    client.search_recent_tweets, "BookCourt -is:retweet", tweet_fields=["lang"], max_results=100
)
by_language = tables.posts(pages)["lang"].value_counts().reset_index()
by_language.columns = ["language", "posts"]
by_language

# %% nbgrader={"grade": false, "grade_id": "chart", "locked": false, "schema_version": 3, "solution": true, "task": false}
figure = None
### BEGIN SOLUTION
most = by_language.iloc[0]
figure = charts.bars(
    by_language,
    x="language",
    y="posts",
    title=f"The public names BookCourt in {len(by_language)} languages",
    alt=f"Bar chart of posts that say BookCourt, by language. Most, {most.posts}, are in "
    f"{most.language}. The others are in {', '.join(by_language['language'][1:])}.",
)
### END SOLUTION
figure

# %% nbgrader={"grade": true, "grade_id": "check_chart", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert figure is not None, "figure is still empty. charts.bars(by_language, x=…, y=…, …) draws it."
assert figure.layout.title.text, "The chart has no title. What does it show?"
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_first_steps/chart", figure, points=3)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_people", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Task 6 · Five people who need an answer (4 points)
#
# Behind every post is a person. Find **five posts of the last day** in which somebody asks or
# complains about a service of the ministry and needs an answer from it. Put their ids, as
# text, into the list `to_answer`.
#
# Most posts that speak of courts need no answer: news, praise, jokes, rumours and corrections
# do not, nor do reposts. Sarcasm may be a complaint in disguise. And a trial is running in
# Dunmere: while it runs, the ministry says nothing about it, whatever people ask.
#
# Read before you choose. The first cell shows posts to choose from; search again in your own
# words if you like.

# %% nbgrader={"grade": false, "grade_id": "candidates", "locked": true, "schema_version": 3, "solution": false, "task": false}
candidates = tables.posts(
    client.search_recent_tweets(
        "(court OR jury OR BookCourt) -is:retweet -is:reply lang:en", max_results=50
    )
)[["id", "text"]]
tables.readable(candidates)

# %% nbgrader={"grade": false, "grade_id": "people", "locked": false, "schema_version": 3, "solution": true, "task": false}
to_answer = []
### BEGIN SOLUTION
# Who speaks to the ministry, of themselves, and asks; the trial is left out.
asked = tables.posts(
    client.search_recent_tweets(
        "@CalderJustice (I OR my OR me) -trial -lifeboat -treasurer -witness "
        "-is:retweet -is:reply lang:en",
        max_results=50,
    )
)
questions = asked[asked["text"].str.contains("?", regex=False)]
to_answer = list(questions["id"].head(5))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_people", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert len(to_answer) == 5, f"to_answer has {len(to_answer)} ids. Choose five."
assert len(set(to_answer)) == 5, "An id stands in to_answer twice. Choose five different posts."
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_first_steps/people", to_answer, points=4)
### END HIDDEN TESTS
