"""The command line: a light table of names; a command's room is loaded when the command runs."""

from flask import Flask

from ops.commands.table import CommandTable


def create_cli_app(open_office: str = "bootstrap:open_office") -> Flask:
    """The Flask object the `flask` command finds: no pages, no index, only the table of commands.

    open_office: "module:function" that opens an Office from Settings; named, not imported, so
    that `flask push status` does not pay for the wiring of everything else.
    """
    app = Flask("yangguang", static_folder=None)
    app.config["OPEN_OFFICE"] = open_office
    app.cli = CommandTable(app.name)
    return app
