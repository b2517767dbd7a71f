"""The untrusted side: nursery, lock-down, loading, serving, wire.

Imports nothing else of `grader`; what is not imported here cannot be found by a submission.
"""
