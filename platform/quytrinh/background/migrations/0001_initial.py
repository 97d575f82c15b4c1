"""The first tables of this room."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import quytrinh.tenancy.ids
from quytrinh.background.migrations_support import OpenDispatcherDoor
from quytrinh.tenancy.migrations_support import ProtectTenantTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
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
                ("kind", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=200)),
                ("payload", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Đang chờ"),
                            ("done", "Đã xong"),
                            ("dead", "Không thực hiện được"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("crashes", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_owner", models.CharField(blank=True, max_length=100)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["not_before"],
                        name="outbox_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key"), name="outbox_key_once")
                ],
            },
        ),
        ProtectTenantTables(),
        OpenDispatcherDoor(),
    ]
