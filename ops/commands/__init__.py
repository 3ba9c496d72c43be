"""The command line: a light table of names; a command's room is loaded when the command runs."""

from flask import Flask

from ops.commands.table import CommandTable


def create_cli_app() -> Flask:
    """The Flask object the `flask` command finds: no pages, no index, only the command table."""
    app = Flask("yangguang", static_folder=None)
    app.cli = CommandTable(app.name)
    return app
