"""Edits of drafts, so that they can be taken back and made again."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import quytrinh.tenancy.ids
from quytrinh.tenancy.migrations_support import ProtectTenantTables


class Migration(migrations.Migration):
    dependencies = [("runtime", "0006_inbox_page"), ("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("hunks", models.JSONField()),
                ("made", models.CharField(max_length=64)),
                ("step", models.CharField(blank=True, default="", max_length=64)),
                ("undone", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="runtime.flowversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "version", "number"), name="edit_number"
                    )
                ],
            },
        ),
        ProtectTenantTables(),
    ]
