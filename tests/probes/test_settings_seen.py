"""The probe shows the file that is looked for, the variable of each field, where it is, and what nobody asks for."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench

MAIN = """
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings_seen import show


class Mail(BaseModel):
    host: str


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=(".env", "deploy/.env"), env_prefix="SHOP_", env_nested_delimiter="__")
    url: str
    password: str = Field(validation_alias="PASSWORD")
    origins: list[str] = []
    mail: Mail
    port: int = 1


show(Settings)
"""


def test_the_probe_shows_where_each_setting_is(tmp_path):
    content = find_content()
    catalog = load(content)
    probe = catalog.questions["environment-settings-says"].probe
    assert probe is not None
    snippet = Renderer(content, catalog).probe(probe.template, {})
    (tmp_path / snippet.file_name).write_text(snippet.text)
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / ".env").write_text("SHOP_ORIGINS=http://secret\nSHOP_COLOUR=red\nURL=nowhere\n")
    done = Bench(tmp_path, fixed=True).run(
        "main.py", env={"PASSWORD": "secret", "SHOP_MAIL__HOST": "secret", "SHOP_URL_OLD": "x"}
    )
    expected = [
        f"settings: working directory: {tmp_path}",
        f"settings: env file: {tmp_path}/.env (there)",
        f"settings: env file: {tmp_path}/deploy/.env (not there)",
        "settings: url (required) wants SHOP_URL: nowhere",
        "settings: password (required) wants PASSWORD: PASSWORD in the environment",
        "settings: origins (has a default, JSON) wants SHOP_ORIGINS: SHOP_ORIGINS in the env file",
        "settings: mail (required, JSON) wants SHOP_MAIL: SHOP_MAIL__HOST in the environment",
        "settings: port (has a default) wants SHOP_PORT: nowhere",
        "settings: nobody asks for: SHOP_COLOUR in the env file",
        "settings: nobody asks for: URL in the env file",
    ]
    assert expected == done.stderr.splitlines()
