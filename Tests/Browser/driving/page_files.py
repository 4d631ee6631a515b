"""While the page is written: servers take its files from the directory PAGE_DIR, when that is set, and otherwise
from what came with the program."""

import os

ENVIRONMENT = {"PAGE_DIR": os.environ.get("PAGE_DIR")}
