"""How the findings of a scan are written, one module for each format."""
