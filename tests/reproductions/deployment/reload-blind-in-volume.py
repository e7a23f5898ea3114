"""The reloader of a container sees no change of a file that is edited outside.

No container is needed to see it. The command and environment of the compose file are run here, in a folder whose file has a
second name (a hard link) elsewhere. An edit under that name changes the content and, as with a volume of another
system, causes no event in the watched folder.
"""

from troubleshoot.testing import Bench, eventually, free_port

PARAMETERS = {"target": "app.main:app", "folder": "app"}

BROKEN = """\
services:
  api:
    build: .
    command: [python, -m, uvicorn, "app.main:app", --host, 0.0.0.0, --reload]
    volumes:
      - ./app:/code/app
    ports: ["8000:8000"]
"""

RELOAD = "--reload]"
WRONG = {
    "watching more files": [(RELOAD, "--reload, --reload-dir, app, --reload-include, '*.py']")],
    "a shorter delay": [(RELOAD, "--reload, --reload-delay, '0.1']")],
}

FILES = {
    "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
}


# --- check ---
def check(bench: Bench) -> None:
    import os
    import sys

    import yaml

    service = yaml.safe_load((bench.folder / "compose.yaml").read_text())["services"]["api"]
    inside, outside = bench.folder / "app" / "main.py", bench.folder.with_name(f"{bench.folder.name}-outside.py")
    os.link(inside, outside)
    port = free_port()
    command = [sys.executable if word == "python" else word for word in service["command"]]
    env = service.get("environment", {})
    with bench.process([*command, "--port", str(port)], port=port, env=env, wait=False) as server:
        assert server.wait_for_log("Application startup complete.", 20)
        assert "using WatchFiles" in server.log

        def noticed() -> bool:
            with outside.open("a") as file:
                file.write("# changed\n")
            return server.wait_for_log("detected changes", 0.5)

        seen = eventually(noticed, 4)
        assert "# changed" in inside.read_text()
        if not bench.fixed:
            with inside.open("a") as file:
                file.write("# changed in here\n")
            assert server.wait_for_log("detected changes", 15)
        assert seen
