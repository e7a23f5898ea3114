"""Changes that are made together: which of many drafts compose."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from troubleshoot.code.project import Project
from troubleshoot.patching.drafts import Draft, Edits
from troubleshoot.patching.edits import Edit
from troubleshoot.patching.imports import Wanted


@dataclass(slots=True)
class _Edited:
    """The edits of one file, none of which meets another, arranged so that what is near a place is found at once."""

    edits: list[Edit] = field(default_factory=list)
    made: set[tuple[int, int, str]] = field(default_factory=set)
    replaced: list[tuple[int, int]] = field(default_factory=list)
    inserted: list[int] = field(default_factory=list)

    def copy(self) -> _Edited:
        """Return the same edits, to which others can be added."""
        return _Edited([*self.edits], {*self.made}, [*self.replaced], [*self.inserted])

    def has(self, edit: Edit) -> bool:
        """Return whether the same is done already."""
        return (edit.start, edit.end, edit.text) in self.made

    def meets(self, edit: Edit) -> bool:
        """Return whether an edit changes what another changes, or inserts where another does, in no known order."""
        start, end = edit.start, edit.end
        place = bisect_left(self.inserted, start)
        if start == end:
            if place < len(self.inserted) and self.inserted[place] == start:
                return True
        elif any(start < position < end for position in self.inserted[place : place + 2]):
            return True
        after = bisect_left(self.replaced, (end, end))
        return after > 0 and self.replaced[after - 1][1] > start

    def add(self, edit: Edit) -> None:
        """Add an edit that meets no other."""
        self.edits.append(Edit(edit.start, edit.end, len(self.edits), edit.text))
        self.made.add((edit.start, edit.end, edit.text))
        if edit.start == edit.end:
            insort(self.inserted, edit.start)
        else:
            insort(self.replaced, (edit.start, edit.end))


@dataclass(eq=False)
class Composition:
    """The edits of several drafts of one project, as one.

    What two of them replace in the same way is replaced once, and a change that is there as a whole is made once.
    """

    project: Project
    _edited: dict[str, _Edited] = field(default_factory=dict)
    _imports: dict[str, list[Wanted]] = field(default_factory=dict)

    def draft(self) -> Draft:
        """Return all edits as one draft."""
        edits = {path: edited.edits for path, edited in self._edited.items()}
        return Draft.of(self.project, Edits(edits, self._imports))

    def take_in(self, drafts: Sequence[Draft]) -> list[bool]:
        """Add each draft that goes together with those before it; return of each whether it does."""
        return self._take_in([draft.edits() for draft in drafts])

    def _take_in(self, several: Sequence[Edits]) -> list[bool]:
        """Add all at once, and only what is not Python then by halves."""
        grown = Composition(
            self.project,
            {path: edited.copy() for path, edited in self._edited.items()},
            {path: [*wanted] for path, wanted in self._imports.items()},
        )
        taken = [grown._takes(edits) for edits in several]
        paths = {path for edits, is_in in zip(several, taken, strict=True) if is_in for path in edits.paths()}
        if grown.draft().composes(sorted(paths)):
            self._edited, self._imports = grown._edited, grown._imports
            return taken
        if len(several) == 1:
            return [False]
        middle = len(several) // 2
        return [*self._take_in(several[:middle]), *self._take_in(several[middle:])]

    def _takes(self, edits: Edits) -> bool:
        """Add what one draft does, if that meets nothing that others do; return whether it is done."""
        if self._does(edits):
            return True
        more = [
            (path, edit)
            for path, several in edits.edits.items()
            for edit in several
            if edit.start == edit.end or path not in self._edited or not self._edited[path].has(edit)
        ]
        if any(path in self._edited and self._edited[path].meets(edit) for path, edit in more):
            return False
        for path, edit in more:
            self._edited.setdefault(path, _Edited()).add(edit)
        for path, several in edits.imports.items():
            known = self._imports.setdefault(path, [])
            known += [item for item in several if item not in known]
        return True

    def _does(self, edits: Edits) -> bool:
        """Return whether all of a change is made already."""
        return all(
            path in self._edited and all(map(self._edited[path].has, several))
            for path, several in edits.edits.items()
            if several
        ) and all(item in self._imports.get(path, ()) for path, several in edits.imports.items() for item in several)
