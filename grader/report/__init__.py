"""What is said: scores, reports, and how they are shown."""
