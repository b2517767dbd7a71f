"""What students get of a course: stubs, texts, visible checks and the grader, nothing else.

Begin with `contents.py`.
"""
