"""The table of rights as a whole: what it grants is what docs/roles.md says, and some things it never grants."""

from itertools import combinations

import pytest

from huiyin.kernel.actors import Actor, ActorKind, Proof, Role
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError, SecondFactorNeededError
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.policy.deciding import ROWS, check_roles, demand_second_factor, may, may_any_field, rights_of
from huiyin.policy.table import APPOINTING, IDENTITY, PERSONAL, TABLE
from huiyin.policy.terms import Action, Resource, Right, Scope

SHOP, OTHER = ShopId("a-shop"), ShopId("another")
NOON_MS = 1_780_000_000_000
REVEAL = Right(Resource.PERSONAL_DATA, Action.REVEAL)
READ = Right(Resource.CONVERSATION, Action.READ)


def somebody(*roles: Role, proof: Proof = Proof("session")) -> Actor:  # noqa: B008  # frozen
    return Actor(ActorKind.PERSON, "p", "某人", TenantId("t"), frozenset(roles), frozenset({SHOP}), proof=proof)


def test_who_holds_no_role_may_nothing() -> None:
    assert rights_of(somebody()) == []


@pytest.mark.parametrize("role", Role)
def test_a_right_about_shops_ends_at_the_shops_that_are_ones_own(role: Role) -> None:
    for right, rows in ROWS.items():
        if all(row.scope is Scope.SHOP for row in rows):
            for row in rows:
                for field in row.fields:
                    assert not may(somebody(role), right, field=field, shop=OTHER)
                    assert may(somebody(role), right, field=field, shop=SHOP) == may(somebody(role), right, field=field)


def test_what_stands_in_no_row_nobody_may() -> None:
    everybody = somebody(*Role)
    unwritten = {Right(r, a) for r in Resource for a in Action} - ROWS.keys()
    assert Right(Resource.AUDIT, Action.WRITE) in unwritten
    assert not [right for right in unwritten if may_any_field(everybody, right)]
    assert not may(everybody, REVEAL, field="shoe_size")


@pytest.mark.parametrize("role", Role)
def test_no_account_can_change_data_and_its_audit(role: Role) -> None:
    """三权分立: nobody changes the audit, and who reads it, or keeps the keys, touches nothing else.

    Each may agree to what others ask for the other one, and ask for nothing themselves.
    """
    reads_audit = may(somebody(role), Right(Resource.AUDIT, Action.READ))
    keeps_keys = may(somebody(role), Right(Resource.KEYS, Action.ROTATE))
    changes = [right for right in ROWS if right.action is not Action.READ and may_any_field(somebody(role), right)]
    about_itself = {Resource.SESSION, Resource.API_TOKEN, Resource.OWN_SCOPES, Resource.APPROVAL}
    if reads_audit:
        assert {right.resource for right in changes} <= about_itself | {Resource.AUDIT}
    if keeps_keys:
        assert {right.resource for right in changes} <= about_itself | {Resource.KEYS}
    assert not (reads_audit and keeps_keys)


@pytest.mark.parametrize(("one", "two"), tuple(combinations(Role, 2)))
def test_the_auditor_and_the_keeper_of_keys_hold_no_other_role(one: Role, two: Role) -> None:
    if {one, two} & {Role.AUDITOR, Role.SECURITY_OFFICER}:
        with pytest.raises(InvalidError) as refused:
            check_roles([one, two])
        assert refused.value.remedy
    else:
        check_roles([one, two])
    check_roles([one])


def test_a_person_without_a_role_is_refused() -> None:
    with pytest.raises(InvalidError):
        check_roles([])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_OFFICER, Role.ADMINISTRATOR])
def test_who_runs_the_house_reads_no_customers_words(role: Role) -> None:
    actor = somebody(role)
    assert not may(actor, READ)
    assert not may_any_field(actor, REVEAL)
    assert not may(actor, Right(Resource.FACTS, Action.READ))


def test_an_agent_reveals_how_to_reach_a_customer_but_no_identity() -> None:
    agent = somebody(Role.AGENT)
    assert {field for field in PERSONAL if may(agent, REVEAL, field=field, shop=SHOP)} == PERSONAL - IDENTITY


@pytest.mark.parametrize("row", [row for row in TABLE if row.strong], ids=lambda row: str(row.right))
@pytest.mark.parametrize(("shown", "open_"), [(None, False), (0, True), (-899, True), (-901, False), (1, False)])
def test_what_is_strong_wants_a_second_factor_of_the_last_quarter_of_an_hour(
    row: object, shown: int | None, open_: bool
) -> None:
    at = None if shown is None else NOON_MS + shown * 1000
    right, role = row.right, next(iter(row.roles))  # type: ignore[attr-defined]  # a row of the table
    actor = somebody(role, proof=Proof("session", second_factor_at=at))
    if open_:
        demand_second_factor(actor, right, from_ms(NOON_MS))
        return
    with pytest.raises(SecondFactorNeededError) as refused:
        demand_second_factor(actor, right, from_ms(NOON_MS))
    assert refused.value.remedy


def test_reveal_export_and_administration_are_strong() -> None:
    strong = {row.right for row in TABLE if row.strong}
    administration = {
        row.right for row in TABLE
        if row.right.action is not Action.READ and row.roles <= APPOINTING | {Role.SECURITY_OFFICER, Role.AUDITOR}
    }  # fmt: skip
    assert administration | {REVEAL} <= strong


def test_a_token_does_what_it_was_made_for_and_nothing_else() -> None:
    narrow = Proof("token", scopes=frozenset({"wall:read", "audit:read"}))
    lead = somebody(Role.TEAM_LEAD, proof=narrow)
    assert may(lead, Right(Resource.WALL, Action.READ))
    assert not may(lead, READ)
    assert not may(lead, Right(Resource.AUDIT, Action.READ)), "a scope gives no right its owner has not"
