"""Drafts: the town's under ``rulebook-drafts``, the villages' under ``village-rulebook-drafts``."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.files import selectors as files
from jifen.files.models import File
from jifen.kernel.errors import NotFound
from scoring.api import rulebook_forms as forms
from scoring.api.base import Base
from scoring.models import Draft, DraftItem
from scoring.permissions import ScoringPermission as May
from scoring.rules import workbook
from scoring.selectors import codes
from scoring.selectors import drafts as seen
from scoring.services import (
    draft_checks,
    draft_imports,
    draft_mends,
    draft_rebase,
    draft_unread,
    drafts,
    resolutions,
    versions,
)
from tenants.community.models import Village

ACTS = (
    "list", "retrieve", "create", "difference", "add", "save", "remove", "restore", "switch", "move",
    "take_in", "tick", "check", "sign_off", "mend", "waive_trial", "resolve", "deliberate", "submit", "discard",
)  # fmt: skip


class _Drafts(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    start_form: ClassVar[type[forms.StartIn]] = forms.StartIn
    serializer_class = forms.RulebookDraftOut
    queryset = Draft.objects.none()

    @extend_schema(responses=forms.RulebookDraftWhole)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._told(self.get_object())

    def begin(self) -> Draft:
        """Open a draft as the call asks for it."""
        raise NotImplementedError

    @extend_schema(request=forms.StartIn, responses={201: forms.RulebookDraftWhole})
    def create(self, request: Request) -> Response:
        answer = self._told(self.begin())
        answer.status_code = status.HTTP_201_CREATED
        return answer

    @extend_schema(responses=forms.LineOut(many=True))
    @action(detail=True, methods=["get"])
    def difference(self, request: Request, pk: str) -> Response:
        """What it changes against what is in force, in sentences."""
        return Response(forms.LineOut(seen.difference(self.get_object()), many=True).data)

    @extend_schema(request=forms.DraftAddIn, responses={201: forms.DraftItemOut})
    @action(detail=True, methods=["post"])
    def add(self, request: Request, pk: str) -> Response:
        made = drafts.add_item(draft=self.get_object(), by=self.actor, **self.checked(forms.DraftAddIn))
        return Response(forms.DraftItemOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.SaveIn, responses=forms.DraftItemOut)
    @action(detail=True, methods=["post"])
    def save(self, request: Request, pk: str) -> Response:
        """Keep one item that was read at ``revision``; 409 ``item_changed`` when somebody was quicker."""
        return self._item(drafts.save_item(draft=self.get_object(), by=self.actor, **self.checked(forms.SaveIn)))

    @extend_schema(request=forms.SeenIn, responses=forms.DraftItemOut)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        return self._item(drafts.remove_item(draft=self.get_object(), by=self.actor, **self.checked(forms.SeenIn)))

    @extend_schema(request=forms.SeenIn, responses=forms.DraftItemOut)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        return self._item(drafts.restore_item(draft=self.get_object(), by=self.actor, **self.checked(forms.SeenIn)))

    @extend_schema(request=forms.DraftSwitchIn, responses=forms.DraftItemOut)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        return self._item(
            drafts.switch_item(draft=self.get_object(), by=self.actor, **self.checked(forms.DraftSwitchIn))
        )

    @extend_schema(request=forms.MoveIn, responses=forms.RulebookDraftWhole)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        draft = self.get_object()
        drafts.move_item(draft=draft, by=self.actor, **self.checked(forms.MoveIn))
        return self._told(draft)

    @extend_schema(request=forms.SettingsIn, responses=forms.RulebookDraftOut)
    @action(detail=True, methods=["post"], url_path="settings")
    def settings_(self, request: Request, pk: str) -> Response:
        data = self.checked(forms.SettingsIn)
        return Response(
            forms.RulebookDraftOut(drafts.save_settings(draft=self.get_object(), by=self.actor, **data)).data
        )

    @extend_schema(request={"multipart/form-data": forms.ImportIn}, responses=forms.ImportOut)
    @action(detail=True, methods=["post"], url_path="import")
    def take_in(self, request: Request, pk: str) -> Response:
        """Read a list in; ``dry_run`` tells what would be read. What is not understood is listed, never guessed;
        ``signs`` says once for a sheet whether its rows give or take that do not say it."""
        draft, data = self.get_object(), self.checked(forms.ImportIn)
        found = workbook.read(data["file"].read(), data["file"].name, data["signs"])
        kept = [{"code": code, "text": text} for code, text in codes.kept(found, draft)]
        told: dict[str, Any] = {"added": None, "changed": None, "removed": None, "refused": []}
        if not data["dry_run"]:
            made = draft_imports.take_in(draft=draft, imported=found, whole=data["whole"], by=self.actor)
            told = {name: getattr(made, name) for name in ("added", "changed", "removed")}
            told["refused"] = [one.text for one in made.problems]
        rules = [rule.model_dump(mode="json") for rule in found.rules]
        unsigned = [{"sheet": sheet, "rows": rows} for sheet, rows in workbook.asked(found).items()]
        shown: dict[str, Any] = {"rules": rules, "problems": found.problems, "doubts": found.doubts}
        shown |= {"kept": kept, "unsigned": unsigned}
        return Response(forms.ImportOut(told | shown).data)

    @extend_schema(request=forms.TickIn, responses=forms.DraftUnreadOut)
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, pk: str) -> Response:
        """Tick off a place that could not be read, or take that back."""
        made = draft_unread.tick(draft=self.get_object(), by=self.actor, **self.checked(forms.TickIn))
        return Response(forms.DraftUnreadOut(made).data)

    @extend_schema(request=None, responses=forms.RulebookDraftWhole)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        return self._told(draft_checks.check(draft=self.get_object(), by=self.actor))

    @extend_schema(request=forms.SignIn, responses=forms.FindingOut)
    @action(detail=True, methods=["post"], url_path="sign-off")
    def sign_off(self, request: Request, pk: str) -> Response:
        made = draft_checks.sign_off(draft=self.get_object(), by=self.actor, **self.checked(forms.SignIn))
        return Response(forms.FindingOut(made).data)

    @extend_schema(request=forms.MendIn, responses=forms.RulebookDraftWhole)
    @action(detail=True, methods=["post"])
    def mend(self, request: Request, pk: str) -> Response:
        """Carry out a finding's proposal; 409 ``mend_missing`` where a person has to choose."""
        draft = self.get_object()
        draft_mends.mend(draft=draft, by=self.actor, **self.checked(forms.MendIn))
        return self._told(draft)

    @extend_schema(request=forms.WaiveIn, responses=forms.TrialOut)
    @action(detail=True, methods=["post"], url_path="waive-trial")
    def waive_trial(self, request: Request, pk: str) -> Response:
        made = draft_checks.waive_trial(draft=self.get_object(), by=self.actor, **self.checked(forms.WaiveIn))
        return Response(forms.TrialOut(made).data)

    @extend_schema(request=forms.ResolveIn, responses={201: forms.ResolutionOut})
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """What a meeting resolved on the draft as it is, with its votes and signed minutes."""
        draft, data = self.get_object(), self.checked(forms.ResolveIn)
        data["minutes"] = self._file(data["minutes"])
        made = resolutions.resolve(draft=draft, by=self.actor, **data)
        return Response(forms.ResolutionOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.DeliberateIn, responses={201: forms.DeliberationOut})
    @action(detail=True, methods=["post"])
    def deliberate(self, request: Request, pk: str) -> Response:
        """One of the six steps of 四议两公开."""
        draft, data = self.get_object(), self.checked(forms.DeliberateIn)
        data["paper"] = self._file(data["paper"]) if data["paper"] is not None else None
        made = resolutions.deliberate(draft=draft, by=self.actor, **data)
        return Response(forms.DeliberationOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.SubmitIn, responses=forms.RulebookVersionOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        data = self.checked(forms.SubmitIn)
        return Response(forms.RulebookVersionOut(versions.submit(draft=self.get_object(), by=self.actor, **data)).data)

    @extend_schema(request=None, responses=forms.RulebookDraftOut)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        return Response(forms.RulebookDraftOut(drafts.discard(draft=self.get_object(), by=self.actor)).data)

    def _file(self, pk: int) -> File:
        [file] = files.ready([pk], by=self.actor)
        return file

    def _item(self, item: DraftItem) -> Response:
        return Response(forms.DraftItemOut(item).data)

    def _told(self, draft: Draft) -> Response:
        draft.refresh_from_db()
        found = [
            {"code": one.code, "category": "", "kind": "problem", "text": one.text} for one in seen.problems(draft)
        ]
        parts: dict[str, Any] = {
            "lines": forms.DraftLineOut(seen.lines(draft), many=True).data,
            "removed": forms.DraftItemOut(seen.removed(draft), many=True).data,
            "problems": forms.LineOut(found, many=True).data,
            "findings": forms.FindingOut(draft.findings.all(), many=True).data,
            "trials": forms.TrialOut(draft.trials.all(), many=True).data,
            "resolutions": forms.ResolutionOut(draft.resolutions.all(), many=True).data,
            "unread": forms.DraftUnreadOut(draft.unread.all(), many=True).data,
            "deliberations": forms.DeliberationOut(draft.deliberations.all(), many=True).data,
        }
        return Response(forms.RulebookDraftOut(draft).data | parts)


class TownDrafts(_Drafts):
    permissions = dict.fromkeys((*ACTS, "settings_"), May.MANAGE_RULES)

    def get_queryset(self) -> Any:
        return seen.drafts(set(), town=True)

    def begin(self) -> Draft:
        return drafts.open_draft(village=None, by=self.actor, **self.checked(forms.StartIn))


class VillageDrafts(_Drafts):
    permissions = dict.fromkeys((*ACTS, "settings_", "rebase", "moved"), May.ADAPT_RULES)
    start_form = forms.VillageStartIn

    def get_queryset(self) -> Any:
        return seen.drafts(self.villages(May.ADAPT_RULES), town=False)

    @extend_schema(request=forms.VillageStartIn, responses={201: forms.RulebookDraftWhole})
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(responses=forms.ThreeWayOut)
    @action(detail=True, methods=["get"])
    def moved(self, request: Request, pk: str) -> Response:
        """What becomes of the draft on the town's newest version; not found when it stands on that."""
        draft = self.get_object()
        town = seen.newer_base(draft)
        if town is None:
            raise NotFound("这一稿已经以镇里最新的细则为基础。")
        return Response(forms.ThreeWayOut(seen.moved_view(draft, town, {})).data)

    @extend_schema(request=forms.ChoicesIn, responses=forms.RulebookDraftWhole)
    @action(detail=True, methods=["post"])
    def rebase(self, request: Request, pk: str) -> Response:
        """Move the draft to the town's newest version."""
        data = self.checked(forms.ChoicesIn)
        return self._told(draft_rebase.rebase(draft=self.get_object(), by=self.actor, **data))

    def begin(self) -> Draft:
        data = self.checked(forms.VillageStartIn)
        village: Village = self.village(data.pop("village"), May.ADAPT_RULES)
        return drafts.open_draft(village=village, by=self.actor, **data)
