"""Cordée plugin for child protection: instruments, eligibility rules and a service catalog."""
