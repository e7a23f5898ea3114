"""Many cases at once: lines of JSON in, answers out in their order, several processes between them."""
