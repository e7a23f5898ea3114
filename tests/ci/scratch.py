"""Scratch repositories."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
IDENTITY = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main")
MAIN = """\
from fastapi import FastAPI
from app.services import wait
app = FastAPI()

@app.get("/")
async def home():
    wait()
"""
PROJECT = {
    "pyproject.toml": "[tool.troubleshoot]\nexclude = ['/old/']\n",
    "app/__init__.py": "",
    "app/services.py": "import time\n\ndef wait():\n    time.sleep(1)\n",
}


def git(folder, *arguments, **options):
    return subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, capture_output=True, text=True, **options)


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
