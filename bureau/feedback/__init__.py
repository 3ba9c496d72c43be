"""Tickets: a citizen's words on their way to a reply, and the clock that runs beside them."""
