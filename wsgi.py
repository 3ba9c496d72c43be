"""The switch: the whole application for a server, the light command line for `flask`."""

import gc
import os

from core.settings import Settings

if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
    from ops.commands import create_cli_app

    app = create_cli_app()
else:
    from ops.following import before_the_end, prepare_web_worker

    prepare_web_worker()  # before the long imports: a web process ends with its parent
    gc.disable()  # what is loaded now stays: searching it for garbage costs half a second

    from bootstrap import create_app

    app = create_app(Settings.from_env())
    before_the_end(app.wsgi_app.close)  # type: ignore[attr-defined]  # the edge's
    gc.freeze()  # nor is it searched while answering
    gc.enable()
