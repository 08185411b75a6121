"""The table itself. What stands in no row, nobody may do.

Whoever needs a new right adds a row here and names it at the route; the matrix of tests grows by itself.
"""

from huiyin.kernel.actors import Role
from huiyin.policy.terms import Action, Resource, Right, Row, Scope

WHOLE = frozenset({""})
EVERYBODY = frozenset(Role)
LEADS = frozenset({Role.TEAM_LEAD, Role.VENDOR_MANAGER, Role.MERCHANT_OWNER})
DESK = frozenset({Role.AGENT, Role.TEAM_LEAD})
REVIEWERS = frozenset({Role.INSPECTOR, Role.TRAINER})
READERS = LEADS | DESK | REVIEWERS | {Role.MERCHANT_VIEWER}
KEEPERS = LEADS | {Role.ADMINISTRATOR}
"""Who keeps a shop's service running: sees what is stuck, says who sits behind its accounts, who works when."""
APPOINTING = frozenset({Role.ADMINISTRATOR, Role.MERCHANT_OWNER})

ALONE = (Role.AUDITOR, Role.SECURITY_OFFICER)
"""三权分立 (GB/T 22239-2019 8.1.4): who audits and who keeps the keys hold no other role, so that no single account
can change data and its audit, or open data and grant itself the right to."""
GUARDIANS = frozenset(ALONE)
"""Whose accounts nobody opens alone. Only they approve: an administrator or owner makes other administrators and owners
single-handed, who would be nobody's second person; a guardian comes to be by two."""

CONTACT = frozenset({"phone", "name", "address", "email", "wechat", "qq", "plate", "code"})
IDENTITY = frozenset({"id_number", "bank_card"})
PERSONAL = CONTACT | IDENTITY
"""The kinds of personal data that can be revealed, as the detector names them."""

AGENTS = "agents"
"""Figures and names of single agents; without it one sees one's own row."""


def _row(  # a row of the table
    resource: Resource,
    action: Action,
    roles: frozenset[Role],
    scope: Scope,
    fields: frozenset[str] = WHOLE,
    *,
    strong: bool = False,
) -> Row:
    return Row(Right(resource, action), fields, roles, scope, strong)


TABLE: tuple[Row, ...] = (
    _row(Resource.SESSION, Action.READ, EVERYBODY, Scope.SELF),
    _row(Resource.SESSION, Action.WRITE, EVERYBODY, Scope.SELF),
    _row(Resource.API_TOKEN, Action.READ, EVERYBODY, Scope.SELF),
    _row(Resource.API_TOKEN, Action.WRITE, EVERYBODY, Scope.SELF, strong=True),
    _row(Resource.OWN_SCOPES, Action.READ, EVERYBODY, Scope.SELF),
    _row(Resource.SEAT, Action.WRITE, DESK, Scope.SELF),
    _row(Resource.CONVERSATION, Action.READ, READERS, Scope.SHOP),
    _row(Resource.CONVERSATION, Action.SEARCH, READERS, Scope.SHOP),
    _row(Resource.CONVERSATION, Action.ANSWER, DESK, Scope.SHOP),
    _row(Resource.CONVERSATION, Action.STEER, LEADS, Scope.SHOP),
    _row(Resource.FACTS, Action.READ, DESK | LEADS | {Role.INSPECTOR}, Scope.SHOP),
    _row(Resource.PERSONAL_DATA, Action.REVEAL, DESK | {Role.MERCHANT_OWNER}, Scope.SHOP, CONTACT, strong=True),
    _row(
        Resource.PERSONAL_DATA, Action.REVEAL, frozenset({Role.TEAM_LEAD, Role.MERCHANT_OWNER}), Scope.SHOP, IDENTITY,
        strong=True,
    ),
    _row(Resource.WALL, Action.READ, READERS, Scope.SHOP),
    _row(Resource.WALL, Action.READ, LEADS | REVIEWERS, Scope.SHOP, frozenset({AGENTS})),
    _row(Resource.WALL, Action.EXPORT, LEADS, Scope.SHOP, strong=True),
    _row(Resource.EXPORT, Action.READ, LEADS | {Role.MERCHANT_VIEWER}, Scope.SHOP),
    _row(Resource.EXPORT, Action.WRITE, LEADS, Scope.SHOP, strong=True),
    _row(Resource.STUCK_EVENT, Action.READ, KEEPERS, Scope.SHOP),
    _row(Resource.STUCK_EVENT, Action.RETRY, KEEPERS, Scope.SHOP),
    _row(Resource.PLATFORM_ACCOUNT, Action.READ, KEEPERS, Scope.SHOP),
    _row(Resource.PLATFORM_ACCOUNT, Action.WRITE, KEEPERS, Scope.SHOP),
    _row(Resource.CONNECTION, Action.READ, KEEPERS | {Role.MERCHANT_VIEWER}, Scope.SHOP),
    _row(Resource.CONNECTION, Action.VERIFY, KEEPERS, Scope.SHOP),
    _row(Resource.CONNECTION, Action.WRITE, APPOINTING, Scope.TENANT, strong=True),
    _row(Resource.IMPORT, Action.READ, APPOINTING | {Role.MERCHANT_VIEWER}, Scope.TENANT),
    _row(Resource.IMPORT, Action.WRITE, APPOINTING, Scope.TENANT, strong=True),
    _row(
        Resource.RETENTION, Action.READ, APPOINTING | {Role.MERCHANT_VIEWER, Role.SECURITY_OFFICER}, Scope.TENANT
    ),
    _row(Resource.RETENTION, Action.WRITE, APPOINTING, Scope.TENANT, strong=True),
    _row(Resource.BASELINE, Action.READ, APPOINTING | {Role.MERCHANT_VIEWER}, Scope.TENANT),
    _row(Resource.BASELINE, Action.WRITE, APPOINTING, Scope.TENANT, strong=True),
    _row(Resource.WEBHOOK, Action.READ, APPOINTING, Scope.TENANT),
    _row(Resource.WEBHOOK, Action.WRITE, APPOINTING, Scope.TENANT, strong=True),
    _row(Resource.SHIFT, Action.WRITE, KEEPERS, Scope.TENANT),
    _row(Resource.PERSON, Action.READ, APPOINTING | {Role.VENDOR_MANAGER, Role.SECURITY_OFFICER}, Scope.TENANT),
    _row(Resource.PERSON, Action.WRITE, APPOINTING, Scope.TENANT, strong=True),
    _row(Resource.APPROVAL, Action.READ, APPOINTING | GUARDIANS, Scope.TENANT),
    _row(Resource.APPROVAL, Action.APPROVE, GUARDIANS, Scope.TENANT, strong=True),
    _row(Resource.APPROVAL, Action.REFUSE, APPOINTING | GUARDIANS, Scope.TENANT, strong=True),
    _row(Resource.SESSION, Action.ERASE, frozenset({Role.SECURITY_OFFICER}), Scope.TENANT, strong=True),
    _row(Resource.AUDIT, Action.READ, frozenset({Role.AUDITOR}), Scope.TENANT, strong=True),
    _row(Resource.AUDIT, Action.VERIFY, frozenset({Role.AUDITOR}), Scope.TENANT, strong=True),
    _row(Resource.KEYS, Action.READ, frozenset({Role.SECURITY_OFFICER}), Scope.TENANT, strong=True),
    _row(Resource.KEYS, Action.ROTATE, frozenset({Role.SECURITY_OFFICER}), Scope.TENANT, strong=True),
    _row(Resource.KEYS, Action.ERASE, frozenset({Role.SECURITY_OFFICER}), Scope.TENANT, strong=True),
)  # fmt: skip
