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
# # Lesson 01 · First steps on the Square
#
# *Everyone and everything on the Square is invented: the country, the ministry, the people and
# what they write.*
#
# **Listen. Learn. Join in.** Many organisations still treat communication as a monologue. This
# course takes time to engage. There are no experts here: we are all learning.
#
# ## Who is talking to us this morning? (3 minutes)
#
# It is Monday, 1 June 2026, eight in the morning. You work for the Ministry of Justice of
# Calderland, `@CalderJustice` on the Square. You open your laptop, and this is what you find:
#
# - Since Sunday, 18:30, the court-booking service **BookCourt** fails.
# - Since Saturday, 19:00, a rumour about **jury** service goes round.
# - The ministry has said nothing about either.
#
# How many people are talking to us? Here is the picture. Click into the next grey box and
# press **Shift + Enter**. You need not understand the box yet: by the end you will know most
# of its lines.

# %%
import pandas as pd
import tweepy

import kit
from kit.desk import charts, measure, tables

pd.set_option("display.max_colwidth", None)

square = kit.open_square()
client = square.client

pages = tweepy.Paginator(
    client.search_recent_tweets,
    "@CalderJustice -is:retweet",
    start_time="2026-05-26T00:00:00Z",
    tweet_fields=["created_at"],
    max_results=100,
)
days = tables.posts(pages).sort_values("created_at")["created_at"].dt.strftime("%a %d %b")
by_day = days.value_counts(sort=False).reset_index()
by_day.columns = ["day", "posts"]
busiest = by_day.loc[by_day["posts"].idxmax()]

display(by_day)
charts.bars(
    by_day,
    x="day",
    y="posts",
    title="Each day, people talk to the ministry",
    alt=f"Bar chart of posts that name the ministry, from Tuesday to Monday at 8 am. "
    f"Most, {busiest.posts}, came on {busiest.day}; on Tuesday there were {by_day.posts[0]}.",
)

# %% [markdown]
# The table and the chart say the same. Each bar is a day. The last one, Monday, is only eight
# hours old. Behind each number is a person who took the trouble to write. A thousand unread
# posts a day are not a flood to escape from: listening to them is the job.
#
# ### Afterwards you can …
#
# - run a notebook, and say what a cell and a variable are
# - ask an API who somebody is, and what people say
# - write a search with X's operators, and say what each does to the number found
# - read a whole timeline, page by page, into a table
# - measure how much of what an organisation says is an answer: its dialogue ratio
# - judge a search by its precision and its recall
# - draw a chart that everyone can read
#
# ### The hour
#
# | Part | Minutes |
# |---|---|
# | Who is talking to us this morning? | 3 |
# | 1 · Run a cell | 3 |
# | 2 · Ask the Square | 6 |
# | 3 · Search, one operator at a time | 8 |
# | 4 · Why there are pages | 3 |
# | 5 · Monologue or dialogue? | 4 |
# | 6 · Is the search any good? | 4 |
# | 7 · A chart that everyone can read, and Validate | 2 |
# | What you can do now | 2 |
# | *Exercise 01* | 25 |

# %% [markdown]
# ## 1 · Run a cell (3 minutes)
#
# This page is a *notebook*: text and small programs in one document. Each box is a *cell*. A
# grey cell holds *code*: instructions in the language Python. **Shift + Enter** runs it.
#
# What a cell finds out can be kept under a name. Such a name is a *variable*. The sign `=`
# means: keep what is on the right under the name on the left.
#
# **Predict.** What will the last line show? Say it aloud, then run the cell.

# %%
posts_a_day = 1000
minutes_each = 1
hours = posts_a_day * minutes_each / 60
hours

# %% [markdown]
# **Explain.** A cell shows the value of its last line. To read a thousand posts, one a minute,
# takes more than sixteen hours. So we need help with the reading, but not with the caring.
#
# Three kinds of value return all day:
#
# | Kind | Looks like | Note |
# |---|---|---|
# | number | `1000` or `0.25` | a decimal *point*; no comma |
# | text | `"deposit"` | always in quotation marks |
# | list | `["one", "two"]` | in square brackets, commas between |

# %%
words = ["deposit", "landlord", "small claim"]
print(len(words), "words, and the first is", words[0])

# %% [markdown]
# **Explain.** `len` counts what is in a list. Counting places starts at 0, so the first word
# is `words[0]`. `print` shows something in the middle of a cell.
#
# Cells remember what ran **before** them, in the order in which you ran them. If something
# looks odd: menu *Kernel*, then *Restart Kernel and Run All Cells*. You cannot break the Square.

# %% [markdown]
# ## 2 · Ask the Square (6 minutes)
#
# Programs talk to each other through an *API* (application programming interface). Think of a
# counter in an office. You ask in a fixed form, and you get an answer in a fixed form.
#
# The first cell opened the Square. `kit.open_square()` starts it on your own machine: no
# network and no account is needed. `square.client` is your clerk at the counter. It is a
# client of *tweepy*, a Python library that also speaks to the real X.

# %%
square

# %% [markdown]
# The address in that line begins with `127.0.0.1`. That is your own machine. The Square has its
# own clock, too: it is Monday morning as long as you like.
#
# Now we look an organisation up. The Legal Aid Board is a neighbour of our ministry.

# %%
answer = client.get_user(username="CalderLegalAid")
answer

# %% [markdown]
# **Explain.** What came back is a *Response*: an envelope with four pockets. `data` holds what
# you asked for. `includes` holds what belongs to it, `errors` what went wrong, and `meta`
# says things about the answer itself.

# %%
board = answer.data
print(board.name)
print(board.public_metrics)

# %% [markdown]
# The second line says `None`: Python's word for *nothing here*. An API tells you little
# unless you ask for more. What you may ask for is called a *field*.
#
# **Predict.** The next cell asks for two fields. Which numbers will come?

# %%
answer = client.get_user(username="CalderLegalAid", user_fields=["public_metrics", "description"])
board = answer.data
print(board.description)
board.public_metrics

# %% [markdown]
# **Explain.** `public_metrics` holds several numbers, each with a label. This is a
# *dictionary*: values that you find by their label, in square brackets and quotation marks.
# X still calls a post a *tweet*, and so does its API.

# %%
following = board.public_metrics["following_count"]
print(board.name, "follows", following, "accounts.")

# %% [markdown]
# **Try it.** Change `"following_count"` to `"tweet_count"` and run the cell again. What does
# the number mean now?
#
# <details><summary>Check yourself: your colleague gets <code>None</code> where she expects
# numbers. Why?</summary>
#
# She did not ask for them. The API gives what you name in `user_fields`, and hardly more. The
# remedy is `user_fields=["public_metrics"]`.
#
# </details>

# %% [markdown]
# ## 3 · Search, one operator at a time (8 minutes)
#
# A *query* is a question in the search's own language. We look for tenants who want their
# deposit back from a landlord. They can claim it with the service **ClaimSmall**. The Square
# searches the last seven days, as X's recent search does.

# %%
found = client.search_recent_tweets("deposit", tweet_fields=["created_at", "lang"])
tables.posts(found)[["created_at", "lang", "text"]]

# %% [markdown]
# **Explain.** `tables.posts` makes a *table* of the answer: one row for each post, and columns
# with names. `[["created_at", "lang", "text"]]` picks three of them. Numbers at the left count
# the rows, from 0. Times are in *UTC*, the world's common clock.
#
# A post that begins with `RT` is a *repost*: somebody passed another's words on. X's API calls
# it a retweet.
#
# Each post has an *id*, a long number that names it for ever. Keep ids as text, in quotation
# marks: a spreadsheet would round them.

# %%
ids = list(tables.posts(found)["id"].head(3))
ids

# %% [markdown]
# `["id"]` picks one column, `head(3)` its first three rows, and `list` makes a list of them.
#
# To compare queries we only want the number found. The next cell gives these steps a name of
# their own. Such a named piece of work is a *function*: `def` defines it, `return` hands the
# result back.


# %%
def how_many(query):
    pages = tweepy.Paginator(client.search_recent_tweets, query, max_results=100)
    return len(tables.posts(pages))


how_many("ClaimSmall")

# %% [markdown]
# **Predict.** Two words next to each other: will `ClaimSmall deposit` find more posts than
# `ClaimSmall`, or fewer?

# %%
print(how_many("ClaimSmall deposit"), "posts: both words")
print(how_many("ClaimSmall OR deposit"), "posts: one of them is enough")

# %% [markdown]
# **Explain.** A space means *and*: each post must have both words, so there are fewer. `OR`,
# in capitals, means that one is enough, so there are more. Each word you add with a space
# narrows the net; each `OR` widens it.
#
# **Predict.** A *phrase* stands in quotation marks: the words must follow each other. The
# outer marks `'…'` belong to Python, the inner ones `"…"` to the query. Which of the two finds
# the posts that say *small claims*?

# %%
print(how_many('"small claim"'), "posts: the phrase small claim")
print(how_many('"small claims"'), "posts: the phrase small claims")

# %% [markdown]
# **Explain.** The search compares whole words. *claim* does not find *claims*. Write both, with
# `OR` between. Capitals and accents make no difference: *Deposit* finds *deposit*.
#
# Now `-`, the minus sign: what comes after it must **not** be there.

# %%
print(how_many("ClaimSmall"), "posts: all")
print(how_many("ClaimSmall -is:retweet"), "posts: reposts left out")
print(how_many("ClaimSmall -is:retweet lang:en"), "posts: of these, English ones")
print(how_many("ClaimSmall -is:retweet -lang:en"), "posts: of these, in other languages")

# %% [markdown]
# **Explain.** `is:retweet` means a repost; the minus turns it round. `lang:` keeps one
# language. The last two numbers add up to the one above them. Calderland writes seven
# languages: whoever searches English only hears a part of the country.
#
# `ClaimSmall` is a name, and names are the same in all languages. *Deposit* is an English
# word: it misses those who write *caution*, *fianza* or *Kaution*.
#
# Three more operators ask **who** and **what about**. **Predict** before you run: which one
# finds the posts that the Tribunals Service wrote itself?

# %%
print(how_many("from:CalderTribunals"), "posts that the Tribunals Service wrote")
print(how_many("@CalderTribunals"), "posts that name it")
print(how_many("#ClaimSmall"), "posts with the hashtag")

# %% [markdown]
# **Explain.** `from:` is the author, `@` names an account in the text, `#` marks a subject.
#
# Last, the brackets. A space binds more tightly than `OR`. **Predict:** in which of the two
# queries does the minus reach *both* words?

# %%
print(how_many("ClaimSmall OR deposit -is:retweet"), "posts without brackets")
print(how_many("(ClaimSmall OR deposit) -is:retweet"), "posts with brackets")

# %% [markdown]
# **Explain.** Without brackets the query reads: *ClaimSmall*, or else *deposit without reposts*.
# Reposts of *ClaimSmall* slip in. Put brackets round everything that is joined by `OR`.
#
# The API also says what is wrong with a query. Read its answer from the end. (`try` and
# `except` catch the error, so that the notebook goes on.)

# %%
try:
    client.search_recent_tweets("(deposit OR landlord")
except tweepy.BadRequest as problem:
    print(problem)

# %% [markdown]
# Here are the operators again, in a table made with a *loop*. `for … in …` takes one query
# after the other and does the indented lines for each. `append` adds to a list.

# %%
queries = [
    "ClaimSmall",
    "ClaimSmall deposit",
    "ClaimSmall OR deposit",
    "ClaimSmall -is:retweet",
    "ClaimSmall lang:en",
]
rows = []
for query in queries:
    rows.append({"query": query, "posts": how_many(query)})

comparison = pd.DataFrame(rows)
comparison

# %% [markdown]
# `pd.DataFrame` turns the list into a table. (*pandas*, or `pd`, is the library for tables.)
#
# <details><summary>Check yourself: does <code>jury OR summons -is:retweet</code> leave all
# reposts out?</summary>
#
# No. It only leaves reposts with *summons* out. Write `(jury OR summons) -is:retweet`.
#
# </details>

# %% [markdown]
# ## 4 · Why there are pages (3 minutes)
#
# **Predict.** The first search in part 3 asked for *deposit*. How many rows did you get, and
# how many are there?

# %%
found = client.search_recent_tweets("deposit")
print(len(found.data), "posts on the first page,", how_many("deposit"), "altogether")
print(found.meta)

# %% [markdown]
# **Explain.** No API sends everything at once: it sends a *page*. A page of this search has ten
# posts, unless you ask for up to a hundred with `max_results=100`. `next_token` in `meta` is
# the bookmark for the next page. If it is missing, this was the last one.
#
# `tweepy.Paginator` turns the pages for you. It takes the **name** of the function, without
# brackets, and then what you would have put into the brackets:

# %%
pages = tweepy.Paginator(
    client.search_recent_tweets, "ClaimSmall -is:retweet", max_results=10, tweet_fields=["lang"]
)
for page in pages:
    print("a page with", len(page.data), "posts")

# %% [markdown]
# **Explain.** The last page is often shorter. To count one page and call it *the public* is
# an easy mistake, and an expensive one.
#
# <details><summary>Check yourself: a report says that exactly 100 people complained. What do
# you ask?</summary>
#
# Whether that was one full page. A round 10 or 100 often means that somebody forgot to turn
# the page.
#
# </details>

# %% [markdown]
# ## 5 · Monologue or dialogue? (4 minutes)
#
# A *timeline* is all that an account posted, newest first. We read the Legal Aid Board's, page
# by page. `exclude=["retweets"]` leaves out what it passed on from others. `flatten()` hands
# out posts one by one, instead of pages.

# %%
pages = tweepy.Paginator(
    client.get_users_tweets,
    board.id,
    exclude=["retweets"],
    tweet_fields=["created_at", "in_reply_to_user_id"],
    max_results=100,
)
rows = []
for post in pages.flatten():
    rows.append({"in_reply_to_user_id": post.in_reply_to_user_id, "text": post.text})

board_posts = pd.DataFrame(rows)
print(len(board_posts), "posts in four weeks")
board_posts.head()

# %% [markdown]
# **Explain.** `head()` shows the first five rows. `in_reply_to_user_id` says whom a post
# answers. `None`, in a table also `NaN`, means: nobody.
#
# The *dialogue ratio* is the share of an account's own posts that answer somebody else. It runs
# from 0, a pure monologue, to 1. Published studies of organisations on Twitter found less than
# one post in five to be part of a conversation (Institute for Public Relations; arXiv
# 1204.3230).
#
# **Predict.** Read the five posts again. Is the Board above or below one in five?

# %%
ratio = measure.dialogue_ratio(board_posts)
print(f"The dialogue ratio of {board.name} is {ratio:.2f}")
print(how_many("@CalderLegalAid"), "posts named it in the last week")

# %% [markdown]
# **Explain.** People talk to the Board, and it hardly answers, if at all. That is a fact about
# behaviour, not about intent: perhaps it answers by telephone. A metric opens a conversation;
# it does not end one. (`f"…{ratio:.2f}…"` puts a value into a text, with two decimals.)
#
# In the exercise you will measure our own ministry. Bring courage.

# %% [markdown]
# ## 6 · Is the search any good? (4 minutes)
#
# You look for **people who want a deposit back**. Here are ten posts, made up for this page.
# Read them. Which ones do you want? Write the numbers down before you go on.
#
# | | Post |
# |---|---|
# | 1 | landlord kept 480 crowns for limescale. is a small claim worth it? |
# | 2 | Got my deposit BACK. The judge read every photo |
# | 3 | Put down a deposit on a puppy today. Her name is Biscuit |
# | 4 | has anyone used ClaimSmall to get a deposit back? |
# | 5 | the bottle deposit machine ate my crowns again |
# | 6 | Old agency sitting on my deposit and laughing |
# | 7 | two years of rent, one nail hole, and they kept the lot |
# | 8 | Fine weather for the allotment |
# | 9 | we cleaned that oven till midnight. they charged us anyway |
# | 10 | Court shoes and a nine minute change, never again |
#
# **Predict.** The query `deposit` finds posts 2, 3, 4, 5 and 6. Is that good?

# %%
wanted = [1, 2, 4, 6, 7, 9]
found = [2, 3, 4, 5, 6]
right = set(wanted) & set(found)

precision = len(right) / len(found)
recall = len(right) / len(wanted)
print("right:", right)
print("precision:", precision)
print("recall:", recall)

# %% [markdown]
# **Explain.** `&` keeps what is in both.
#
# - *Precision*: the share of what you found that is right. Three of five: puppies and bottles
#   came along.
# - *Recall*: the share of what is right that you found. Three of six: nobody with an oven says
#   *deposit*.
#
# Did you judge a post otherwise? Good. Two careful people often differ: agree on a rule, and
# write it down.
#
# **Predict.** `deposit OR landlord` also finds post 1. What happens to each number?

# %%
found = [1, 2, 3, 4, 5, 6]
right = set(wanted) & set(found)
precision = len(right) / len(found)
recall = len(right) / len(wanted)
f1 = 2 * precision * recall / (precision + recall)
print(f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}")

# %% [markdown]
# **Explain.** Both rose, because the new word brought only right posts. More often one rises
# and the other falls. *F1* is their balance: it is high only if both are (van Rijsbergen,
# *Information Retrieval*, 1979).
#
# A real post seldom says what you would say. People write *the booking thing*, not the name of
# the service. Read what you found, borrow their words, search again.
#
# <details><summary>Check yourself: somebody may miss a hearing, and you must not overlook her.
# Is precision or recall more important?</summary>
#
# Recall. Rather read ten posts too many than miss the one person. For a figure in a report,
# precision may matter more.
#
# </details>

# %% [markdown]
# ## 7 · A chart that everyone can read, and Validate (2 minutes)
#
# A chart needs a title that says what it shows, and axes with names. It also needs an *alt
# text*: the same in words, for those who cannot see it. In a study of 342,722 images in public
# notebooks, 99.81% had none (arXiv 2308.03241). We do better.

# %%
words_for_it = f"Bar chart of posts found by five queries. {queries[0]} alone finds "
words_for_it += f"{comparison.posts[0]}; joined with OR deposit, {comparison.posts[2]}."

figure = charts.bars(
    comparison,
    x="query",
    y="posts",
    title="A space narrows a search, OR widens it",
    alt=words_for_it,
)
figure

# %%
print(figure.layout.title.text)
print(figure.layout.meta["alt"])

# %% [markdown]
# **Explain.** `charts.bars` takes a table, the names of two columns, a title and the alt text.
# It refuses to draw without words. Name at least one number in an alt text: a colleague who
# listens should learn what you learn by looking.
#
# **In the exercise** write where a line says `# YOUR ANSWER`, and run the cell after it. It
# checks what can be seen at once. The button **Validate** runs the whole exercise from the top
# and names each visible check that fails. It does not give you a grade: more checks run later,
# and they explain themselves. Validate as often as you like, then save, and submit as your
# trainer shows you: mostly *Nbgrader*, *Assignment List*, *Submit*. Alone at home? Then
# Validate is your check.

# %% [markdown]
# ## What you can do now (2 minutes)
#
# - You asked an API a question and read its answer.
# - You searched with a space, `OR`, `"…"`, `-`, `lang:`, `from:`, `#`, `@` and brackets.
# - You read a timeline to its last page and measured a dialogue ratio.
# - You know what your search misses, and you can say so: precision and recall.
# - You drew a chart that a colleague can hear.
#
# **Listen** comes first. Now open *Exercise 01* and listen to your own ministry.
#
# ## On a real account
#
# The same code speaks to X: `tweepy.Client("your bearer token")` instead of `square.client`.
# What changes:
#
# - **Credentials and their cost.** A *bearer token* is a password for programs. X sells access:
#   the price, the number of posts and the days you can search depend on the plan. Look it up
#   before you promise anything. Never write a token into a notebook.
# - **Ask your legal team first.** Terms of use and data protection apply to you. State a legal
#   basis, in a privacy notice that people can find.
# - **Monitor public posts, not individuals.** Ask what people say, not what one person does
#   (GCS, privacy notice on social and digital media analysis).
# - **Real people differ.** How often the invented ones post and repost is calibrated to
#   published studies of Twitter, 2009 to 2023. What they say is a modelling choice.
