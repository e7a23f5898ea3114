"""From YAML to a catalog: strict reading, consistency, the folders, the compiled form."""
