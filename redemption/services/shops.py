"""积分超市/兑换点: a shop registers once for the whole platform and applies to each town on its own."""

from django.db import transaction

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from redemption.errors import ShopWrong
from redemption.models import Membership
from redemption.network.models import Shop, ShopKind, ShopUser
from redemption.services import memberships
from tenants.models import Town


@transaction.atomic
def register(*, name: str, kind: str, address: str, contact: str, phone: str, user: User, by: Actor) -> Shop:
    """A new shop, run by ``user`` (an account of the public site).

    Raises:
        ShopWrong: something is missing; nothing is written.
    """
    texts = [text.strip() for text in (name, address, contact, phone)]
    if not all(texts) or kind not in ShopKind.values:
        raise ShopWrong
    name, address, contact, phone = texts
    shop = Shop.objects.create(
        name=name, kind=kind, address=address, contact=contact, phone=phone, registered_at=clock.now()
    )
    ShopUser.objects.create(user=user, shop=shop)
    audit.record(by=by, action="shop.register", subject=shop)
    return shop


@transaction.atomic
def sign_up(
    *, username: str, password: str, name: str, kind: str, address: str, contact: str, phone: str, town: Town
) -> tuple[User, Membership]:
    """The whole application of a shop that is new here: account, shop and its application to ``town``.

    Raises:
        ShopWrong, InvalidInput: what is missing, or a name that is taken; nothing is written.
    """
    user = accounts.create(
        username=username, display_name=contact.strip() or name.strip(), password=password, by=SYSTEM
    )
    by = Actor.of(user)
    shop = register(name=name, kind=kind, address=address, contact=contact, phone=phone, user=user, by=by)
    return user, memberships.apply(shop=shop, town=town, by=by)
