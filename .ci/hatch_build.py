"""Compiles the knowledge when a wheel is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KnowledgeHook(BuildHookInterface):
    """Adds `troubleshoot/compiled/` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the knowledge, unless the checkout itself is installed, where it still changes."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from troubleshoot.catalog.content import Content
        from troubleshoot.compiling import compile_into

        folder = Path(self.root, "build", "compiled")
        compile_into(folder, Content(Path(self.root, "knowledge"), Path(self.root, "templates")))
        build_data["force_include"][str(folder)] = "troubleshoot/compiled"
