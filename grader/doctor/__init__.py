"""What this machine has for grading, and how well it locks code in."""
