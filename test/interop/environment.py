"""Makes a virtual environment from a requirements file, once: environment.py REQUIREMENTS FOLDER STAMP

STAMP describes what the environment is made from. It is written into the folder last, so an environment without it is
made anew. Test files that start together wait for each other here; the lock goes with the process that holds it.
"""

import fcntl
import shutil
import subprocess
import sys
import venv
from pathlib import Path


def main(requirements: str, folder: Path, stamp: str) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp_file = folder / "stamp"
        if stamp_file.exists() and stamp_file.read_text() == stamp:
            return
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
        wheels = ["--only-binary", ":all:", "--requirement", requirements]
        if subprocess.run([*pip, *wheels]).returncode != 0:
            sys.exit(1)
        stamp_file.write_text(stamp)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
