"""Grades what is pushed to a git server, and answers in the output of the push.

    receive  notes the push, sees that somebody grades, waits a while; git starts it as a hook
    queue    what was pushed, durably; a push is in it before anything else happens
    tree     which files of a commit belong to which exercise
    drain    grades what waits, with the engine and the journal of a batch
    answer   what a student reads

Nothing of a push is ever checked out or executed outside a worker: files are read as blobs.
"""
