"""What a stranger sends as a PDF, after it was written anew."""

import io
import json
import os
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from kotisatama.documents import actions, pdf, pdf_reader
from kotisatama.documents.models import Content
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed

TEXT = b"BT /F1 24 Tf 72 700 Td (Oleskelulupa) Tj ET q 100 0 0 50 72 500 cm /Im1 Do Q"


def photograph(*, place: bool = True) -> bytes:
    """A small JPEG as a telephone takes it: turned, with the place in its head."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telephone of Fatima"
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (62.0, 36.0, 3.0), 3: "E", 4: (29.0, 45.0, 50.0)})
    written = io.BytesIO()
    Image.linear_gradient("L").resize((40, 20)).convert("RGB").save(written, "JPEG", exif=exif, comment=b"my home")
    return written.getvalue()


def a_pdf(**root: Any) -> Pdf:
    """A page with a line of text and a photograph."""
    made = pikepdf.new()
    page = made.add_blank_page()
    image = Stream(made, photograph())
    for key, value in {"Type": "/XObject", "Subtype": "/Image", "ColorSpace": "/DeviceRGB"}.items():
        image[f"/{key}"] = Name(value)
    image.Width, image.Height, image.BitsPerComponent, image.Filter = 40, 20, 8, Name.DCTDecode
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im1=made.make_indirect(image)))
    page.Contents = Stream(made, TEXT)
    for key, value in root.items():
        made.Root[f"/{key}"] = value
    return made


def written(made: Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def cleaned(made: Pdf) -> Pdf:
    answer, data = pdf_reader.clean(written(made))
    assert answer == "cleaned"
    return pikepdf.open(io.BytesIO(data))


def everything(made: Pdf) -> str:
    """All names, texts and unpacked streams of the file."""
    out = io.BytesIO()
    made.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue().decode("latin-1")


def script(text: str = "app.alert('swordfish')") -> Dictionary:
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String(text))


def attached(made: Pdf) -> Dictionary:
    file = made.make_indirect(Stream(made, b"swordfish"))
    return Dictionary(Type=Name.Filespec, F=String("swordfish.exe"), UF=String("swordfish.exe"), EF=Dictionary(F=file))


def annotated(**annotation: Any) -> Pdf:
    made = a_pdf()
    box = Array([10, 10, 90, 30])
    thing = Dictionary(Type=Name.Annot, Rect=box, **annotation)
    made.pages[0].Annots = Array([made.make_indirect(thing)])
    return made


def opening_script(made: Pdf) -> None:
    made.Root.OpenAction = script()


def script_by_name(made: Pdf) -> None:
    tree = Dictionary(Names=Array([String("swordfish"), made.make_indirect(script())]))
    made.Root.Names = Dictionary(JavaScript=tree, Renditions=Dictionary(Names=Array([String("swordfish"), script()])))


def attachment(made: Pdf) -> None:
    tree = Dictionary(Names=Array([String("swordfish.exe"), attached(made)]))
    made.Root.Names = Dictionary(EmbeddedFiles=tree)
    made.Root.AF = Array([attached(made)])
    made.Root.PageMode = Name.UseAttachments
    made.Root.Collection = Dictionary(D=String("swordfish.exe"))


def page_actions(made: Pdf) -> None:
    made.pages[0].AA = Dictionary(O=script(), C=Dictionary(S=Name.Launch, F=String("swordfish.exe")))
    made.pages[0].AF = Array([attached(made)])
    made.pages[0].PieceInfo = Dictionary(Swordfish=Dictionary(Private=String("swordfish")))


def document_actions(made: Pdf) -> None:
    made.Root.AA = Dictionary(WC=script())
    made.Root.URI = Dictionary(Base=String("https://swordfish.example"))


def metadata(made: Pdf) -> None:
    made.docinfo["/Author"] = "swordfish"
    made.docinfo["/Title"] = "swordfish"
    with made.open_metadata() as xmp:
        xmp["dc:creator"] = ["swordfish"]
    made.pages[0].Metadata = Stream(made, b"<x>swordfish</x>")


def form_that_sends(made: Pdf) -> None:
    where = Dictionary(FS=Name.URL, F=String("https://swordfish.example"))
    button = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Btn,
        T=String("send"),
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.SubmitForm, F=where, Next=script()),
        AA=Dictionary(D=script()),
    )
    field = made.make_indirect(button)
    made.pages[0].Annots = Array([field])
    made.Root.AcroForm = Dictionary(
        Fields=Array([field]), CO=Array([field]), XFA=Stream(made, b"<script>swordfish</script>")
    )


def outline_that_launches(made: Pdf) -> None:
    item = made.make_indirect(Dictionary(Title=String("Page 1"), A=Dictionary(S=Name.Launch, F=String("swordfish"))))
    made.Root.Outlines = Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1)
    item.Parent = made.Root.Outlines


def unknown_action(made: Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.NewKindOfAction, Swordfish=String("swordfish"))
    made.pages[0].Annots = Array([link])


def what_follows_a_jump(made: Pdf) -> None:
    jump = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]), Next=Array([script()]))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=made.make_indirect(jump))
    made.pages[0].Annots = Array([link])


def attached_to_the_page_and_named_by_a_tag(made: Pdf) -> None:
    pin = made.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=attached(made))
    )
    made.pages[0].Annots = Array([pin])
    kid = Dictionary(Type=Name.OBJR, Obj=pin)
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.Annot, K=kid))


def film(made: Pdf) -> None:
    show = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    show.RichMediaContent = Dictionary(Assets=Dictionary(Names=Array([String("swordfish"), attached(made)])))
    made.pages[0].Annots = Array([made.make_indirect(show)])


def picture_from_outside(made: Pdf) -> None:
    image = made.pages[0].Resources.XObject.Im1
    image.F = Dictionary(FS=Name.URL, F=String("https://swordfish.example/x.jpg"))
    image.Metadata = Stream(made, b"swordfish")


def catalogue_key_that_nobody_knows(made: Pdf) -> None:
    made.Root.Swordfish = Dictionary(Inside=script())


HARMS = [
    opening_script, script_by_name, attachment, page_actions, document_actions, metadata, form_that_sends,
    outline_that_launches, unknown_action, what_follows_a_jump, attached_to_the_page_and_named_by_a_tag, film,
    picture_from_outside, catalogue_key_that_nobody_knows,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_what_could_run_lead_away_or_tell_too_much_is_gone(harm: Any) -> None:
    made = a_pdf()
    harm(made)
    result = cleaned(made)
    before, after = everything(made), everything(result)
    assert "swordfish" in before
    assert "swordfish" not in after
    assert "/JavaScript" not in after
    assert result.pages[0].Contents.read_bytes() == TEXT


def test_the_page_stays_as_it_was() -> None:
    made = a_pdf()
    metadata(made)
    result = cleaned(made)
    (page,) = result.pages
    assert page.Contents.read_bytes() == TEXT
    assert page.mediabox == made.pages[0].mediabox
    before = Image.open(io.BytesIO(made.pages[0].Resources.XObject.Im1.read_raw_bytes()))
    after = Image.open(io.BytesIO(page.Resources.XObject.Im1.read_raw_bytes()))
    assert after.tobytes() == before.tobytes()
    assert page.Resources.XObject.Im1.Filter == Name.DCTDecode


def test_a_photograph_within_a_pdf_does_not_tell_where_it_was_taken() -> None:
    result = cleaned(a_pdf())
    data = result.pages[0].Resources.XObject.Im1.read_raw_bytes()
    assert not Image.open(io.BytesIO(data)).getexif()
    assert b"Fatima" not in data
    assert b"my home" not in data


def test_filled_in_forms_outlines_tags_and_jumps_within_the_file_stay() -> None:
    made = a_pdf()
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Fatima"), Rect=Array([0] * 4)
        )
    )
    jump = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=jump)
    made.pages[0].Annots = Array([field, link])
    made.Root.AcroForm = Dictionary(Fields=Array([field]))
    first = made.make_indirect(Dictionary(Title=String("Page 1"), A=jump))
    second = made.make_indirect(Dictionary(Title=String("Page 2"), Prev=first))
    first.Next = second
    made.Root.Outlines = made.make_indirect(Dictionary(Type=Name.Outlines, First=first, Last=second, Count=2))
    made.Root.Lang = String("fi")
    attribute = Dictionary(O=Name.Layout, Placement=Name.Block)
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.Sound, A=attribute, K=0))
    result = cleaned(made)
    assert str(result.Root.AcroForm.Fields[0].V) == "Fatima"
    assert Name.GoTo == result.pages[0].Annots[1].A.S
    assert str(result.Root.Outlines.First.Next.Title) == "Page 2"
    assert result.Root.StructTreeRoot.K.A.Placement == Name.Block
    assert str(result.Root.Lang) == "fi"


def test_what_an_earlier_saving_had_crossed_out_is_gone() -> None:
    data = written(a_pdf())
    hidden = data + b"\n%swordfish\n" + data[data.rindex(b"startxref") :]
    answer, result = pdf_reader.clean(hidden)
    assert answer == "cleaned"
    assert b"swordfish" not in result


@pytest.mark.parametrize("password", ["secret", ""])
def test_a_locked_pdf_is_refused_in_a_plain_sentence(password: str) -> None:
    data = written(a_pdf(), encryption=pikepdf.Encryption(owner="owner", user=password))
    with pytest.raises(NotAllowed, match="locked with a password"):
        pdf.clean(data)


@pytest.mark.parametrize("damage", ["cut", "no_pages", "words", "mark"])
def test_a_damaged_pdf_is_refused_in_a_plain_sentence(damage: str) -> None:
    data = written(a_pdf())
    broken = {
        "cut": data[: len(data) // 2],
        "no_pages": written(pikepdf.new()),
        "words": b"%PDF-1.7\nHello",
        "mark": b"%PDF-",
    }[damage]
    with pytest.raises(NotAllowed, match="damaged"):
        pdf.clean(broken)


def test_a_pdf_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 30_000_000)
    with pytest.raises(NotAllowed, match="too complicated"):
        pdf.clean(written(a_pdf()) + bytes(60_000_000))


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WALL_SECONDS", 0.01)
    with pytest.raises(NotAllowed, match="too complicated"):
        pdf.clean(written(a_pdf()))


def test_the_child_is_told_neither_keys_nor_the_database() -> None:
    os.environ["KOTISATAMA_SECRET_KEY"] = "swordfish"
    try:
        told = json.loads(pdf._child(b"", "-c", "import json, os; print(json.dumps(dict(os.environ)))").stdout)
    finally:
        del os.environ["KOTISATAMA_SECRET_KEY"]
    assert told.keys() - {"LC_CTYPE"} == {"PYTHONPATH", "LANG"}  # Python may set the first one by itself


def test_nesting_without_end_is_no_way_to_fell_the_child() -> None:
    deep = b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n"
    assert pdf_reader.clean(deep)[0] == "damaged"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6))
def test_a_file_broken_anywhere_is_cleaned_or_refused(changes: list[tuple[float, bytes]]) -> None:
    made = a_pdf()
    form_that_sends(made)
    data = bytearray(written(made))
    for place, what in changes:
        start = int(place * (len(data) - 10))
        data[start : start + len(what)] = what
    answer, result = pdf_reader.clean(bytes(data))
    assert answer in {"cleaned", "damaged", "locked"}
    assert b"JavaScript" not in result


@pytest.mark.django_db
def test_a_pdf_is_kept_cleaned_whatever_it_is_called() -> None:
    made = a_pdf()
    opening_script(made)
    with row_security.context(holder="1" * 64):
        document = actions.keep_upload(SimpleUploadedFile("kirje.exe", written(made)), holder="1" * 64)
        data = bytes(Content.objects.get(pk=document.pk).data)
    assert (document.name, document.media_type, document.size) == ("kirje.pdf", "application/pdf", len(data))
    assert data.startswith(b"%PDF-")
    assert b"JavaScript" not in data
