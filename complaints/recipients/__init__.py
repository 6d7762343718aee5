"""Recipients as data: one YAML file per authority under the folder of its country.

``all_recipients("cn")`` reads and checks a whole country; a mistake anywhere stops the loading and every mistake
is named, so that a pack is mended in one go.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from complaints.recipients.reading import read
from complaints.recipients.schema import Recipient
from evidence.errors import NotFound, PackInvalid
from evidence.i18n import gettext as _

__all__ = ["Recipient", "all_recipients", "get", "load_folder"]

_ROOT = Path(__file__).parent


@cache
def all_recipients(country: str) -> dict[str, Recipient]:
    """Every recipient of a country by id, in the order of their ids.

    :raises PackInvalid: naming every mistake of every file, or saying that the country has no recipients
    """
    return load_folder(_ROOT / country, country)


def get(country: str, recipient_id: str) -> Recipient:
    """One recipient.

    :raises NotFound: naming the ids that exist
    """
    known = all_recipients(country)
    if recipient_id not in known:
        raise NotFound(
            _("There is no recipient “{id}”. There are: {known}").format(id=recipient_id, known=", ".join(known))
        )
    return known[recipient_id]


def load_folder(folder: Path, country: str) -> dict[str, Recipient]:
    """Read and check the recipient files of one folder (see :func:`all_recipients`)."""
    import yaml

    problems: list[str] = []
    found: dict[str, Recipient] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            value = yaml.safe_load(path.read_text("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        recipient = read(value, path.name, country, problems)
        if recipient.id != path.stem:
            problems.append(_("{file}: the id must be the name of the file").format(file=path.name))
        found[recipient.id] = recipient
    for recipient in found.values():
        for other in (*recipient.escalates_to, *(i for t in recipient.turned_away for i in t.instead_ids)):
            if other not in found:
                problems.append(_("{id}: there is no recipient “{other}”").format(id=recipient.id, other=other))
    if not found and not problems:
        problems.append(_("there are no recipients for “{country}”").format(country=country))
    if problems:
        raise PackInvalid(_("Recipients of {country}:").format(country=country) + "\n" + "\n".join(problems))
    return found
