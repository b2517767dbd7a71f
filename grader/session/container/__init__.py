"""Workers in a container of podman's or docker's, for machines whose own locks are not enough."""
