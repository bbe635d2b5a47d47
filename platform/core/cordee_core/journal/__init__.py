"""The record of all that happened and of who saw what."""
