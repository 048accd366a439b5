"""The child process of `pdf`: a PDF on standard input; a word, a line end and the cleaned PDF on standard output.

What a page shows is kept: contents, fonts, pictures, layers, forms as they were filled in, tags for screen readers.
What is not known to belong to that goes from the catalogue; the rest of the file is searched for what is known to harm.
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from kotisatama.documents import jpeg

# The catalogue: nothing else of it stays.
CATALOGUE = frozenset(
    {
        "/Type",
        "/Version",
        "/Extensions",
        "/Pages",
        "/PageLabels",
        "/Dests",
        "/Names",
        "/Outlines",
        "/ViewerPreferences",
        "/PageLayout",
        "/PageMode",
        "/AcroForm",
        "/OCProperties",
        "/StructTreeRoot",
        "/MarkInfo",
        "/Lang",
        "/OutputIntents",
    }
)
FORM = frozenset(["/Fields", "/DR", "/DA", "/Q", "/NeedAppearances"])
# Wherever they stand: AA, JS, OnInstantiate run; AF, EF, FS are files; the rest plays, or is metadata.
NOWHERE = frozenset(
    {
        "/AA",
        "/JS",
        "/JavaScript",
        "/OnInstantiate",
        "/AF",
        "/EF",
        "/FS",
        "/Metadata",
        "/PieceInfo",
        "/LastModified",
        "/XFA",
        "/OPI",
        "/PresSteps",
        "/3DD",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/Movie",
        "/Sound",
    }
)
# Of streams: their bytes would come from a file outside, or be a program for a printer.
NOT_IN_STREAMS = frozenset(["/F", "/FFilter", "/FDecodeParms", "/Ref", "/PS"])
# Annotations that play, hold files or open programs.
ANNOTATIONS = frozenset(["/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D", "/RichMedia"])
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/ResetForm",
        "/GoToR",
        "/GoToE",
        "/GoToDp",
        "/URI",
        "/Thread",
        "/Sound",
        "/Movie",
        "/Hide",
        "/Named",
        "/SetOCGState",
        "/Rendition",
        "/Trans",
        "/GoTo3DView",
        "/RichMediaExecute",
    }
)

UP_AND_DOWN = frozenset(("/K", "/P", "/Parent"))  # of tags for screen readers, which have an S of their own


def clean(data: bytes) -> tuple[str, bytes]:
    """`cleaned` and the new file, or why there is none: `locked` or `damaged`."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return "locked", b""
            if not len(pdf.pages):
                return "damaged", b""
            _clean(pdf)
            written = io.BytesIO()
            pdf.save(written, deterministic_id=True, preserve_pdfa=False)
    except pikepdf.PasswordError:
        return "locked", b""
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, RuntimeError):
        return "damaged", b""
    return "cleaned", written.getvalue()


def _clean(pdf: pikepdf.Pdf) -> None:
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    _clean_catalogue(pdf.Root)
    for thing in _things(pdf):
        _clean_thing(thing)
        if isinstance(thing, Stream):
            _clean_stream(thing)


def _clean_catalogue(root: Object) -> None:
    _keep(root, CATALOGUE)
    if root.get(Name.PageMode) == Name.UseAttachments:
        del root[Name.PageMode]
    names, form = root.get(Name.Names), root.get(Name.AcroForm)
    if isinstance(names, Dictionary):
        _keep(names, frozenset(("/Dests",)))
    if isinstance(form, Dictionary):
        _keep(form, FORM)


def _keep(thing: Object, keys: frozenset[str]) -> None:
    for key in [key for key in thing.keys() if key not in keys]:  # noqa: SIM118 - no dict
        del thing[key]


def _things(pdf: pikepdf.Pdf) -> Iterator[Object]:
    """Every dictionary and stream of the file once; an indirect one is reached as what it is, not by who names it."""
    waiting: list[Any] = [each for each in pdf.objects if isinstance(each, Dictionary | Stream | Array)]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Dictionary | Stream):
            yield thing
        waiting.extend(each for each in _children(thing) if not each.is_indirect)


def _children(thing: Object) -> list[Object]:
    values = list(thing) if isinstance(thing, Array) else [thing.get(key) for key in thing.keys()]  # noqa: SIM118
    return [each for each in values if isinstance(each, Dictionary | Stream | Array)]


def _clean_thing(thing: Object) -> None:
    for key in [key for key in thing.keys() if key in NOWHERE or _leads_away(thing, key)]:  # noqa: SIM118
        del thing[key]
    annotations = thing.get(Name.Annots)
    if isinstance(annotations, Array):
        thing[Name.Annots] = Array([each for each in annotations if _may_stay(each)])


def _leads_away(thing: Object, key: str) -> bool:
    """Whether the key holds an action other than a jump within the file, or what follows after one."""
    value = thing.get(key)
    if key == "/Next":  # of an action; the next of an outline is another line of it
        return isinstance(thing.get(Name.S), Name) and Name.Title not in thing
    if not isinstance(value, Dictionary) or key in UP_AND_DOWN:
        return False
    what = value.get(Name.S)
    is_own_action = key == "/A" and (Name.Subtype in thing or Name.Title in thing)
    return (is_own_action and what != Name.GoTo) or (isinstance(what, Name) and str(what) in ACTIONS)


def _may_stay(annotation: Object) -> bool:
    return isinstance(annotation, Dictionary) and str(annotation.get(Name.Subtype, "")) not in ANNOTATIONS


def _clean_stream(stream: Object) -> None:
    for key in [key for key in stream.keys() if key in NOT_IN_STREAMS]:  # noqa: SIM118
        del stream[key]
    coding = stream.get(Name.Filter)
    if isinstance(coding, Array) and len(coding) == 1:
        coding = coding[0]
    if coding == Name.DCTDecode:  # A photograph as the telephone took it: place and device stand in its own head.
        raw = stream.read_raw_bytes()
        bare = jpeg.without_metadata(raw)
        if bare != raw:
            parameters = stream.get(Name.DecodeParms)
            if isinstance(parameters, Array):
                parameters = parameters[0] if len(parameters) else None
            kept = parameters if isinstance(parameters, Dictionary) else None
            stream.write(bare, filter=Name.DCTDecode, decode_parms=kept)


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer, written = clean(sys.stdin.buffer.read())
    except MemoryError:
        answer, written = "large", b""
    sys.stdout.buffer.write(answer.encode() + b"\n" + written)


if __name__ == "__main__":
    main()
