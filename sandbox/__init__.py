"""A little WeChat: plays the API, the callbacks and the phone over HTTP, for any WeChat project."""
