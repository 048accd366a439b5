"""Persons: who they are, how they may be reached and found. A file for each matter; all names stand here."""

from kotisatama.people.models.change import PersonChange
from kotisatama.people.models.channel import Channel
from kotisatama.people.models.consent import Consent
from kotisatama.people.models.family import Household, HouseholdMember, MayKnow, Relation
from kotisatama.people.models.finding import SearchToken
from kotisatama.people.models.identifier import Identifier
from kotisatama.people.models.importing import ImportRow, ImportRun, OldRecord
from kotisatama.people.models.looks import LooksLink, LooksSetting, UnusualLook
from kotisatama.people.models.merging import LikelyPair, Merge
from kotisatama.people.models.opening import Opening
from kotisatama.people.models.person import Gender, GroundOfStay, Person, PersonName
from kotisatama.people.models.protection import ConcealedPart, Protection
from kotisatama.people.models.residence import Residence
from kotisatama.people.models.restriction import Rectification, Restriction
from kotisatama.people.models.sharing import Sharing
from kotisatama.people.models.stay import GroundPeriod, PermitType

__all__ = [
    "Channel",
    "ConcealedPart",
    "Consent",
    "Gender",
    "GroundOfStay",
    "GroundPeriod",
    "Household",
    "HouseholdMember",
    "Identifier",
    "ImportRow",
    "ImportRun",
    "LikelyPair",
    "LooksLink",
    "LooksSetting",
    "MayKnow",
    "Merge",
    "OldRecord",
    "Opening",
    "PermitType",
    "Person",
    "PersonChange",
    "PersonName",
    "Protection",
    "Rectification",
    "Relation",
    "Residence",
    "Restriction",
    "SearchToken",
    "Sharing",
    "UnusualLook",
]
