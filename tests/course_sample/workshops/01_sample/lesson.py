# %% [markdown]
# # A sample lesson
#
# Three questions, asked quietly.

# %%
questions = ["who", "what", "when"]
len(questions)

# %% [markdown]
# That is all.
