"""Persons: who they are, how they may be reached and found. A file for each matter; all names stand here."""

from kotisatama.people.models.channel import Channel
from kotisatama.people.models.finding import SearchToken
from kotisatama.people.models.identifier import Identifier
from kotisatama.people.models.opening import Opening
from kotisatama.people.models.person import Gender, GroundOfStay, Person, PersonName
from kotisatama.people.models.sharing import Sharing

__all__ = [
    "Channel",
    "Gender",
    "GroundOfStay",
    "Identifier",
    "Opening",
    "Person",
    "PersonName",
    "SearchToken",
    "Sharing",
]
