"""`pip install` goes into the environment whose pip comes first on the PATH; the server runs in another.

Nothing is downloaded: the package is a wheel that is made here.
"""

from troubleshoot.testing import Bench

PARAMETERS = {"environment": "server", "package": "shoplib"}
BROKEN = "#!/bin/sh\nset -e\npip install shoplib\n"
FILES = {
    "environments.py": '''\
"""Make two environments that share the packages of this interpreter, and a package that neither has."""
import sys
import venv
import zipfile
from pathlib import Path

for name in ("server", "other"):
    venv.create(name, symlinks=True)
    (site,) = Path(name).glob("lib/python3*/site-packages")
    (site / "shared.pth").write_text("\\n".join(path for path in sys.path if path.endswith("site-packages")))
pip = Path("other/bin/pip")
pip.write_text(f'#!/bin/sh\\nexec {Path("other/bin/python").absolute()} -m pip "$@"\\n')
pip.chmod(0o755)
about = "shoplib-1.0.dist-info"
with zipfile.ZipFile("shoplib-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("shoplib.py", "NAME = 'lamp'\\n")
    wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\\nName: shoplib\\nVersion: 1.0\\n")
    wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{about}/RECORD", "")
''',
    "main.py": """\
from fastapi import FastAPI

import shoplib

app = FastAPI()


@app.get("/")
def name() -> str:
    return shoplib.NAME
""",
}
WRONG = {
    "pip install --force-reinstall": [("pip install", "pip install --force-reinstall")],
    "python -m pip of another Python": [("pip install", "other/bin/python -m pip install")],
}


# --- check ---
def check(bench: Bench) -> None:
    import os
    import subprocess

    from troubleshoot.testing import eventually, free_port, get

    assert bench.run("environments.py", seconds=120).returncode == 0
    environment = {
        **os.environ,
        "PATH": f"{bench.folder / 'other' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(bench.folder),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    script = bench.folder / "install.sh"
    installed = subprocess.run(["sh", script], cwd=bench.folder, env=environment, capture_output=True, text=True)
    assert installed.returncode == 0, installed.stderr
    port = free_port()
    command = ["server/bin/python", "-m", "uvicorn", "main:app", "--port", str(port), "--no-use-colors"]
    with bench.process(command, port=port, wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "Uvicorn running" in server.log, 60)
        assert "No module named 'shoplib'" not in server.log
        assert server.process.poll() is None, server.log
        assert get(server.url("/"))[2] == '"lamp"'
