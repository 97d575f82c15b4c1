"""What verbs leave behind: the case's standing clock, how often each was used, notes in inboxes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runtime", "0007_draft_edits")]

    operations = [
        migrations.AddField(
            model_name="case", name="clock_stands_since", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="case", name="verbs_used", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="note",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
