"""Cordée plugin for housing: instruments, eligibility rules and a service catalog."""
