"""A default that is a moment, computed once when the module is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Module

MAYBE = re.compile(rb"default\s*=[\w.\s]*\b(?:now|utcnow|today)\(")
CLOCKS = frozenset(
    ("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today")
)
FIELDS = re.compile(r"(sqlalchemy|sqlmodel|pydantic)\b.*\.(Column|mapped_column|Field|column)")

BROKEN = {
    "models.py": """
import datetime as dt
from datetime import datetime, timezone

from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at = Column(DateTime, default=datetime.utcnow())
    updated_at: Mapped[dt.datetime] = mapped_column(default=datetime.now(timezone.utc))


class EventIn(BaseModel):
    starts_at: datetime = Field(default=datetime.now())
"""
}
FIXED = {
    "models.py": """
from datetime import datetime, timezone

from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at = Column(DateTime, default=datetime.utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(timezone.utc))
    stored_at: Mapped[datetime] = mapped_column(server_default=func.now(), default=func.now())


class EventIn(BaseModel):
    starts_at: datetime = Field(default_factory=datetime.now)


def plan(default=datetime.now()):
    return default
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the defaults of columns and fields that are computed once."""
    for path in project.files.paths:
        module = project.files.module(path) if project.files.shows(path, MAYBE) else None
        for cls in module.classes.values() if module is not None else ():
            yield from _defaults(project, cls, cls.module)


def _defaults(project: Project, cls: Class, module: Module) -> Iterator[Sighting]:
    is_dataclass = project.inference.is_a(cls, "sqlalchemy.orm.MappedAsDataclass")
    for name, values in cls.body.assigned.items():
        for call in values:
            path = project.path(call.func, module) if isinstance(call, ast.Call) else ""
            if not isinstance(call, ast.Call) or FIELDS.fullmatch(path) is None:
                continue
            takes = "default_factory" if path.endswith(".Field") else ""
            for option in call.keywords:
                given = option.value
                if option.arg not in ("default", "onupdate"):
                    continue
                if isinstance(given, ast.Call) and project.path(given.func, module) in CLOCKS:
                    yield Sighting(
                        module=module,
                        function=None,
                        node=given,
                        severity="error",
                        message=f"{cls.name}.{name} gets the time at which the module was imported, always the same",
                        captured={"model": cls.name, "column": name, "option": takes or option.arg},
                        nodes={} if is_dataclass else {"keyword": option, "given": given, "clock": given.func},
                    )
