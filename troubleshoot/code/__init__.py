"""Source code as evidence: one parse for each file, one model of the project, no execution."""
