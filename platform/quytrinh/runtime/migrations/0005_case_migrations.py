"""Migrations of running cases to a later version of their procedure."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import quytrinh.tenancy.ids
from quytrinh.tenancy.migrations_support import ProtectTenantTables


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0002_absences"),
        ("runtime", "0004_blocks"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseMigration",
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
                ("steps", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.person",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runtime.flowversion",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runtime.flowversion",
                    ),
                ),
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
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="MigratedCase",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Đang chờ chuyển"),
                            ("moved", "Đã chuyển"),
                            ("kept", "Giữ phiên bản cũ"),
                            ("undoing", "Đang chờ hoàn tác"),
                            ("undone", "Đã hoàn tác"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=2000)),
                ("before", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runtime.case",
                    ),
                ),
                (
                    "migration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="runtime.casemigration",
                    ),
                ),
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
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="casemigration",
            index=models.Index(fields=["tenant", "begun_at"], name="migrations_by_age"),
        ),
        migrations.AddIndex(
            model_name="migratedcase",
            index=models.Index(
                fields=["tenant", "migration", "state", "id"], name="migration_progress"
            ),
        ),
        migrations.AddConstraint(
            model_name="migratedcase",
            constraint=models.UniqueConstraint(
                fields=("tenant", "migration", "case"), name="migrated_once"
            ),
        ),
        ProtectTenantTables(),
    ]
