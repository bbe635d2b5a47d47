"""Cordée plugin for health: instruments, eligibility rules and a service catalog."""
