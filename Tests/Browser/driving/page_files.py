"""For page development: servers read the page's files from PAGE_DIR if it is set, otherwise from the program."""

import os

ENVIRONMENT = {"PAGE_DIR": os.environ.get("PAGE_DIR")}
