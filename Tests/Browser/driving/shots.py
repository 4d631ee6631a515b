"""Screenshots of the page, for people."""

from pathlib import Path

from playwright.sync_api import Page


class Shots:
    def __init__(self, directory: Path, screen: str):
        self.directory = directory
        self.screen = screen

    def take(self, page: Page, name: str) -> Path:
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / f"{name}-{self.screen}.png"
        page.screenshot(path=path)
        return path
