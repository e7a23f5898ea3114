"""For people who write knowledge: begun, checked, tried on its examples, proven, counted, unrolled as a tree."""
