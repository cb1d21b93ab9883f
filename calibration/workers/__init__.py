"""What labels say about the people who gave them and the items that they were given to."""
