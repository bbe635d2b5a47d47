"""Cordée plugin for employment: instruments, eligibility rules and a service catalog."""
