"""An automatic grader for a first PyTorch course.

This module imports nothing: the worker, which runs a student's code, imports it too, and what is
not loaded there cannot be reached there.
"""
