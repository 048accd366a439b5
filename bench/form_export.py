"""10,000 submissions of the contact form, with families, exported in each shape: seconds and memory of the process.

    python bench/form_export.py [NUMBER]

Each shape runs in a process of its own, as the restricted role. Exit code 1 when a shape takes over 30 s or 200 MB.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from kotisatama.kernel import testing

NUMBER = 10_000
MOST_SECONDS, MOST_MEGABYTES = 30.0, 200
FORM = testing.ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"

FILL = """
import sys
from kotisatama.forms import actions, queries
from kotisatama.forms.models import Submission
from kotisatama.kernel import identifiers, row_security
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker
actions.import_form(sys.argv[1], publish=True)
version = queries.published_version("yhteydenotto")
house = Organisation.objects.get(slug="international-house-joensuu")
Worker.objects.create(email="bench@example.org", name="Bench", password="!", organisation=house, roles=["team_lead"])
answers = {"topics": ["letters", "housing"], "message": "En ymmärrä tätä kirjettä. " * 20, "urgent": "yes",
  "municipality": "426", "service_language": "ar", "interpreter": "yes", "date_of_birth": "1990-02-11",
  "with_family": "yes", "reply_by": "sms", "phone": "+358 40 000 0000", "phone_safe": "yes", "consent": "OK",
  "family": [{"member_name": "Yusuf", "birth_year": 2015, "relation": "child"}] * 3}
number = int(sys.argv[2])
for first in range(0, number, 1000):
    with row_security.context(controllers=["426"]):
        Submission.objects.bulk_create(Submission(controller_id="426", holder="bench", key=identifiers.new_id(),
          reference=f"B{first + place:08}", version=version, language="ar", answers=answers)
          for place in range(min(1000, number - first)))
"""

# The memory before counts too: it is what the process has read of Django and of the application.
MEASURE = """
import json, resource, sys, time
from kotisatama.forms import exporting, queries
from kotisatama.forms.exporting_tables import Wording
from kotisatama.kernel import row_security
from kotisatama.staff.models import Worker
worker = Worker.objects.select_related("organisation").get(email="bench@example.org")
form = queries.forms().get(code="yhteydenotto")
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before, began = peak(), time.perf_counter()
with row_security.context(controllers=worker.controller_codes):
    wanted = exporting.Wanted(file_type=sys.argv[1], wording=Wording(sys.argv[2]))
    made = exporting.export(form, wanted, reader="fi", by=worker)
    took = time.perf_counter() - began
size = made.file.seek(0, 2)
print(json.dumps({"count": made.count, "seconds": round(took, 2), "megabytes": peak(), "megabytes_before": before,
  "file_megabytes": round(size / 1e6, 1)}))
"""


def run(environment: dict[str, str], text: str, *words: str) -> str:
    """Run Python with the application set up; returns what it printed."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{text}", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def main(words: Sequence[str] = ()) -> int:
    """Print the figures as JSON; 1 when a bar is missed."""
    number, name = int(words[0]) if words else NUMBER, f"live_form_export_{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder, testing.server() as server:
        try:
            environment = server.environment(server.create(name)) | {"KOTISATAMA_VAR": folder}
            django = [sys.executable, "-m", "django", "demo-region"]
            subprocess.run(django, env=environment, check=True, capture_output=True, cwd=pathlib.Path(testing.ROOT))
            run(environment, FILL, str(FORM), str(number))
            figures = {
                f"{shape} {wording}": json.loads(run(environment, MEASURE, shape, wording))
                for shape, wording in (("csv", "both"), ("xlsx", "both"), ("json", "codes"))
            }
        finally:
            server.drop(name)
    missed = [
        name
        for name, each in figures.items()
        if each["count"] < number or each["seconds"] > MOST_SECONDS or each["megabytes"] > MOST_MEGABYTES
    ]
    sys.stdout.write(json.dumps({"form_export": figures | {"missed": missed}}, indent=2) + "\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
