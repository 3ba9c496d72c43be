"""What we know, and how it is found. Knows nothing of WeChat, offices or pages."""
