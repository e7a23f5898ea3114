"""A requirement has files for some versions of Python only; pip is asked what it would install in the image's Python.

No image is built: pip itself chooses for another version of Python than its own, from two packages made here.
"""

from troubleshoot.testing import Bench

PARAMETERS = {"python": "3.13"}

BROKEN = """\
FROM python:3.14-slim
WORKDIR /code
COPY requirements.txt .
RUN pip install --only-binary=:all: -r requirements.txt
COPY . .
CMD ["python", "-m", "uvicorn", "main:app", "--host", "0.0.0.0"]
"""

FILES = {"requirements.txt": "shop-core==2.0\nshop-web==1.5\n"}
WRONG = {
    "an older Python": BROKEN.replace("3.14", "3.9"),
    "the full image instead of slim": BROKEN.replace("-slim", "-bookworm"),
}


# --- check ---
def check(bench: Bench) -> None:
    import re
    import zipfile

    def wheel(name: str, version: str, tags: str, needs: str) -> None:
        """Make a package; its file's name and metadata are all that pip looks at."""
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(bench.folder / "packages" / f"{name}-{version}-{tags}.whl", "w") as file:
            file.writestr(
                f"{info}/METADATA",
                f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: {needs}\n",
            )
            file.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tags}\n")
            file.writestr(f"{info}/RECORD", "")

    (bench.folder / "packages").mkdir()
    for tag in ("cp312", "cp313"):
        wheel("shop_core", "2.0", f"{tag}-none-any", ">=3.9")
    wheel("shop_web", "1.0", "py3-none-any", ">=3.8")
    wheel("shop_web", "1.5", "py3-none-any", ">=3.10")
    dockerfile = (bench.folder / "Dockerfile").read_text()
    python = re.search(r"^FROM python:(\d\.\d+)-", dockerfile, re.MULTILINE)
    assert python is not None
    assert "--only-binary=:all:" in dockerfile
    done = bench.run(
        *("-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--dry-run", "--no-index"),
        *("--find-links", "packages", "--only-binary=:all:", "--target", "image", "--python-version", python[1]),
        *("-r", "requirements.txt"),
        seconds=120,
    )
    if not bench.fixed:
        assert "No matching distribution found for shop-" in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
    assert "Would install shop-core-2.0 shop-web-1.5" in done.stdout.replace("_", "-"), done.stdout
