"""What is asked: the manifests, texts and solutions of a course."""
