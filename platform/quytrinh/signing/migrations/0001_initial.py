"""The first tables of this room."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import quytrinh.tenancy.ids
from quytrinh.tenancy.migrations_support import ProtectTenantTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignatureRecord",
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
                ("request_id", models.CharField(max_length=100)),
                ("mark", models.CharField(max_length=20)),
                ("field", models.CharField(max_length=60)),
                ("holder", models.CharField(max_length=60)),
                ("plugin", models.CharField(max_length=40)),
                ("actor", models.UUIDField(null=True)),
                ("signer", models.CharField(max_length=200)),
                ("organisation", models.CharField(max_length=200)),
                ("certificate", models.BinaryField()),
                ("serial", models.CharField(max_length=64)),
                ("level", models.CharField(max_length=10)),
                ("stamped_at", models.DateTimeField()),
                ("sha256_before", models.CharField(max_length=64)),
                ("sha256_after", models.CharField(max_length=64)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="documents.documentversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "version"], name="signature_version")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "request_id", "field"), name="signature_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustAnchor",
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
                ("sha256", models.CharField(max_length=64)),
                ("certificate", models.BinaryField()),
                ("subject", models.CharField(max_length=300)),
                ("not_after", models.DateTimeField()),
                ("source", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    models.UniqueConstraint(fields=("tenant", "sha256"), name="trust_anchor_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
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
                    "verdict",
                    models.CharField(
                        choices=[
                            ("valid", "valid"),
                            ("undetermined", "undetermined"),
                            ("invalid", "invalid"),
                            ("unsigned", "unsigned"),
                            ("unreadable", "unreadable"),
                        ],
                        max_length=20,
                    ),
                ),
                ("policy", models.PositiveSmallIntegerField()),
                ("finding", models.TextField()),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="documents.storedfile",
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
                "indexes": [
                    models.Index(
                        fields=["tenant", "file", "-checked_at"], name="verification_latest"
                    )
                ],
            },
        ),
        ProtectTenantTables(),
    ]
