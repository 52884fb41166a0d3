"""Makes a virtual environment from a requirements file, once: environment.py REQUIREMENTS FOLDER STAMP

STAMP describes what the environment is made from. It is written into the folder last, so an environment without it is
made anew. Test files that start together wait for each other here; the lock goes with the process that holds it.

Packages are installed by uv, which takes a tenth of pip's time, from a cache that all environments share; by pip where uv
cannot be had or fails. Neither compiles bytecode: Python does, of what is imported.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

UV = "uv==0.13.9"
#: What pip is configured with, and the variable by which uv, which does not read pip's configuration, takes the same.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def main(requirements: str, folder: Path, stamp: str) -> None:
    wheels = ["--quiet", "--only-binary", ":all:", "--requirement", requirements]
    if not once(folder, stamp, lambda: install_by_uv(folder, wheels) or install_by_pip(folder, wheels)):
        sys.exit(1)


def once(folder: Path, stamp: str, make: Callable[[], bool]) -> bool:
    """Makes a folder, unless it was made from what the stamp describes. Returns whether it is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp_file = folder / "stamp"
        if stamp_file.exists() and stamp_file.read_text() == stamp:
            return True
        shutil.rmtree(folder, ignore_errors=True)
        made = make()
        if made:
            stamp_file.write_text(stamp)
        return made


def install_by_uv(folder: Path, arguments: list[str]) -> bool:
    tools = folder.parent / "uv"
    if not once(tools, UV, lambda: install_by_pip(tools, ["--quiet", "--only-binary", ":all:", UV])):
        return False
    venv.create(folder)
    uv = [tools / "bin" / "uv", "pip", "install", "--python", folder / "bin" / "python"]
    return subprocess.run([*uv, *arguments], env=uv_environment(tools)).returncode == 0


def install_by_pip(folder: Path, arguments: list[str]) -> bool:
    venv.create(folder, with_pip=True, clear=True)
    return subprocess.run([*pip_of(folder), "install", "--no-compile", *arguments]).returncode == 0


def pip_of(folder: Path) -> list[str]:
    return [str(folder / "bin" / "python"), "-m", "pip"]


def uv_environment(tools: Path) -> dict[str, str]:
    """Where uv finds packages, and keeps them: on the file system of the environments, which share its files."""
    listed = subprocess.run([*pip_of(tools), "config", "list"], capture_output=True, text=True).stdout
    settings = {"UV_CACHE_DIR": str(tools / "cache"), "UV_INDEX_STRATEGY": "unsafe-best-match"}
    for section in ["global", "install", ":env:"]:  # The last counts most.
        for name, value in re.findall(rf"^{section}\.([\w-]+)='(.*)'$", listed, re.MULTILINE):
            if name in SETTINGS:
                settings[SETTINGS[name]] = value.replace("\\n", " ").strip()
    return {**settings, **os.environ}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
