"""Reports that can be trusted later: signed with a key, verified with its other half."""
