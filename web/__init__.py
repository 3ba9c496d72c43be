"""Pages: the staff console, the citizens' H5 pages, open data. Three strangers behind one door."""

from web.pages import create_pages

__all__ = ["create_pages"]
