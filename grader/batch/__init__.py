"""Many submissions: what a class has handed in is found, graded, kept and summed up."""
