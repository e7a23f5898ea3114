"""A list with commas, an empty one, parts of a model and a line of another program: the settings refuse them."""

from troubleshoot.testing import Bench

BROKEN = """\
from functools import lru_cache

from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict


class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")

    allowed_origins: list[str] = []
    database: Database = Database()


@lru_cache
def get_settings() -> Settings:
    return Settings()
"""
FILES = {
    ".env": "COMPOSE_PROJECT_NAME=shop\n",
    "show.py": "from settings import get_settings\n\nprint(get_settings().model_dump_json())\n",
}
WRONG = {
    # It is not reached: the source reads the text as JSON before it.
    "a validator with mode=before": [
        ("import BaseModel\n", "import BaseModel, field_validator\n"),
        (
            "    database: Database =",
            '    @field_validator("allowed_origins", mode="before")\n'
            "    @classmethod\n"
            "    def split(cls, value: object) -> object:\n"
            '        return value.split(",") if isinstance(value, str) else value\n\n'
            "    database: Database =",
        ),
    ],
    "extra=ignore alone": [('env_file=".env")', 'env_file=".env", extra="ignore")')],
    "a text instead of a list": [("allowed_origins: list[str] = []", 'allowed_origins: str = ""')],
}


# --- check ---
def check(bench: Bench) -> None:
    import json

    def seen(**variables: str) -> object:
        done = bench.run("show.py", env=variables, seconds=120)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr.splitlines()[-2:]

    (bench.folder / ".env").rename(bench.folder / "kept")
    default = {"host": "localhost", "port": 5432}
    # Healthy from the start: JSON.
    assert seen(ALLOWED_ORIGINS='["a", "b"]') == {"allowed_origins": ["a", "b"], "database": default}
    answers = [
        seen(ALLOWED_ORIGINS="a, b"),
        seen(ALLOWED_ORIGINS=""),
        seen(DATABASE__HOST="db", DATABASE__PORT="6543"),
    ]
    if not bench.fixed:
        assert "error parsing value for field" in str(answers[0])
    assert answers == [
        {"allowed_origins": ["a", "b"], "database": default},
        {"allowed_origins": [], "database": default},
        {"allowed_origins": [], "database": {"host": "db", "port": 6543}},
    ]
    (bench.folder / "kept").rename(bench.folder / ".env")
    assert seen() == {"allowed_origins": [], "database": default}
