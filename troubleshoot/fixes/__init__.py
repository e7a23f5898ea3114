"""From a template and typed values to code."""
