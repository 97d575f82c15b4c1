"""Registers, number series, lines; what a document says of itself."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import quytrinh.tenancy.ids
from quytrinh.documents.migrations_support import KeepNumbers
from quytrinh.tenancy.migrations_support import ProtectTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="code",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="document",
            name="date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="notation",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="document",
            name="number",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="document",
            name="sender",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="document",
            name="subject",
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name="document",
            name="type",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="document",
            name="urgency",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.CreateModel(
            name="Register",
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
                ("key", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=300)),
                (
                    "book",
                    models.CharField(
                        choices=[("incoming", "Văn bản đến"), ("outgoing", "Văn bản đi")],
                        max_length=8,
                    ),
                ),
                ("pattern", models.CharField(blank=True, max_length=100)),
                ("pattern_untyped", models.CharField(blank=True, max_length=100)),
                ("agency_symbol", models.CharField(blank=True, max_length=30)),
                ("unit_symbols", models.JSONField(default=dict)),
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
            name="NumberSeries",
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
                ("year", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
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
                    "register",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="documents.register",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RegisterEntry",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reserved", "Đã cấp số"),
                            ("issued", "Đã vào sổ"),
                            ("void", "Số hủy"),
                        ],
                        max_length=8,
                    ),
                ),
                ("case_id", models.UUIDField()),
                ("date", models.DateField()),
                ("code", models.CharField(blank=True, max_length=100)),
                ("document_date", models.DateField(null=True)),
                ("type", models.CharField(blank=True, max_length=10)),
                ("subject", models.CharField(blank=True, max_length=1000)),
                ("urgency", models.CharField(blank=True, max_length=16)),
                ("sender", models.CharField(blank=True, max_length=300)),
                ("recipients", models.CharField(blank=True, max_length=2000)),
                ("signer", models.CharField(blank=True, max_length=300)),
                ("created_by", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("issued_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=1000)),
                ("void_by", models.UUIDField(null=True)),
                ("void_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="documents.document",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="documents.numberseries",
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
        migrations.AddConstraint(
            model_name="register",
            constraint=models.UniqueConstraint(fields=("tenant", "key"), name="register_key"),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(
                fields=("tenant", "register", "year"), name="series_of_year"
            ),
        ),
        migrations.AddIndex(
            model_name="registerentry",
            index=models.Index(fields=["tenant", "case_id"], name="entries_of_case"),
        ),
        migrations.AddConstraint(
            model_name="registerentry",
            constraint=models.UniqueConstraint(
                fields=("tenant", "series", "number"), name="number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="registerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "void"), _negated=True),
                fields=("tenant", "document"),
                name="one_number_a_document",
            ),
        ),
        KeepNumbers(),
        ProtectTenantTables(),
    ]
