"""What is done with a student's own files: opened, reset, handed in. None of them is executed."""
