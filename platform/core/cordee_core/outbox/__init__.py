"""What happens after the commit."""
