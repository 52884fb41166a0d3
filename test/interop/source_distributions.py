"""Files of the source distributions of packages."""

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePath


def fetch(sources: dict[str, str], is_wanted: Callable[[PurePath], bool], folder: Path) -> bool:
    """Fetches distributions, and writes those of their files that are wanted below a folder.

    :param sources: packages with their versions, and the hashes of their source distributions
    :param is_wanted: whether the file at a path of a distribution is wanted
    """
    with tempfile.TemporaryDirectory() as name:
        listed = Path(name) / "requirements.txt"
        listed.write_text("".join(f"{package} --hash=sha256:{digest}\n" for package, digest in sources.items()))
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
        subprocess.run([*pip, "--require-hashes", "--requirement", listed, "--dest", name], check=True)
        for archive in Path(name).glob("*.tar.gz"):
            with tarfile.open(archive) as members:
                for member in members:
                    # The first part is the package and its version.
                    path = PurePath(*PurePath(member.name).parts[1:])
                    if is_wanted(path):
                        target = folder / path
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(members.extractfile(member).read())
    return True
