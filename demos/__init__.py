"""Runnable lessons: ``python -m demos.NAME``. Pictures go to demos/output."""
