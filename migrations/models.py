"""Every module that declares tables, so that the migrations see them all."""
from knowledge import models as knowledge  # noqa: F401
