"""For people who write knowledge: a new cause begun, its form for editors, what there is counted, what is weak."""
