"""The first tables of this room."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import quytrinh.tenancy.ids
from quytrinh.tenancy.migrations_support import AppendOnly, ProtectTenantTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalEntry",
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
                ("subject_id", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.UUIDField(null=True)),
                ("on_behalf_of", models.UUIDField(null=True)),
                ("verb", models.CharField(max_length=64)),
                ("payload", models.JSONField(default=dict)),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
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
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "subject_id", "seq"), name="journal_one_entry_a_place"
                    )
                ],
            },
        ),
        AppendOnly("JournalEntry"),
        ProtectTenantTables(),
    ]
