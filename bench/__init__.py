"""Measures how fast and how small raftviz is, and prints it beside what is aimed at (`make bench`)."""
