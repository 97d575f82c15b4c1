"""The index of inboxes covers what a page asks for, the kind of entry included."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runtime", "0005_case_migrations")]

    operations = [
        migrations.RemoveIndex(model_name="inboxentry", name="inbox_page"),
        migrations.AddIndex(
            model_name="inboxentry",
            index=models.Index(
                fields=["tenant", "holder_key", "kind", "sort_at", "id"], name="inbox_page"
            ),
        ),
    ]
