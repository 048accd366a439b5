"""A filled-in form as XML, read without trust: no doctype, no entities, bounded in bytes, depth and elements."""

from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from kotisatama.api.errors import Refused

MOST_BYTES = 1_000_000
MOST_DEPTH = 30
MOST_ELEMENTS = 60_000
LONGEST_ID = 200
TEMPLATE = "http://openrosa.org/javarosa template"  # the row of a repeat that is only a pattern


@dataclass
class Element:
    """An element by its name without the namespace; attributes are named `namespace name` where they have one."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()

    def child(self, name: str) -> "Element | None":
        return next((each for each in self.children if each.name == name), None)


@dataclass(frozen=True)
class Instance:
    """What a device sent: of which form and version, under which id of its own."""

    form: str
    version: str
    instance_id: str
    root: Element


class _Reader:
    """Handlers of expat that make the tree."""

    def __init__(self) -> None:
        self.above = Element("", {})
        self.open = [self.above]
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > MOST_DEPTH or self.count > MOST_ELEMENTS:
            raise Refused(413, _("The form is too deep or has too many answers. Nothing was received."))
        element = Element(name.rpartition(" ")[2], attributes)
        self.open[-1].children.append(element)
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def refuse(self, *_arguments: object) -> None:
        raise Refused(400, _("The form has a document type or entities, which are not accepted. Nothing was received."))


def read(content: bytes) -> Instance:
    """The instance, or Refused with what is wrong."""
    if len(content) > MOST_BYTES:
        raise Refused(413, _("The answers are larger than 1 MB. Nothing was received."))
    root = _tree(content)
    meta = root.child("meta")
    written = meta.child("instanceID") if meta else None
    instance_id = written.text if written else ""
    if not instance_id or len(instance_id) > LONGEST_ID:
        raise Refused(400, _("The form does not say its instanceID. Nothing was received."))
    return Instance(root.attributes.get("id", ""), root.attributes.get("version", ""), instance_id, root)


def _tree(content: bytes) -> Element:
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as reason:
        raise Refused(400, _("The form is not well-formed XML (%s). Nothing was received.") % reason) from reason
    return reader.above.children[0]
