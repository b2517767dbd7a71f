"""An autograder for Gradescope: what it is made of, and what runs there.

    package   makes the archive that an instructor uploads
    settings  how to grade, as the archive says it
    run       grades one submission in Gradescope's folders; begin here
    metadata  what Gradescope says about a submission: late, again, in a group

The folders and files are those of Gradescope's autograder specification.
"""
