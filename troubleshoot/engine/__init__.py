"""Pure: from evidence to ranked causes, and to the next question."""
