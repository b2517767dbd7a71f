"""An automatic grader for a first PyTorch course.

This module imports nothing: the worker, which runs a student's code, imports it too, and what is
not loaded there cannot be reached there.
"""


def load_ipython_extension(shell: object) -> None:
    """Let a notebook grade itself: `%load_ext grader` calls this.

    Args:
        shell: The IPython shell.
    """
    from importlib import import_module  # noqa: PLC0415 - see above

    import_module("grader.jupyter.extension").load(shell)


def unload_ipython_extension(shell: object) -> None:
    """Undo what `load_ipython_extension` did: `%unload_ext grader` calls this.

    Args:
        shell: The IPython shell.
    """
    from importlib import import_module  # noqa: PLC0415 - see above

    import_module("grader.jupyter.extension").unload(shell)
