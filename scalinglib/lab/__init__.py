"""The laboratory: text to learn from, and models small enough to count or train on a laptop."""
