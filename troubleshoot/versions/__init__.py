"""Which versions somebody uses: one reader per file format, and what the versions found say about a cause."""
