"""A new household may have to wait for a flow, too: a change of the roster names its village, and a household to be."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"
OLDER = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE community_rosterchange DISABLE TRIGGER community_change_guard;
UPDATE community_rosterchange c SET village_id = h.village_id FROM community_household h
  WHERE h.id = c.household_id AND c.village_id IS NULL;
ALTER TABLE community_rosterchange ENABLE TRIGGER community_change_guard;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0010_roster_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="rosterchange",
            name="village",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.village"),
        ),
        migrations.RunSQL(OLDER),
        migrations.AlterField(
            model_name="rosterchange",
            name="village",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.village"),
        ),
        migrations.AddField(
            model_name="rosterchange",
            name="number",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="新户的户号"),
        ),
        migrations.AlterField(
            model_name="rosterchange",
            name="household",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="community.household"),
        ),
        migrations.AlterField(
            model_name="rosterchange",
            name="kind",
            field=models.CharField(choices=[("member_in", "成员迁入"), ("member_out", "成员迁出"), ("head", "变更户主"), ("split", "分户"), ("identity", "更正身份信息"), ("join", "加入积分制"), ("leave", "退出积分制"), ("new", "新立户"), ("moved_back", "更正归户")], max_length=12, verbose_name="变更"),
        ),
        migrations.RemoveConstraint(model_name="rosterchange", name="community_change_once"),
        migrations.AddConstraint(
            model_name="rosterchange",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "asked"), models.Q(("kind", "member_in"), ("resident", None), _negated=True), models.Q(("kind", "new"), _negated=True)), fields=("household", "kind", "resident"), name="community_change_once", nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name="rosterchange",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "asked"), models.Q(("number", ""), _negated=True)), fields=("number",), name="community_change_number"),
        ),
        migrations.AddConstraint(
            model_name="rosterchange",
            constraint=models.CheckConstraint(condition=models.Q(("household__isnull", False), models.Q(("kind", "new"), models.Q(("state", "done"), _negated=True), models.Q(("number", ""), _negated=True)), _connector="OR"), name="community_change_of"),
        ),
        migrations.RunSQL((FOLDER / "new_households.sql").read_text(encoding="utf-8")),
    ]
