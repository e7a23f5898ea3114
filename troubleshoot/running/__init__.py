"""Failures inside a program that runs, told where it tells them itself: a test's report, an application's own page."""
