"""Open a report in a real Chromium, without a network, and see what it does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

DESKTOP: Final = (1280, 900)
PHONE: Final = (390, 844)

_AXE: Final = "4.14.1"
_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "copydesk-tests"
_AXE_SCRIPT: Final = _CACHE / f"axe-core-{_AXE}" / "package" / "axe.min.js"
SCREENSHOTS: Final = os.environ.get("COPYDESK_SCREENSHOTS")
"""A folder outside the repository in which screenshots are kept; none are taken without one."""


class Page:
    """An open report."""

    def __init__(self, driver: webdriver.Chrome, path: Path) -> None:
        self.driver = driver
        self.address = path.resolve().as_uri()
        driver.get(self.address)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script gives in the page."""
        return self.driver.execute_script(script, *arguments)

    def texts(self, selector: str) -> list[str]:
        """The texts of the elements that are to be seen."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter(e => e.checkVisibility()).map(e => e.innerText.trim())",
            selector,
        )
        return found

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            webdriver.ActionChains(self.driver).send_keys(key).perform()

    def click(self, selector: str) -> None:
        """Click where the first such element is."""
        element = self.driver.find_element("css selector", selector)
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def fill(self, selector: str, text: str) -> None:
        """Type into a box, from empty."""
        box = self.driver.find_element("css selector", selector)
        box.send_keys(Keys.CONTROL + "a")  # the key is held to the end of the call
        box.send_keys(Keys.DELETE, text)

    def errors(self) -> list[str]:
        """What the console complains about, a broken policy included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requested(self) -> set[str]:
        """Every address that was asked for, whether it could be had or not."""
        addresses = set()
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                parameters = message["params"]
                addresses.add(parameters.get("request", parameters)["url"].partition("#")[0])
        return addresses

    def problems(self) -> list[str]:
        """What axe-core finds serious or critical, and where."""
        self.driver.execute_script(axe().read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations))"
        )
        return [
            f"{each['id']}: {each['help']} ({node['html'][:120]}) {node.get('failureSummary', '')}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def picture(self, name: str) -> None:
        """Keep a screenshot, where they are wanted."""
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(str(folder / f"{name}.png"))


@contextmanager
def browser(size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> Iterator[webdriver.Chrome]:
    """A headless Chromium; the test is skipped, loudly, where there is none."""
    binary, service = _need("chromium", "google-chrome"), _need("chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    width, height = size
    for argument in (
        "--headless=new",
        "--no-sandbox",  # in containers it cannot have one; the page asks for nothing
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--window-size={width},{height}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(service))
    try:
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, still]})
        driver.set_script_timeout(300)  # axe-core on a busy machine
        yield driver
    finally:
        driver.quit()


def axe() -> Path:
    """The script of axe-core in the cache; tests fetch nothing, :func:`fetch_axe` does."""
    if not _AXE_SCRIPT.is_file():
        _skip("axe-core is not in the cache: python -m tests.browsing fetches it with npm")
    return _AXE_SCRIPT


def fetch_axe() -> None:
    """Put axe-core into the cache; npm checks what it gets against the registry's digest."""
    folder = _AXE_SCRIPT.parents[1]
    folder.mkdir(parents=True, exist_ok=True)
    package = f"axe-core-{_AXE}.tgz"
    for command in (
        ["npm", "pack", "--silent", f"axe-core@{_AXE}"],
        ["tar", "xzf", package, "package/axe.min.js"],
    ):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _need(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        _skip(
            f"{names[0]} is not installed, so no report was opened in a browser"
            " (Debian: apt-get install chromium chromium-driver)"
        )
    return found


def _skip(why: str) -> NoReturn:
    # A skip alone is a letter in a long line; a warning stands at the end.
    warnings.warn(f"SKIPPED, NOT TESTED: {why}", stacklevel=3)
    pytest.skip(why)


if __name__ == "__main__":
    fetch_axe()
