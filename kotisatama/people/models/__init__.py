"""Persons: who they are, how they may be reached and found. A file for each matter; all names stand here."""

from kotisatama.people.models.channel import Channel
from kotisatama.people.models.consent import Consent
from kotisatama.people.models.finding import SearchToken
from kotisatama.people.models.identifier import Identifier
from kotisatama.people.models.person import Gender, GroundOfStay, Person, PersonName
from kotisatama.people.models.restriction import Rectification, Restriction

__all__ = [
    "Channel",
    "Consent",
    "Gender",
    "GroundOfStay",
    "Identifier",
    "Person",
    "PersonName",
    "Rectification",
    "Restriction",
    "SearchToken",
]
