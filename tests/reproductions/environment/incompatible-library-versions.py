"""A pin on Starlette, which the application never imports, keeps it from being installed; forced, it does not start.

Nothing is downloaded: the wheels are made here, with the requirements of the real releases and the call that fails.
"""

from troubleshoot.testing import Bench

BROKEN = "fastapi==0.110.0\nstarlette==1.0.0\nuvicorn\nsqlalchemy\n"
WRONG = {
    "Starlette listed first": "starlette==1.0.0\nfastapi==0.110.0\nuvicorn\nsqlalchemy\n",
    "any newer Starlette": BROKEN.replace("starlette==", "starlette>="),
    "an even older FastAPI": BROKEN.replace("fastapi==", "fastapi<="),
}
FILES = {
    "wheels.py": """\
import zipfile

WHEELS = [
    ("fastapi", "0.110.0", "starlette>=0.36.3,<0.37", "from starlette import Router\\nRouter(on_startup=[])\\n"),
    ("fastapi", "0.165.0", "starlette>=1", "from starlette import Router\\nRouter()\\n"),
    ("starlette", "0.36.3", "", "class Router:\\n    def __init__(self, on_startup=None): ...\\n"),
    ("starlette", "1.0.0", "", "class Router:\\n    def __init__(self): ...\\n"),
    ("uvicorn", "0.54.0", "", ""),
    ("sqlalchemy", "2.1.9", "", ""),
]
for name, version, needs, source in WHEELS:
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", source)
        requires = f"Requires-Dist: {needs}\\n" if needs else ""
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{requires}")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{about}/RECORD", "")
""",
    "app.py": "import fastapi\nimport sqlalchemy\n",
}


# --- check ---
def check(bench: Bench) -> None:
    def install(*options: str) -> str:
        pip = ("-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "install")
        offline = ("--no-index", "--find-links", ".", "--target", "installed")
        done = bench.run(*pip, *offline, *options, "-r", "requirements.txt", seconds=120)
        return done.stderr if done.returncode else ""

    assert bench.run("wheels.py").returncode == 0
    refused = install()
    if refused:
        assert not bench.fixed, refused
        assert "ResolutionImpossible" in refused
        assert not install("--no-deps")  # the tempting way out
    imported = bench.run("-c", "import app", env={"PYTHONPATH": str(bench.folder / "installed")})
    assert "unexpected keyword argument 'on_startup'" not in imported.stderr
    assert imported.returncode == 0, imported.stderr
