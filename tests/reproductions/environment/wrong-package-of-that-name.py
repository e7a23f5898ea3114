"""The requirements name the distribution jwt, and the login needs PyJWT; pip installs what they say.

The distribution called jwt is a stand-in of a few lines. PyJWT is the real one, packed again from where it is installed.
"""

from troubleshoot.testing import Bench

BROKEN = "jwt\n"
WRONG = {
    "PyJWT beside it": "jwt\nPyJWT\n",
    "another release of jwt": "jwt>=1.0\n",
}

# --- application ---
import jwt
from fastapi import FastAPI

app = FastAPI()
SECRET = "a secret of thirty-two characters"


@app.post("/token")
async def token() -> str:
    return jwt.encode({"sub": "ann"}, SECRET, algorithm="HS256")


# --- check ---
def check(bench: Bench) -> None:
    import json
    import zipfile
    from importlib.metadata import distribution, distributions

    from troubleshoot.testing import get

    packages, library = bench.folder / "packages", bench.folder / "library"
    packages.mkdir()
    real = distribution("PyJWT")
    with zipfile.ZipFile(packages / f"pyjwt-{real.version}-py3-none-any.whl", "w") as wheel:
        for file in real.files or ():
            if file.suffix != ".pyc" and ".." not in file.parts:
                wheel.write(file.locate(), str(file))
    with zipfile.ZipFile(packages / "jwt-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("jwt/__init__.py", "class JWT:\n    def encode(self, message, key): ...\n")
        wheel.writestr("jwt-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: jwt\nVersion: 1.0\n")
        wheel.writestr("jwt-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("jwt-1.0.dist-info/RECORD", "")
    done = bench.run(
        *("-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet", "--no-index", "--no-deps"),
        *("--find-links", str(packages), "--target", str(library), "-r", "requirements.txt"),
        seconds=120,
    )
    assert done.returncode == 0, done.stderr
    found = [each.name for each in distributions(path=[str(library)])]
    with bench.server("--app-dir", str(bench.folder), env={"PYTHONPATH": str(library)}) as server:
        status, _, body = get(server.url("/token"), method="POST")
        if not bench.fixed and found == ["jwt"]:
            assert server.wait_for_log("module 'jwt' has no attribute 'encode'")
    assert found == ["PyJWT"], found
    assert status == 200
    assert json.loads(body).count(".") == 2
