"""A report in the forms that other programs read: one module a form.

Each has a function `to_…` that takes one report or several, and the language of what people will
read in it, and gives the file's whole content as bytes. None reads a file, a clock or the
environment, so that the same report gives the same bytes. `formats` lists them all.

What students read holds no more than `Report.for_student` gives: the modules for one report, and
`codequality`, take the whole report and see to it; the others are given it.

Each makes untrusted text harmless for its own medium, with `grader.report.neutralise`.
"""
