"""Every module that declares tables, so that the migrations see them all."""
