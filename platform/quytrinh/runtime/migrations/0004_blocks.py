"""Blocks of a case and the step that called it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runtime", "0003_submissions")]

    operations = [
        migrations.AddField(model_name="case", name="blocks", field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name="case", name="parent_task", field=models.UUIDField(null=True)
        ),
    ]
