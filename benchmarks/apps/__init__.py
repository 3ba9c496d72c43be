"""What is measured: each module holds a WSGI `app`, or runs a server of its own."""
