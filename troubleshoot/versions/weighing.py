"""What the versions in use say: of causes that exist in some only, of signatures, and of fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from troubleshoot.model import Catalog, Evidence, Package, Trust, Version
from troubleshoot.versions.names import TITLES
from troubleshoot.versions.ranges import holds, in_words

TRUST: tuple[Trust, ...] = ("implied", "pin", "series", "said", "lock", "environment", "log", "answer")
"""Where a version may stand, the most trustworthy last: a log shows what ran, a pin only what was asked for."""
IMPLIED: tuple[tuple[str, Package, str], ...] = (("<0.100", "pydantic", "1.*"), ("<0.133", "starlette", "0.*"))
"""The series of other packages that FastAPI requires in these versions of it."""
STANDS: Mapping[Trust, str] = {
    "answer": "is what you use",
    "log": "is what ran",
    "series": "is what ran",
    "said": "is what you name",
    "environment": "is installed",
    "lock": "is locked",
    "pin": "is asked for",
    "implied": "is what your FastAPI requires",
}


def in_use(versions: Iterable[Version]) -> dict[Package, Version]:
    """Return the version of each package that is believed, sorted by package: the most trustworthy, the latest said."""
    believed: dict[Package, Version] = {}
    for version in versions:
        known = believed.get(version.package)
        if known is None or TRUST.index(version.trust) >= TRUST.index(known.trust):
            believed[version.package] = version
    return dict(sorted(believed.items()))


def implied(known: Mapping[Package, Version]) -> Mapping[Package, Version]:
    """Return versions, and for packages that are not known what FastAPI's own requirements leave of theirs."""
    fastapi = known.get("fastapi")
    found = {
        package: replace(fastapi, package=package, text=series, trust="implied")
        for range_, package, series in IMPLIED
        if fastapi is not None and package not in known and holds(range_, fastapi.text)
    }
    return {**known, **found}


def weigh(catalog: Catalog, known: Mapping[Package, Version]) -> Iterator[Evidence]:
    """Yield, for each cause that exists in some versions only, whether the version in use is one of them."""
    for cause in catalog.outlines.values():
        for package, range_ in cause.versions.items():
            version = known.get(package)
            inside = holds(range_, version.text) if version else None
            if version is None or inside is None:
                continue
            yield Evidence(
                kind="version",
                subject=cause.id,
                value="inside" if inside else "outside",
                key=package,
                source="versions",
                location=version.location,
                what=f"{describe(version)}; this happens {'' if inside else 'only '}{in_words(range_)}",
            )


def describe(version: Version) -> str:
    """Return a version as the start of a sentence: `FastAPI 0.95.1 is locked`."""
    return f"{TITLES[version.package]} {version.text} {STANDS[version.trust]}"


def misfit(ranges: Mapping[Package, str], known: Mapping[Package, Version]) -> str:
    """Return why something that holds only in `ranges` does not hold here; nothing if it does, or may."""
    for package, range_ in ranges.items():
        version = known.get(package)
        if version is not None and holds(range_, version.text) is False:
            return f"holds for {TITLES[package]} {in_words(range_)}, but {describe(version)}"
    return ""


def applies(catalog: Catalog, item: Evidence, known: Mapping[Package, Version]) -> bool:
    """Return whether `item` means what it says in the versions in use: a signature, or a mistake found in source."""
    if item.kind == "finding":
        return not misfit(catalog.outlines[item.subject].versions, known)
    signal = catalog.causes[item.subject].signal(item.key) if item.kind == "signal" else None
    return signal is None or not misfit(signal.versions, known)
