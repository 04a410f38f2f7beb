from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_from", models.DateField(unique=True, verbose_name="生效日期")),
                ("data", models.JSONField(verbose_name="内容")),
                ("made_at", models.DateTimeField(verbose_name="设定时间")),
                ("made_by_name", models.CharField(max_length=60, verbose_name="设定人")),
            ],
            options={"ordering": ["effective_from"], "abstract": False},
        ),
    ]
