"""What was handed in, found in folders, archives and the downloads of learning platforms."""
