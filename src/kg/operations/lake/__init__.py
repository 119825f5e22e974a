"""What is done with a lake, from end to end."""
