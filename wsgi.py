"""The switch: the whole application for a server, the light command line for `flask`."""

import os

from core.settings import Settings

if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
    from ops.commands import create_cli_app

    app = create_cli_app()
else:
    from ops.following import prepare_web_worker

    prepare_web_worker()  # before the long imports: a web process ends with its parent

    from bootstrap import create_app

    app = create_app(Settings.from_env())
