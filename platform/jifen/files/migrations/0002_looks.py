from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="look",
            field=models.BigIntegerField(
                help_text="照片的样子：64位，相近的照片只差几位(files.looks)", null=True, verbose_name="样子"
            ),
        ),
    ]
