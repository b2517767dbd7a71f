"""The author's proof that an exercise is sound: `grade check`.

    files → texts → what is graded → what a student sees → examples of the texts → mutants

It grades, so it stands above the pipeline; the course that it proves stands below it, in
`grader.course`. Imports neither torch nor pytest.
"""
