"""env.py knows no model, so the migration is empty; and three replicas that migrate at once collide.

The migration ends with an index that is made CONCURRENTLY. That waits for every transaction that is open, so a replica
that waited for the lock in one would be a deadlock.
"""

from troubleshoot.testing import Bench, eventually, postgresql

PARAMETERS = {"package": "models", "base": "models.base:Base"}
BROKEN = '''"""What env.py does as it comes, with Base imported."""

from alembic import context
from models.base import Base


def run_migrations(engine) -> None:
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()
'''
ALEMBIC_INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n"
ENV = """
import os

from migrating import run_migrations
from sqlalchemy import create_engine, pool

run_migrations(create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool))
"""
SCRIPT = """
from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    # Waits for the check, so that all replicas are there.
    op.execute("SELECT pg_advisory_xact_lock_shared(1)")
    ${upgrades if upgrades else "pass"}
    with op.get_context().autocommit_block():
        op.create_index("by_id", "items", ["id"], postgresql_concurrently=True)
"""
ITEM = """
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
FILES = {
    "alembic.ini": ALEMBIC_INI,
    "migrations/env.py": ENV,
    "migrations/script.py.mako": SCRIPT,
    "migrations/versions/.keep": "",
    "models/__init__.py": "",
    "models/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "models/item.py": ITEM,
}
FAILING = """
from alembic import op

revision = "failing"
down_revision = "{revision}"


def upgrade():
    op.execute("SELECT 1 / 0")
"""
REPLICAS = 3
# Those at the gate, and those that ask for the lock again and again.
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' OR (state = 'idle' AND query = 'COMMIT')
"""
WITH_MODELS = (
    "from models.base import Base\n\n\ndef run",
    "import models.item\nfrom models.base import Base\n\n\ndef run",
)
RUN = "        with context.begin_transaction():\n            context.run_migrations()\n"
WRONG = {
    "all models, and every replica at once": [WITH_MODELS],
    "the error caught": [
        WITH_MODELS,
        (
            RUN,
            "        try:\n    "
            + RUN.replace("\n    ", "\n        ")
            + "        except Exception as error:\n            print(error)\n",
        ),
    ],
    "the lock alone": [
        (
            RUN,
            '        connection.exec_driver_sql("SELECT pg_advisory_lock(20240)")\n        connection.commit()\n' + RUN,
        )
    ],
}


# --- check ---
def check(bench: Bench) -> None:
    import contextlib
    import os
    import re
    import subprocess
    import sys

    import psycopg

    with postgresql(bench.folder) as url:
        env = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        done = bench.run("-m", "alembic", "revision", "--autogenerate", "-m", "items", env=env)
        assert done.returncode == 0, done.stderr
        (migration,) = (bench.folder / "migrations/versions").glob("*.py")
        assert "op.create_table('items'" in migration.read_text()
        with contextlib.ExitStack() as replicas:
            with psycopg.connect(url, autocommit=True) as gate:
                gate.execute("SELECT pg_advisory_lock(1)")
                upgrade = [sys.executable, "-m", "alembic", "upgrade", "head"]
                running = [
                    replicas.enter_context(
                        subprocess.Popen(
                            upgrade, cwd=bench.folder, env=os.environ | env, stderr=subprocess.PIPE, text=True
                        )
                    )
                    for _ in range(REPLICAS)
                ]
                assert eventually(lambda: gate.execute(WAITING).fetchone() == (REPLICAS,), 60)
            errors = [process.communicate()[1] for process in running]
        assert [process.returncode for process in running] == [0] * REPLICAS, errors

        (revision,) = re.findall(r"^revision = '(\w+)'", migration.read_text(), re.MULTILINE)
        (migration.parent / "failing.py").write_text(FAILING.format(revision=revision))
        failed = bench.run("-m", "alembic", "upgrade", "head", env=env)
        assert failed.returncode != 0, "nobody is told that a migration has failed"
        assert "division by zero" in failed.stderr
