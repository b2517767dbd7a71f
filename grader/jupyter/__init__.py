"""`%load_ext grader`: grading from inside a notebook.

    extension  the magic `%grade`: what is meant, and what is said about it
    notebook   which file the kernel's notebook is, and whether it is saved
    command    the command line, in a process of its own
    showing    its page, in a frame that nothing leaks into or out of
    height     how high that frame has to be

Nothing is graded in the kernel: it starts the command line, which grades the saved file like any
other. Only what runs in a kernel imports this package, so it may import IPython.
"""
