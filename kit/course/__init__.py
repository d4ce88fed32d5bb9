"""Lessons and grades: notebooks made from text, released, graded and reported."""
