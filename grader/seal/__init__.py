"""Suites, solutions and wrong answers in one encrypted file, for places that students can read.

Begin with `package.py`. The command that seals and the one that grades pushes open such a file in
memory; what is in it is never written to a disk.
"""
