"""Procedures of the library, and which text of it a draft began as."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runtime", "0008_verbs"),
    ]

    operations = [
        migrations.AddField(
            model_name="flowversion",
            name="adopted",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="runtime.definition",
            ),
        ),
        migrations.CreateModel(
            name="LibraryFlow",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=300)),
                ("help", models.TextField(blank=True)),
                ("document", models.CharField(blank=True, max_length=16)),
                ("basis", models.JSONField(default=list)),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runtime.definition",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runtime.definition",
                    ),
                ),
            ],
        ),
    ]
