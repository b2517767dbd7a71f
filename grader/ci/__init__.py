"""Grades what a push has changed, and says so where the student looks.

Begin with `run.py`. A repository is the student's own: nothing in it is executed, checked out or
believed, save as the code that is graded.
"""
