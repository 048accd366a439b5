"""Persons: who they are, how they may be reached and found. A file for each matter; all names stand here."""

from kotisatama.people.models.channel import Channel
from kotisatama.people.models.finding import SearchToken
from kotisatama.people.models.identifier import Identifier
from kotisatama.people.models.person import Gender, GroundOfStay, Person, PersonName
from kotisatama.people.models.protection import ConcealedPart, Protection

__all__ = [
    "Channel",
    "ConcealedPart",
    "Gender",
    "GroundOfStay",
    "Identifier",
    "Person",
    "PersonName",
    "Protection",
    "SearchToken",
]
