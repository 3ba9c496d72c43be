"""What a form asks for, done in one transaction; refused, the form says why."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from core.errors import NotFound, Refusal
from web.counter import writing
from web.forms import Form


def attempt(form: Form, deed: Callable[[Session], object]) -> bool:
    """True when `deed` is committed. A form that is not good does nothing; a refusal becomes the
    form's sentence. NotFound goes on to the page that says so.
    """
    if not form.good:
        return False
    try:
        with writing() as session:
            deed(session)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
