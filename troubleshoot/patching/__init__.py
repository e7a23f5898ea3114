"""Changes of the user's own source: edits by node, imports, diffs, writing. Knows no cause."""
