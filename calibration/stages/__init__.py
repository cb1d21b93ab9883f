"""What happens to work after it is handed in: reviews, rework, and lines of several stages."""
