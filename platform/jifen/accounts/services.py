"""Make accounts, set passwords, give roles, issue tokens: on the site being served, and only there (I13)."""

import hashlib
import re
import secrets
from datetime import date, datetime

from axes.utils import reset as unlock
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from jifen.accounts import errors
from jifen.accounts.models import ApiToken, RoleGrant, SiteRole, User
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import PUBLIC, current_schema

_USERNAME = re.compile(r"[\w.@-]{2,60}")
_PUBLIC_ROLES = frozenset({SiteRole.PROVIDER})
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody mistakes for another when a password is read from paper."""


def first_password() -> str:
    """Ten letters and digits for an account's first sign-in, to be shown once."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


@transaction.atomic
def create(
    *, username: str, display_name: str, password: str | None, by: Actor, must_change_password: bool = False
) -> User:
    """A new account; without a password nobody can sign in to it yet.

    Raises:
        UsernameWrong, UsernameTaken, NameMissing, PasswordWeak: nothing is written.
    """
    if not _USERNAME.fullmatch(username):
        raise errors.UsernameWrong
    if not display_name.strip():
        raise errors.NameMissing
    user = User(username=username, display_name=display_name.strip())
    if password is not None:
        _check_password(password, user)
    made = _insert(user, password, must_change_password)
    audit.record(by=by, action="account.create", subject=made)
    return made


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor, must_change_password: bool = True) -> None:
    """Somebody in charge sets a new password; its owner must change it at the next sign-in. A lock-out ends.

    Raises:
        PasswordWeak: nothing is written.
    """
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = must_change_password
    user.save(update_fields=["password", "must_change_password"])
    unlock(username=user.username)
    audit.record(by=by, action="account.set_password", subject=user)


@transaction.atomic
def change_password(*, user: User, old_password: str, password: str) -> None:
    """Its owner changes it.

    Raises:
        PasswordWrong, PasswordWeak: nothing is written.
    """
    if not user.check_password(old_password):
        raise errors.PasswordWrong
    if old_password == password:
        raise errors.PasswordWeak("新密码不能与原密码相同，请换一个。")
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(by=Actor.of(user), action="account.change_password", subject=user)


@transaction.atomic
def set_active(*, user: User, active: bool, by: Actor) -> None:
    """Close an account (its sessions and tokens stop at once) or open it again."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(by=by, action="account.open" if active else "account.close", subject=user)


@transaction.atomic
def grant_role(*, user: User, role: SiteRole, by: Actor, from_date: date | None = None) -> RoleGrant:
    """Give a role that covers the whole site, from ``from_date`` (today) on.

    Raises:
        RoleNotHere: a provider belongs to the public site, town roles to a town.
        RoleHeld: the account has the role already.
    """
    role = SiteRole(role)
    if (current_schema() == PUBLIC) != (role in _PUBLIC_ROLES):
        raise errors.RoleNotHere(role=role.label)
    if RoleGrant.objects.filter(user=user, role=role, to_date=None).exists():
        raise errors.RoleHeld(role=role.label)
    grant = RoleGrant.objects.create(user=user, role=role, from_date=from_date or clock.today())
    audit.record(by=by, action="account.grant_role", subject=user, role=role.value)
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: Actor) -> None:
    """Today is the first day without it; one that began today is as if never given."""
    today = clock.today()
    if grant.from_date >= today:
        grant.delete()
    else:
        RoleGrant.objects.filter(pk=grant.pk, to_date=None).update(to_date=today)
    audit.record(by=by, action="account.end_role", subject=grant.user, role=grant.role)


@transaction.atomic
def issue_token(*, user: User, name: str, by: Actor, expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A key for programs and its text, which is shown this once; ``expires_at`` is real time."""
    text = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, digest=_digest(text), created_at=timezone.now(), expires_at=expires_at
    )
    audit.record(by=by, action="token.issue", subject=token)
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor) -> None:
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(by=by, action="token.revoke", subject=token)


def user_of_token(text: str) -> User:
    """Whose key ``text`` is, on the site being served.

    Raises:
        TokenRefused: nobody's, revoked, expired, or its owner's account is closed.
    """
    alive = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
    token = ApiToken.objects.select_related("user").filter(alive, digest=_digest(text), user__is_active=True).first()
    if token is None:
        raise errors.TokenRefused
    return token.user


def _insert(user: User, password: str | None, must_change_password: bool) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                user.username,
                password,
                display_name=user.display_name,
                must_change_password=must_change_password,
                created_at=clock.now(),
            )
    except IntegrityError as clash:
        raise errors.UsernameTaken(username=user.username) from clash


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise errors.PasswordWeak("".join(weak.messages)) from weak


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
