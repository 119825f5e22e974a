"""The files of a load: those that were named, and those in the folders and zip archives that were named."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from kg.errors import InputError, InputLocation
from kg.files import PRIVATE, new_file, rename
from kg.operations.workspace import Progress
from kg.records import ReadResult, Record, Reject, Reverse
from kg.resources import installed_version
from kg.sources import SourceDeclaration, choose_connector, connectors
from kg.sources.files.lines import EXPANSION_CHECKED_FROM, MAX_EXPANSION, open_error, uncompressed_name
from kg.sources.rows import SourceRow
from kg.sources.tabular.mapping import WORKBOOK_ENDINGS, file_matches, name_matches

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of a zip archive with and without files."""

_OFFICE_MEMBERS = {"[Content_Types].xml", "mimetype"}
"""What workbooks and documents hold, which are zip archives too."""

_DECLARATIONS = (".toml", ".yml", ".yaml")
"""Endings of the names of declarations, whose text says how files are read."""

_LITTER = ("~$*", ".~lock.*", "._*", "thumbs.db", ".ds_store", "desktop.ini")
"""Patterns of the names of files that programs put beside others, which hold no data."""

_MAX_MEMBERS = 100_000
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLoadRequest:
    """Files to load as one source's complete snapshot, or as a delta."""

    files: tuple[Path, ...]
    """Files, and folders and zip archives of them."""
    connector: str = ""
    """The connector that reads them; chosen by their names when empty."""
    source: str = ""
    """Name of the source; needed unless the files or their connector declare it."""
    namespace: str = ""
    """The source's own name unless given."""
    strict: bool = False
    """Stop at the first row or value that cannot be read, and load nothing."""
    day: str = ""
    """Day of the load, UTC; today when empty."""
    delta: bool = False
    """Whether the files, in their order, add, replace and remove rows; all other rows stay."""
    reverse: Reverse = ""
    """Which amounts of payments mean that the second end paid the first."""
    replace: bool = False
    """Whether the files may withdraw most of what the source said, or all of it under other names."""
    if_changed: bool = False
    """Whether to load nothing if the source's newest load brought the same files, read in the same way."""
    case_reference: str = ""
    """The case that the load is for; empty for none."""
    declaration: SourceDeclaration | None = None
    """The source as a list of files, such as the demo set's, declares it; as the files declare it when None."""


@dataclass(frozen=True, slots=True)
class LoadInputs:
    """The files that a load reads, in their order."""

    files: tuple[Path, ...]
    names: tuple[str, ...]
    """Of each file its name; of one in a folder or archive its path from there on, as in `archive.zip/people.csv`."""
    unread: tuple[str, ...]
    """Names of files in the folders and archives that no connector reads."""
    unpacked: Mapping[str, str]
    """Paths of unpacked files, with the path of the archive and the name in it."""

    copies: Mapping[str, str] = field(default_factory=dict)
    """Names of files that are left out, being equal to another one that is read in the same way, with its name."""

    def without_copies(self, connector: str) -> LoadInputs:
        """The same without files that are equal, byte by byte, to one before them and read in the same way."""
        sizes = Counter(map(_size, self.files))
        kept, copies, first = list[tuple[Path, str]](), dict[str, str](), dict[tuple[object, ...], str]()
        for path, name in zip(self.files, self.names, strict=True):
            if sizes[size := _size(path)] > 1 and size > 0:
                same = first.setdefault(_content_and_reader(path, connector), name)
                if same is not name:
                    copies[name if name != same else str(path)] = same
                    continue
            kept.append((path, name))
        if not copies:
            return self
        files, names = zip(*kept, strict=True)
        return replace(self, files=files, names=names, copies=copies)

    def place_shown(self, place: str) -> str:
        """A file, or a sheet or cell of it, as people know it: in its archive, instead of where it was unpacked."""
        if place in self.unpacked:
            return self.unpacked[place]
        return next((known + place.removeprefix(p) for p, known in self.unpacked.items() if place.startswith(p)), place)

    def with_places_shown(self, readings: Iterator[ReadResult]) -> Iterator[ReadResult]:
        """The same, with rejects and rows in their archive."""
        return self._with_places_shown(readings) if self.unpacked else readings

    def _with_places_shown(self, readings: Iterator[ReadResult]) -> Iterator[ReadResult]:
        last = shown = None  # records of one row have one object for it, and so have those that are shown
        for reading in readings:
            if isinstance(reading, Reject):
                yield replace(reading, file=self.place_shown(reading.file))
            elif isinstance(reading, Record) and isinstance(reading.row, SourceRow):
                if reading.row is not last:
                    last, shown = reading.row, reading.row._replace(file=self.place_shown(reading.row.file))
                yield replace(reading, row=shown)
            else:
                yield reading


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else -1
    except OSError:
        return -1  # its reader says what is wrong with it


def _content_and_reader(path: Path, connector: str) -> tuple[object, ...]:
    """What two files have in common that are read as the same rows."""
    reader = choose_connector(path, connector)
    tables = tuple(n for n, table in enumerate(reader.table) if file_matches(path, table.files))
    try:
        with path.open("rb") as file:
            return reader.name, tables, hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return (path,)


@contextmanager
def open_inputs(paths: Sequence[Path], connector: str, progress: Progress) -> Iterator[LoadInputs]:
    """Unpack archives for the block and list folders, in which files are taken if the connector reads their names.

    Raises InputError for an archive that cannot be unpacked, and where a folder or archive holds nothing to read. One
    that is raised in the block tells the place in an archive as `archive.zip/people.csv`.
    """
    with TemporaryDirectory(prefix="kg-unpacked-") as folder:
        unpacking = _Unpacking(Path(folder), connector, progress)
        for path in paths:
            unpacking.add(path)
        inputs = unpacking.inputs()
        try:
            yield inputs
        except InputError as error:
            if not inputs.unpacked or not error.location.file:
                raise
            place = replace(error.location, file=inputs.place_shown(error.location.file))
            raise InputError(error.problem, place) from None


def input_digest(files: Sequence[Path], connector: str, more: Sequence[str]) -> str:
    """A digest of the contents of files in their order, of what reads them and of more; empty for what is no file.

    Names do not count, beyond the choice of the reader: a file that is fetched anew may have a new date in its name.
    """
    whole = hashlib.sha256(repr((installed_version(), *more)).encode())
    if connector.lower().endswith(_DECLARATIONS):
        files = [*files, Path(connector)]
    for path in files:
        if not path.is_file():
            return ""  # its reader says what is wrong with it
        reader = "" if path.suffix.lower() in _DECLARATIONS else choose_connector(path, connector).name
        try:
            with path.open("rb") as file:
                whole.update(repr((reader, hashlib.file_digest(file, "sha256").hexdigest())).encode())
        except OSError:
            return ""
    return whole.hexdigest()


class _Unpacking:
    def __init__(self, folder: Path, connector: str, progress: Progress) -> None:
        self._folder, self._connector, self._progress = folder, connector, progress
        self._files: list[tuple[Path, str]] = []
        self._unread: list[str] = []
        self._other_names: dict[str, Path] = {}
        self._unpacked: dict[str, str] = {}

    def inputs(self) -> LoadInputs:
        files, names = zip(*self._files, strict=True) if self._files else ((), ())
        return LoadInputs(files, names, tuple(self._unread), self._unpacked)

    def add(self, path: Path) -> None:
        """Take a file, or what a folder or archive holds. Raises InputError where that is nothing."""
        if path.exists() and not path.is_file() and not path.is_dir():
            raise InputError("is a pipe, a socket or a device; expected a file", InputLocation(str(path)))
        if path.is_file() and name_matches(path.name, _LITTER):
            raise InputError(
                "is what a program puts beside other files, no data; leave it out", InputLocation(str(path))
            )
        if not path.is_dir() and not _is_archive(path):
            self._files.append((path, path.name))
            return
        before, left_out = len(self._files), len(self._unread)
        if path.is_dir():
            self._add_folder(path, path.name or path.resolve().name)
        else:
            self._add_archive(path, path.name)
        if len(self._files) == before and self._connector:
            self._take_of_ending()
        if len(self._files) == before:
            held = ", ".join(self._unread[left_out : left_out + 5]) or "none"
            raise InputError(f"holds no file that a connector reads; its files: {held}", InputLocation(str(path)))

    def _take_of_ending(self) -> None:
        """Take files of other names that end like those of the connector that was named, where it reads no other."""
        endings = {PurePosixPath(pattern).suffix for pattern in choose_connector(Path(), self._connector).files}
        for name, path in self._other_names.items():
            if Path(uncompressed_name(path.name)).suffix.lower() in endings:
                self._files.append((path, name))
                self._unread.remove(name)
        self._other_names.clear()

    def _add_folder(self, folder: Path, name: str) -> None:
        try:
            found = sorted(folder.iterdir())
        except OSError as error:
            raise open_error(folder, error) from None
        for path in found:
            inner = f"{name}/{path.name}"
            if name_matches(path.name, _LITTER) and path.is_file():
                self._unread.append(inner)
                continue
            if path.name.startswith("."):
                continue
            if path.is_dir():
                self._add_folder(path, inner)
            elif _is_archive(path):
                self._add_archive(path, inner)
            else:
                self._take_if_read(path, inner)

    def _add_archive(self, archive: Path, name: str) -> None:
        target = self._folder / f"{len(self._files)}-{len(self._unread)}"
        members, hidden = _unpack(archive, target, self._progress)
        self._unread += (f"{name}/{member}" for member in hidden)
        if len(members) == 1 and not self._is_read(members[0][0]) and self._is_read(Path(_name_inside(archive))):
            [(path, member)] = members  # the archive alone bears the name that is known
            named = path.with_name(_name_inside(archive))
            rename(path, named)
            members = [(named, member)]
        for path, member in members:
            if _is_archive(path):
                raise InputError(f"holds the archive {member}; unpack it", InputLocation(str(archive)))
            self._unpacked[str(path)] = f"{archive}/{member}"
            self._take_if_read(path, f"{name}/{member}")

    def _take_if_read(self, path: Path, name: str) -> None:
        if self._is_read(path):
            self._files.append((path, name))
        else:
            self._unread.append(name)
            self._other_names[name] = path

    def _is_read(self, path: Path) -> bool:
        if self._connector:
            chosen = choose_connector(path, self._connector)
            return chosen.matches(path) or not chosen.files
        return any(connector.matches(path) for connector in connectors().values())


def _name_inside(archive: Path) -> str:
    return archive.stem if archive.suffix.lower() == ".zip" else archive.name


def _is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, and neither a workbook nor a document."""
    try:
        if not path.is_file() or path.suffix.lower() in WORKBOOK_ENDINGS:
            return False
        with path.open("rb") as file:
            if not file.read(4).startswith(_ZIP_STARTS):
                return False
        with zipfile.ZipFile(path) as archive:
            return _OFFICE_MEMBERS.isdisjoint(archive.namelist())
    except zipfile.BadZipFile:
        return path.suffix.lower() == ".zip"
    except OSError:
        return False  # its reader says what is wrong with it


def _unpack(path: Path, folder: Path, progress: Progress) -> tuple[list[tuple[Path, str]], list[str]]:
    """Write the files of an archive below a folder; their paths there and names in it, by name, and those left out."""
    size = path.stat().st_size
    left = max(EXPANSION_CHECKED_FROM, size * MAX_EXPANSION)
    written: list[tuple[Path, str]] = []
    try:
        with zipfile.ZipFile(path) as archive:
            files = [member for member in archive.infolist() if not member.is_dir()]
            members = [member for member in files if _is_data(member)]
            hidden = sorted({member.filename for member in files} - {member.filename for member in members})
            if len(members) > _MAX_MEMBERS:
                raise InputError(f"holds more than {_MAX_MEMBERS:,} files; unpack it", InputLocation(str(path)))
            for number, member in enumerate(sorted(members, key=lambda member: member.filename)):
                target = folder / str(number) / PurePosixPath(member.filename).name
                target.parent.mkdir(parents=True)
                with archive.open(member) as packed, new_file(target, PRIVATE) as out:
                    while chunk := packed.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            problem = (
                                f"expands to more than {MAX_EXPANSION} times its size; unpack it, if that is right"
                            )
                            raise InputError(problem, InputLocation(str(path)))
                        out.write(chunk)
                written.append((target, member.filename))
                progress("unpacking", number + 1, len(members))
    except RuntimeError:  # zipfile's for a member that is encrypted
        raise InputError("is encrypted; unpack it with its password", InputLocation(str(path))) from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be unpacked: {error}", InputLocation(str(path))) from None
    return written, hidden


def _is_data(member: zipfile.ZipInfo) -> bool:
    """Whether a member is no file that a file manager hides, or one that lies outside the archive."""
    parts = PurePosixPath(member.filename).parts
    is_hidden = any(part == "__MACOSX" or part.startswith(".") for part in parts)
    return not is_hidden and not name_matches(parts[-1], _LITTER)
