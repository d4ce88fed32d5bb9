# %% [markdown]
# # A sample exercise
#
# Three tasks for the judge, and one for a person.

# %%
from kit.course import judge

# %% [markdown]
# ## Task 1: the questions
# Which posts are questions? Give their ids.

# %% nbgrader={"grade": false, "grade_id": "questions", "locked": false, "schema_version": 3, "solution": true, "task": false}
questions = ...  # a list of ids
### BEGIN SOLUTION
questions = ["p1", "p3", "p4"]
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "questions_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert isinstance(questions, list), "questions should be a list of ids"
### BEGIN HIDDEN TESTS

judge.mark("01_sample/questions", questions, points=4)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "waiting", "locked": false, "schema_version": 3, "solution": true, "task": false}
waiting = ...  # how many minutes, on average
### BEGIN SOLUTION
waiting = 42.0
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "waiting_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Your number is checked when you hand this in.
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_sample/waiting", waiting, points=2)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "order", "locked": false, "schema_version": 3, "solution": true, "task": false}
order = ...  # ids, the most urgent first
### BEGIN SOLUTION
order = ["p3", "p1", "p4"]
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "order_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Your order is checked when you hand this in.
### BEGIN HIDDEN TESTS
from kit.course import judge

judge.mark("01_sample/order", order, points=3)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": true, "grade_id": "reply", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# Dear Sam, you are right, and we are sorry. The court's phone line takes bookings from 9.
