"""A report in the forms that other programs read: one module a form.

Each has a function `to_…` that takes reports as a student may see them (`Report.for_student`), and
the language of what people will read in it, and gives the file's whole content as bytes. None
reads a file, a clock or the environment, so that the same report gives the same bytes.

Each makes untrusted text harmless for its own medium, with `grader.report.neutralise`.
"""
