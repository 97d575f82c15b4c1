"""Public holidays, an agency's own days and hours."""

from __future__ import annotations

import django.db.models.deletion
import quytrinh.tenancy.ids
from django.db import migrations, models

from quytrinh.tenancy.migrations_support import ProtectTenantTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="NationalDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "holiday"), ("morning", "morning"), ("work", "work")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("announcement", models.CharField(blank=True, max_length=100)),
                ("instead_of", models.DateField(null=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("estimated", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("day",), name="national_day_once")],
            },
        ),
        migrations.CreateModel(
            name="AgencyDay",
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
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "holiday"), ("morning", "morning"), ("work", "work")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("announcement", models.CharField(blank=True, max_length=100)),
                ("instead_of", models.DateField(null=True)),
                ("calendars", models.JSONField(default=list)),
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
                "indexes": [models.Index(fields=["tenant", "day"], name="agency_days")],
            },
        ),
        migrations.CreateModel(
            name="OfficeHours",
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
                ("immediate", models.PositiveIntegerField(default=15)),
                ("calendars", models.JSONField(default=list)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="office_hours_once")
                ],
            },
        ),
        ProtectTenantTables(),
    ]
